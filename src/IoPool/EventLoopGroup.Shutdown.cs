namespace IoPool;

// Idling, draining, stopping.
public sealed partial class EventLoopGroup
{
    private const int Running = 0;
    private const int ShuttingDown = 1;
    private const int Stopped = 2;

    // A loop whose thread is stuck in user code is given up, and named, after this long.
    private static readonly TimeSpan s_threadEndTimeout = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _shutdownRequested = new();
    private readonly TaskCompletionSource _draining = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drainedForLoops = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ShutdownReport> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<IdleWaiter> _idleWaiters = [];
    private readonly List<IDrainable> _drainables = [];
    private volatile bool _hasIdleWaiters;
    private volatile int _state;
    private int _waitersOnLoops;

    /// <summary>
    /// Cancelled when the group begins to shut down, so that handlers of long-lived connections can end by themselves.
    /// </summary>
    public CancellationToken ShutdownRequested => _shutdownRequested.Token;

    internal TimeSpan DrainTimeout => _options.DrainTimeout;

    internal TimeProvider TimeProvider => _options.TimeProvider;

    /// <summary>Completes when the drain deadline is running.</summary>
    internal Task Draining => _draining.Task;

    /// <summary>Completes when every loop has stopped.</summary>
    internal Task StoppedTask => _stopped.Task;

    internal bool AcceptsWork => _state == Running;

    /// <summary>
    /// Ends the group. New work, connects and accepts fail with <see cref="ObjectDisposedException"/> at once, while sends
    /// and receives still work. When all spawned work has ended, or at the drain deadline
    /// (<see cref="EventLoopGroupOptions.DrainTimeout"/>), pending and new operations fail the same way, so that
    /// <see langword="finally"/> blocks run; then the loops stop.
    /// </summary>
    /// <remarks>
    /// Calling it more than once returns the same end. Called on one of the group's own loops, the task completes as soon
    /// as all other work has ended (or at the deadline), so that the caller can end too; the report is then preliminary.
    /// Nothing that waits for the group from outside hangs: it gets <see cref="ObjectDisposedException"/>.
    /// </remarks>
    /// <returns>What had to be left behind. The same is written to the group's log when there is any.</returns>
    public Task<ShutdownReport> ShutdownAsync() => ShutDown(IsOnOwnLoop);

    /// <summary>
    /// Waits until no spawned work is left, accepting new work meanwhile, then shuts the group down as
    /// <see cref="ShutdownAsync"/> does.
    /// </summary>
    public async Task<ShutdownReport> ShutdownWhenIdleAsync()
    {
        bool onOwnLoop = IsOnOwnLoop;
        await WaitUntilIdleAsync(onOwnLoop).ConfigureAwait(false);
        return await ShutDown(onOwnLoop).ConfigureAwait(false);
    }

    /// <summary>
    /// Completes when no spawned work is left. Work that itself waits for this on one of the group's loops does not count.
    /// New work may begin at any time: the group was idle at some moment between the call and the completion.
    /// </summary>
    public Task WhenIdleAsync() => WaitUntilIdleAsync(IsOnOwnLoop);

    /// <summary>Shuts down as <see cref="ShutdownAsync"/> does.</summary>
    public async ValueTask DisposeAsync() => await ShutdownAsync().ConfigureAwait(false);

    internal ObjectDisposedException CreateShutDownException() => new(
        nameof(EventLoopGroup), "The event loop group is shutting down or has stopped: it takes no new work.");

    /// <summary>Registers something that has to stop taking in work first; <see langword="false"/> when it is too late.</summary>
    internal bool TryRegister(IDrainable drainable)
    {
        lock (_lock)
        {
            if (_state != Running)
                return false;

            _drainables.Add(drainable);
            return true;
        }
    }

    internal void Unregister(IDrainable drainable)
    {
        lock (_lock)
        {
            _drainables.Remove(drainable);
        }
    }

    /// <summary>
    /// A loop has run what it had, once a turn. Before it waits, it has issued a full fence since it last finished work: no
    /// waiter is overlooked. Without the fence, at worst the next turn sees it.
    /// </summary>
    internal void OnLoopTurn()
    {
        if (_hasIdleWaiters)
            ReleaseIdleWaiters();
    }

    private bool IsOnOwnLoop => EventLoop.Current is { } loop && ReferenceEquals(loop.Group, this);

    private Task<ShutdownReport> ShutDown(bool onOwnLoop)
    {
        if (onOwnLoop)
            Interlocked.Increment(ref _waitersOnLoops);
        BeginShutdown();
        return onOwnLoop ? WaitOnLoopAsync() : _stopped.Task;
    }

    private async Task WaitUntilIdleAsync(bool onOwnLoop)
    {
        if (onOwnLoop)
            Interlocked.Increment(ref _waitersOnLoops);
        try
        {
            await WaitUntilIdle(countWaitersOnLoops: true).ConfigureAwait(false);
        }
        finally
        {
            if (onOwnLoop)
                Interlocked.Decrement(ref _waitersOnLoops);
        }
    }

