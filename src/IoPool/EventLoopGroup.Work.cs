namespace IoPool;

// Handing work to the group.
public sealed partial class EventLoopGroup
{
    /// <summary>
    /// Starts an asynchronous call on the next loop and does not wait for it; see <see cref="EventLoop.Spawn(Func{ValueTask})"/>.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The group is shutting down or has stopped.</exception>
    public void Spawn(Func<ValueTask> method) => Next().Spawn(method);

    /// <summary>As <see cref="Spawn(Func{ValueTask})"/>, with a state argument; allocates nothing in steady state.</summary>
    /// <exception cref="ObjectDisposedException">The group is shutting down or has stopped.</exception>
    public void Spawn<TState>(Func<TState, ValueTask> method, TState state) => Next().Spawn(method, state);

    /// <summary>
    /// Runs an asynchronous call on the next loop and returns its end; see <see cref="EventLoop.RunAsync(Func{ValueTask})"/>.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The group is shutting down or has stopped; also what the call ends with
    /// when its loop stops first.</exception>
    public ValueTask RunAsync(Func<ValueTask> method) => Next().RunAsync(method);

    /// <inheritdoc cref="RunAsync(Func{ValueTask})"/>
    public ValueTask RunAsync<TState>(Func<TState, ValueTask> method, TState state) => Next().RunAsync(method, state);

    /// <inheritdoc cref="RunAsync(Func{ValueTask})"/>
    public ValueTask<TResult> RunAsync<TResult>(Func<ValueTask<TResult>> method) => Next().RunAsync(method);

    /// <inheritdoc cref="RunAsync(Func{ValueTask})"/>
    public ValueTask<TResult> RunAsync<TState, TResult>(Func<TState, ValueTask<TResult>> method, TState state) =>
        Next().RunAsync(method, state);

    /// <summary>
    /// Spawns every call of a sequence over the loops, with at most <paramref name="maxConcurrency"/> of them unfinished:
    /// the sequence is asked for the next one only when there is room.
    /// </summary>
    /// <param name="methods">Enumerated by the caller's thread or context. A call that fails is reported to the group's
    /// unhandled-exception handler, once, and the others go on.</param>
    /// <param name="maxConcurrency">At least 1. Default: 1,024 a loop.</param>
    /// <param name="cancellationToken">Stops the enumeration; calls that were spawned go on.</param>
    /// <returns>Completes when the sequence has ended and so have all its calls; at once when the sequence throws, the
    /// token is cancelled or the group shuts down.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The group is shutting down or has stopped.</exception>
    public async Task SpawnAllAsync(
        IAsyncEnumerable<Func<ValueTask>> methods, int? maxConcurrency = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(methods);
        int limit = maxConcurrency ?? Math.Min(Count * 1_024, int.MaxValue / 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, nameof(maxConcurrency));

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ShutdownRequested);
        try
        {
            await SpawnAllCoreAsync(methods, limit, ended.Token);
        }
        catch (OperationCanceledException exception) when (exception.CancellationToken == ended.Token)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw CreateShutDownException();
        }
    }

    private async Task SpawnAllCoreAsync(IAsyncEnumerable<Func<ValueTask>> methods, int limit, CancellationToken ended)
    {
        // Not disposed: spawned calls release it after this method has left by an exception.
        var room = new SemaphoreSlim(limit, limit);
        await room.WaitAsync(ended);
        await foreach (Func<ValueTask> method in methods.WithCancellation(ended))
        {
            ended.ThrowIfCancellationRequested();
            Spawn(
                static async call =>
                {
                    try
                    {
                        await call.method();
                    }
                    finally
                    {
                        call.room.Release();
                    }
                },
                (method, room));
            await room.WaitAsync(ended);
        }

        // All the room there is: every call has ended. One unit of it is held already.
        for (int i = 1; i < limit; i++)
            await room.WaitAsync(ended);
    }

    /// <summary>
    /// Runs a top-level method on one loop and blocks the calling thread until it ends. What it spawns on the group is
    /// spread over all loops; what that work spawns on its own loop stays there. Other work goes on afterwards.
    /// </summary>
    /// <exception cref="InvalidOperationException">The caller is on an event loop, which this would block.</exception>
    /// <exception cref="ObjectDisposedException">The group is shutting down or has stopped.</exception>
    public void Run(Func<ValueTask> main)
    {
        ThrowIfOnLoop(nameof(Run));
        RunAsync(main).AsTask().GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Run(Func{ValueTask})"/>
    /// <returns>The method's result.</returns>
    public TResult Run<TResult>(Func<ValueTask<TResult>> main)
    {
        ThrowIfOnLoop(nameof(Run));
        return RunAsync(main).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>
    /// As <see cref="Run(Func{ValueTask})"/>, and then waits until all spawned work of the group has ended too. An
    /// exception of the method is thrown after that.
    /// </summary>
    /// <exception cref="InvalidOperationException">The caller is on an event loop, which this would block.</exception>
    /// <exception cref="ObjectDisposedException">The group is shutting down or has stopped.</exception>
    public void RunUntilIdle(Func<ValueTask> main)
    {
        ThrowIfOnLoop(nameof(RunUntilIdle));
        Task running = RunAsync(main).AsTask();
        Task.WhenAny(running).GetAwaiter().GetResult();
        WhenIdleAsync().GetAwaiter().GetResult();
        running.GetAwaiter().GetResult();
    }

    private static void ThrowIfOnLoop(string member)
    {
        if (EventLoop.Current is { } loop)
        {
            throw new InvalidOperationException(
                $"EventLoopGroup.{member} blocks its caller and was called on event loop '{loop.Name}'. Await RunAsync instead.");
        }
    }
}
