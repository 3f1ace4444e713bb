using IoPool.Scheduling;

namespace IoPool;

/// <summary>The way out of the second threading law: runs blocking or CPU-heavy work on the thread pool.</summary>
public static class Offload
{
    /// <summary>
    /// Runs work on the thread pool and completes when it has ended. Any thread. Awaited by a pinned method, and by ordinary
    /// code on a loop, it resumes on that loop. The execution context flows to the work.
    /// </summary>
    /// <remarks>
    /// Work that has begun is not interrupted. When the loop stops first, the wait ends with
    /// <see cref="ObjectDisposedException"/> for whoever waits from outside; the work goes on to its end, and its result is
    /// dropped.
    /// </remarks>
    /// <param name="work">May block.</param>
    /// <exception cref="Exception">What the work throws goes to whoever awaits.</exception>
    public static ValueTask RunAsync(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (EventLoop.Current is not { } loop)
            return new ValueTask(Task.Run(work));

        var operation = new OffloadOperation<VoidResult>(loop, () =>
        {
            work();
            return default;
        });
        operation.Queue();
        return new ValueTask(operation, operation.Version);
    }

    /// <inheritdoc cref="RunAsync(Action)"/>
    /// <returns>What the work returned.</returns>
    public static ValueTask<TResult> RunAsync<TResult>(Func<TResult> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (EventLoop.Current is not { } loop)
            return new ValueTask<TResult>(Task.Run(work));

        var operation = new OffloadOperation<TResult>(loop, work);
        operation.Queue();
        return new ValueTask<TResult>(operation, operation.Version);
    }
}
