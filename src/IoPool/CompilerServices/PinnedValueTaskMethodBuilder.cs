using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using IoPool.Scheduling;

namespace IoPool.CompilerServices;

/// <summary>
/// Builds the state machine of an async method that returns <see cref="ValueTask"/> and is pinned to its event loop.
/// </summary>
/// <remarks>
/// The compiler calls it; the source generator names it for <see cref="PinnedAttribute"/> methods. A lambda can have it by
/// <c>[AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))] async ValueTask () => ...</c>. The members follow the
/// async method builder contract of the C# language; calling them from other code has no defined result.
/// </remarks>
public struct PinnedValueTaskMethodBuilder
{
    private PinnedBox<VoidResult>? _box;

    /// <summary>Called by the compiler.</summary>
    public static PinnedValueTaskMethodBuilder Create() => default;

    /// <summary>The call as its caller sees it. Called by the compiler, after <see cref="Start"/>.</summary>
    public readonly ValueTask Task => _box is { } box ? new ValueTask(box, box.Version) : default;

    /// <summary>
    /// Runs the method to its first suspension when the calling thread is a loop's. Elsewhere it is queued to
    /// <see cref="EventLoopGroup.Default"/>. Called by the compiler.
    /// </summary>
    /// <exception cref="InvalidOperationException">The thread is no loop's, and there is no default group.</exception>
    /// <exception cref="ObjectDisposedException">The default group is shutting down or has stopped.</exception>
    [DebuggerStepThrough]
    public void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => PinnedCall.Start(ref stateMachine, ref _box);

    /// <summary>Has nothing to do: the box is no boxed state machine. Called by the compiler.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>The method ended. Called by the compiler.</summary>
    public readonly void SetResult() => _box?.SetResult(default);

    /// <summary>The method ended with an exception. Called by the compiler.</summary>
    public void SetException(Exception exception) => PinnedCall.SetException(exception, ref _box);

    /// <summary>The method waits for an awaiter. Called by the compiler.</summary>
    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine =>
        PinnedCall.AwaitOnCompleted(ref awaiter, ref stateMachine, ref _box);

    /// <summary>The method waits for an awaiter that need not flow the execution context. Called by the compiler.</summary>
    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine =>
        PinnedCall.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine, ref _box);
}
