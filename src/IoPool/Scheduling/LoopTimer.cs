namespace IoPool.Scheduling;

/// <summary>
/// A timer of the base class library on a loop. Changes come from any thread; a lock keeps their order, and the loop
/// applies the newest one. When the loop stops, the rest of the time runs on the loop's underlying time provider.
/// </summary>
internal sealed class LoopTimer : WorkItem, ITimer, ITimerTarget
{
    private readonly EventLoop _loop;
    private readonly TimerCallback _callback;
    private readonly object? _state;
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private readonly TimerNode _node;
    private readonly Lock _lock = new();

    // Guarded by the lock.
    private TimeSpan _due;
    private TimeSpan _period;
    private bool _posted;
    private bool _disposed;
    private ITimer? _successor;

    internal LoopTimer(EventLoop loop, TimerCallback callback, object? state)
    {
        _loop = loop;
        _callback = callback;
        _state = state;
        _node = new TimerNode(this);
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        ThrowIfInvalid(dueTime, nameof(dueTime));
        ThrowIfInvalid(period, nameof(period));
        lock (_lock)
        {
            if (_disposed)
                return false;
            if (_successor is not null)
                return _successor.Change(dueTime, period);

            _due = dueTime == Timeout.InfiniteTimeSpan ? dueTime : _loop.Clock.Elapsed + dueTime;
            _period = period;
            Post();
            return true;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _due = Timeout.InfiniteTimeSpan;
            _successor?.Dispose();
            if (_successor is null)
                Post();
        }
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    /// <summary>Applies the newest change.</summary>
    internal override void Execute(EventLoop loop)
    {
        TimeSpan due;
        lock (_lock)
        {
            _posted = false;
            due = _due;
        }

        if (due == Timeout.InfiniteTimeSpan)
            loop.CancelTimer(_node);
        else
            loop.ScheduleTimer(_node, LoopClock.RoundUpMs(due));
    }

    internal override void Abandon(EventLoop loop) => MoveToProvider();

    void ITimerTarget.OnTimer(TimerNode node)
    {
        if (_loop.IsStopping)
        {
            MoveToProvider();
            return;
        }

        lock (_lock)
        {
            // A change is on its way: it counts, not what fires now.
            if (_disposed || _posted || _due == Timeout.InfiniteTimeSpan)
                return;

            bool repeats = _period > TimeSpan.Zero;
            if (repeats)
            {
                // From the due time, not from now: lateness does not add up. Ticks that passed meanwhile count as one.
                TimeSpan late = _loop.Clock.Elapsed - _due;
                _due += _period * (1 + Math.Max(0, late.Ticks / _period.Ticks));
                _loop.ScheduleTimer(_node, LoopClock.RoundUpMs(_due));
            }
            else
            {
                _due = Timeout.InfiniteTimeSpan;
            }
        }

        _loop.SwitchTo(_context);
        try
        {
            _callback(_state);
        }
        catch (Exception exception)
        {
            _loop.ReportUnhandled(exception);
        }
    }

    /// <summary>The loop is gone: the callback runs where the provider's timers do, under the creator's context all the same.</summary>
    private void RunWithoutLoop()
    {
        if (_context is null)
            _callback(_state);
        else
            ExecutionContext.Run(_context, static self => ((LoopTimer)self!)._callback(((LoopTimer)self)._state), this);
    }

    private void Post()
    {
        if (_posted)
            return;

        _posted = true;
        if (!_loop.TryPost(this))
            MoveToProvider();
    }

    private void MoveToProvider()
    {
        lock (_lock)
        {
            if (_disposed || _successor is not null)
                return;

            TimeSpan left = _due == Timeout.InfiniteTimeSpan ? _due : _due - _loop.Clock.Elapsed;
            if (left < TimeSpan.Zero && left != Timeout.InfiniteTimeSpan)
                left = TimeSpan.Zero;
            _successor = _loop.Clock.Provider.CreateTimer(
                static self => ((LoopTimer)self!).RunWithoutLoop(), this, left, _period);
        }
    }

    private static void ThrowIfInvalid(TimeSpan time, string name)
    {
        if (time != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, name);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(time.TotalMilliseconds, uint.MaxValue - 1, name);
        }
    }
}
