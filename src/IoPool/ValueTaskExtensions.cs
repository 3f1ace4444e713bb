using System.Runtime.CompilerServices;
using IoPool.CompilerServices;

namespace IoPool;

/// <summary>What may be done with a call that nobody waits for.</summary>
public static class ValueTaskExtensions
{
    /// <summary>
    /// Lets a call that has started run on by itself: it is consumed here, so do not await it. On an event loop it counts
    /// as work that was spawned there, for idling and draining, and its exception goes to the group's unhandled-exception
    /// handler, once. Any thread.
    /// </summary>
    /// <remarks>
    /// Outside of event loops the call belongs to a loop of <see cref="EventLoopGroup.Default"/>, if that is set. Otherwise,
    /// and where the group is shutting down, its exception is that of a task that nobody awaits
    /// (<see cref="TaskScheduler.UnobservedTaskException"/>). Allocates nothing in steady state on a loop.
    /// </remarks>
    public static void Forget(this ValueTask task)
    {
        if (task.IsCompletedSuccessfully)
            task.GetAwaiter().GetResult();
        else if (OwnerOfForgotten() is not { } loop || !loop.TrySpawn(static task => task, task, flowContext: false))
            _ = task.AsTask();
    }

    /// <inheritdoc cref="Forget(ValueTask)"/>
    /// <typeparam name="TResult">The type of the result, which is dropped.</typeparam>
    public static void Forget<TResult>(this ValueTask<TResult> task)
    {
        if (task.IsCompletedSuccessfully)
            _ = task.GetAwaiter().GetResult();
        else if (OwnerOfForgotten() is not { } loop
            || !loop.TrySpawn(static task => DropResultAsync(task), task, flowContext: false))
        {
            _ = task.AsTask();
        }
    }

    private static EventLoop? OwnerOfForgotten() => EventLoop.Current ?? EventLoopGroup.Default?.Next();

    // Its state machine is pooled.
    [AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]
    private static async ValueTask DropResultAsync<TResult>(ValueTask<TResult> task) => await task;
}