    private void BeginShutdown()
    {
        IDrainable[] drainables;
        lock (_lock)
        {
            if (_state != Running)
                return;

            _state = ShuttingDown;
            drainables = [.. _drainables];
        }

        // On the pool: callbacks of the token are user code, and the caller may be a loop.
        _ = Task.Run(() => ShutdownCoreAsync(drainables));
    }

    private async Task ShutdownCoreAsync(IDrainable[] drainables)
    {
        try
        {
            foreach (IDrainable drainable in drainables)
                drainable.BeginDrain();
            await CancelShutdownRequestedAsync();
            bool drained = await DrainAsync();
            foreach (EventLoop loop in _loops)
                loop.RequestStop();
            _stopped.SetResult(await WaitForLoopsAsync(drained));
        }
        catch (Exception exception)
        {
            _drainedForLoops.TrySetException(exception);
            _stopped.TrySetException(exception);
        }
        finally
        {
            _state = Stopped;
            ReleaseIdleWaiters();
        }
    }

    private async Task CancelShutdownRequestedAsync()
    {
        try
        {
            await _shutdownRequested.CancelAsync();
        }
        catch (AggregateException exception)
        {
            // Callbacks that users registered on the token.
            _loops[0].ReportUnhandled(exception);
        }
    }

    /// <summary>Waits for the work to end, up to the deadline; <see langword="true"/> when it did.</summary>
    private async Task<bool> DrainAsync()
    {
        using var deadline = new CancellationTokenSource(_options.DrainTimeout, _options.TimeProvider);
        _draining.SetResult();
        bool drained = await TryWaitUntilIdleAsync(countWaitersOnLoops: true, deadline.Token);
        _drainedForLoops.TrySetResult();
        return drained && await TryWaitUntilIdleAsync(countWaitersOnLoops: false, deadline.Token);
    }

    private async Task<bool> TryWaitUntilIdleAsync(bool countWaitersOnLoops, CancellationToken deadline)
    {
        try
        {
            await WaitUntilIdle(countWaitersOnLoops).WaitAsync(deadline);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<ShutdownReport> WaitForLoopsAsync(bool drained)
    {
        var names = new List<string>();
        int count = 0;
        foreach (EventLoop loop in _loops)
        {
            try
            {
                await loop.Ended.WaitAsync(s_threadEndTimeout);
                count += loop.AbandonedCount;
                names.AddRange(loop.AbandonedNames);
            }
            catch (TimeoutException)
            {
                count++;
                names.Add($"the thread of event loop '{loop.Name}', which does not return from user code");
            }
        }

        var report = new ShutdownReport(drained && count == 0, count, names);
        if (count != 0)
            Diagnostics.Log.Write(_options, report.ToString());
        return report;
    }

    private async Task<ShutdownReport> WaitOnLoopAsync()
    {
        await _drainedForLoops.Task.ConfigureAwait(false);
        return new ShutdownReport(true, 0, []);
    }

    // ---- idle detection

    private Task WaitUntilIdle(bool countWaitersOnLoops)
    {
        var waiter = new IdleWaiter(countWaitersOnLoops);
        lock (_lock)
        {
            _idleWaiters.Add(waiter);
            _hasIdleWaiters = true;
        }

        // Loops look at the flag when they park, after a fence: either this look sees their work finished, or they see
        // the flag.
        Interlocked.MemoryBarrier();
        ReleaseIdleWaiters();
        return waiter.Task;
    }

    private void ReleaseIdleWaiters()
    {
        long pending = CountPendingWork();
        // The usual answer of a loop's turn, without the lock.
        if (pending > Volatile.Read(ref _waitersOnLoops) && _state != Stopped)
            return;

        lock (_lock)
        {
            for (int i = _idleWaiters.Count - 1; i >= 0; i--)
            {
                int tolerated = _idleWaiters[i].CountWaitersOnLoops ? Volatile.Read(ref _waitersOnLoops) : 0;
                if (pending > tolerated && _state != Stopped)
                    continue;

                _idleWaiters[i].TrySetResult();
                _idleWaiters.RemoveAt(i);
            }

            _hasIdleWaiters = _idleWaiters.Count != 0;
        }
    }

    /// <summary>How much spawned work had not ended at one moment during the call.</summary>
    /// <remarks>
    /// The counters only grow, and a unit is counted as started before it can be counted as finished. All finished
    /// counters are read before any started counter. Let t be the moment in between: the finished sum read is at most
    /// finished(t), which is at most started(t), which is at most the started sum read. If the two sums are equal, all
    /// four are, and at t nothing was pending, although the loops never stopped counting.
    /// </remarks>
    private long CountPendingWork()
    {
        long finished = 0;
        foreach (EventLoop loop in _loops)
            finished += loop.WorkFinished;
        Interlocked.MemoryBarrier();
        long started = 0;
        foreach (EventLoop loop in _loops)
            started += loop.WorkStarted;
        return started - finished;
    }

    private sealed class IdleWaiter(bool countWaitersOnLoops)
        : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        internal bool CountWaitersOnLoops { get; } = countWaitersOnLoops;
    }
}

/// <summary>Something of a group that takes in work from outside and stops doing so first: a server.</summary>
internal interface IDrainable
{
    /// <summary>Any thread; must not block.</summary>
    void BeginDrain();
}
