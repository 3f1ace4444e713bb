using System.Runtime.CompilerServices;

namespace IoPool.CompilerServices;

/// <summary>What both builders share. The builder is a field of the state machine, hence a reference to its box field.</summary>
internal static class PinnedCall
{
    internal static void Start<TStateMachine, TResult>(ref TStateMachine stateMachine, ref PinnedBox<TResult>? box)
        where TStateMachine : IAsyncStateMachine
    {
        if (EventLoop.Current is null)
        {
            StartElsewhere(ref stateMachine, ref box);
            return;
        }

        // Runs MoveNext between saving and restoring the caller's execution and synchronization context; the builder
        // that lends its Start is not used otherwise.
        default(AsyncValueTaskMethodBuilder).Start(ref stateMachine);
    }

    internal static void AwaitOnCompleted<TAwaiter, TStateMachine, TResult>(
        ref TAwaiter awaiter, ref TStateMachine stateMachine, ref PinnedBox<TResult>? box)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine =>
        BoxOf(ref stateMachine, ref box).Resumption.Await(ref awaiter);

    internal static void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine, TResult>(
        ref TAwaiter awaiter, ref TStateMachine stateMachine, ref PinnedBox<TResult>? box)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine =>
        BoxOf(ref stateMachine, ref box).Resumption.AwaitUnsafe(ref awaiter);

    internal static void SetException<TResult>(Exception exception, ref PinnedBox<TResult>? box)
    {
        // A throw before the first await: a box that is complete from the start carries the exception.
        box ??= new FaultedCall<TResult>(EventLoop.Require("A pinned method"));
        box.SetException(exception);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static PinnedBox<TResult> BoxOf<TStateMachine, TResult>(ref TStateMachine stateMachine, ref PinnedBox<TResult>? box)
        where TStateMachine : IAsyncStateMachine =>
        box ?? CreateBox(ref stateMachine, ref box);

    private static PinnedBox<TResult> CreateBox<TStateMachine, TResult>(ref TStateMachine stateMachine, ref PinnedBox<TResult>? box)
        where TStateMachine : IAsyncStateMachine
    {
        var created = PinnedBox<TStateMachine, TResult>.Rent(EventLoop.Current!);
        // Before the copy: the copied builder then knows its box.
        box = created;
        created.StateMachine = stateMachine;
        return created;
    }

    private static void StartElsewhere<TStateMachine, TResult>(ref TStateMachine stateMachine, ref PinnedBox<TResult>? box)
        where TStateMachine : IAsyncStateMachine
    {
        EventLoopGroup group = EventLoopGroup.Default ?? throw new InvalidOperationException(
            "A pinned method was called outside an event loop. Start it with EventLoopGroup.RunAsync (or Spawn), "
            + "or set EventLoopGroup.Default to have such calls queued to a loop of that group.");
        if (!group.AcceptsWork)
            throw group.CreateShutDownException();

        var created = PinnedBox<TStateMachine, TResult>.CreateFor(group.Next());
        // In this order: the copied builder knows its box, and the loop may run the copy as soon as it is posted.
        box = created;
        created.StateMachine = stateMachine;
        created.Resumption.CaptureContext();
        created.CountAsWork();
        if (!created.Loop.TryPost(created))
            throw group.CreateShutDownException();
    }

    /// <summary>A pinned call that failed before it was suspended.</summary>
    private sealed class FaultedCall<TResult>(EventLoop loop) : PinnedBox<TResult>(loop)
    {
        protected override void OnConsumed(bool mayPool)
        {
        }
    }
}
