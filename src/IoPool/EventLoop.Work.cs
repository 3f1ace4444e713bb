using IoPool.Scheduling;

namespace IoPool;

// What is handed to the loop: posts, spawned calls, and their accounts.
public sealed partial class EventLoop
{
    private long _startedHere;
    private long _finished;
    private int _abandonedCount;

    /// <summary>Spawned work that was ever accepted. Grows only.</summary>
    internal long WorkStarted => Volatile.Read(ref _inbox.StartedByOthers) + Volatile.Read(ref _startedHere);

    /// <summary>Spawned work that has ended. Grows only, and is never ahead of <see cref="WorkStarted"/>.</summary>
    internal long WorkFinished => Volatile.Read(ref _finished);

    /// <summary>
    /// Runs a callback on this loop, after what is queued already. Any thread, the loop's own included; the caller's
    /// execution context flows. Exceptions go to the group's unhandled-exception handler. Not counted as active work.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The loop has stopped.</exception>
    public void Post(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Post(static action => action(), callback);
    }

    /// <summary>As <see cref="Post(Action)"/>, with a state argument; allocates nothing in steady state.</summary>
    /// <exception cref="ObjectDisposedException">The loop has stopped.</exception>
    public void Post<TState>(Action<TState> callback, TState state)
    {
        ArgumentNullException.ThrowIfNull(callback);
        PostedCall<TState> call = PostedCall<TState>.Prepare(callback, state);
        if (!TryPost(call))
        {
            call.Discard();
            throw CreateStoppedException();
        }
    }

    /// <summary>
    /// Starts an asynchronous call on this loop and does not wait for it. Any thread, the loop's own included; the call
    /// starts after what is queued already, and the caller's execution context flows. Its exception goes to the group's
    /// unhandled-exception handler, once.
    /// </summary>
    /// <remarks>
    /// The number of spawned calls is not bounded: work comes from accepted connections and from code that the loop runs,
    /// and refusing or blocking there would lose it or stall the caller. <see cref="QueueDepth"/> and
    /// <see cref="ActiveCount"/> show the depth; <see cref="EventLoopGroup.SpawnAllAsync"/> spawns with back-pressure.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The group is shutting down or has stopped.</exception>
    public void Spawn(Func<ValueTask> method)
    {
        ArgumentNullException.ThrowIfNull(method);
        Spawn(static call => call.Function(), new PlainCall(method));
    }

    /// <summary>As <see cref="Spawn(Func{ValueTask})"/>, with a state argument; allocates nothing in steady state.</summary>
    /// <exception cref="ObjectDisposedException">The group is shutting down or has stopped.</exception>
    public void Spawn<TState>(Func<TState, ValueTask> method, TState state)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (!TrySpawn(method, state, flowContext: true))
            throw Group.CreateShutDownException();
    }

    /// <summary>
    /// Runs an asynchronous call on this loop and returns its end. Any thread; started as by
    /// <see cref="Spawn(Func{ValueTask})"/>. Await the result once, from anywhere: a pinned method resumes on its own loop,
    /// ordinary code on its captured context or the thread pool. Exceptions go to whoever awaits.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The group is shutting down or has stopped; also what the call ends with
    /// when the loop stops first.</exception>
    public ValueTask RunAsync(Func<ValueTask> method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return RunAsync(static call => call.Function(), new PlainCall(method));
    }

    /// <inheritdoc cref="RunAsync(Func{ValueTask})"/>
    public ValueTask RunAsync<TState>(Func<TState, ValueTask> method, TState state)
    {
        ArgumentNullException.ThrowIfNull(method);
        var call = new RemoteCallWithoutResult<TState>(this, method, state);
        call.Spawn();
        return new ValueTask(call, call.Version);
    }

    /// <inheritdoc cref="RunAsync(Func{ValueTask})"/>
    public ValueTask<TResult> RunAsync<TResult>(Func<ValueTask<TResult>> method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return RunAsync(static call => call.Function(), new PlainCall<TResult>(method));
    }

    /// <inheritdoc cref="RunAsync(Func{ValueTask})"/>
    public ValueTask<TResult> RunAsync<TState, TResult>(Func<TState, ValueTask<TResult>> method, TState state)
    {
        ArgumentNullException.ThrowIfNull(method);
        var call = new RemoteCall<TState, TResult>(this, method, state);
        call.Spawn();
        return new ValueTask<TResult>(call, call.Version);
    }

    /// <summary>Spawns unless the group is shutting down. Any thread.</summary>
    internal bool TrySpawn<TState>(Func<TState, ValueTask> method, TState state, bool flowContext)
    {
        if (!Group.AcceptsWork)
            return false;

        SpawnedWork<TState> work = SpawnedWork<TState>.Prepare(method, state, flowContext);
        StartWork();
        if (TryPost(work))
            return true;

        FinishRefusedWork();
        work.Discard();
        return false;
    }

    /// <summary>Counts a unit of work. Any thread; before the unit is posted, so that finished never overtakes started.</summary>
    internal void StartWork()
    {
        if (IsCurrent)
            Volatile.Write(ref _startedHere, _startedHere + 1);
        else
            Interlocked.Increment(ref _inbox.StartedByOthers);
    }

    /// <summary>Loop's thread only.</summary>
    internal void FinishWork() => Volatile.Write(ref _finished, _finished + 1);

    internal void CountAbandoned() => Interlocked.Increment(ref _abandonedCount);

    internal ObjectDisposedException CreateStoppedException() => new(
        Name, $"Event loop '{Name}' has stopped: its group was shut down.");

    private void FinishRefusedWork()
    {
        if (IsCurrent)
            Volatile.Write(ref _startedHere, _startedHere - 1);
        else
            Interlocked.Decrement(ref _inbox.StartedByOthers);
    }
}
