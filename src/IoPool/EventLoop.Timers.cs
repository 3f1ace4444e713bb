using IoPool.Scheduling;

namespace IoPool;

// Time: delays, periodic timers, and yielding.
public sealed partial class EventLoop
{
    private static readonly TimeSpan s_longestAlarm = TimeSpan.FromDays(24);

    private readonly TimerWheel _timers;
    private DelayOperation? _delayPool;
    private ITimer? _alarm;
    private long _alarmDueMs = long.MaxValue;
    private long _turnTimeMs;

    /// <summary>
    /// Waits on the current loop. Resolution one millisecond, never early; how late depends on what else the loop runs.
    /// </summary>
    /// <param name="delay">How long; zero and less complete at once, after other queued work.
    /// <see cref="Timeout.InfiniteTimeSpan"/> waits for the cancellation.</param>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidOperationException">The calling thread is no event loop's.</exception>
    /// <exception cref="ObjectDisposedException">The loop is being stopped; pending delays end with it too.</exception>
    public static ValueTask Delay(TimeSpan delay, CancellationToken cancellationToken = default)
    {
        EventLoop loop = Require("EventLoop.Delay");
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, Timeout.InfiniteTimeSpan);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);

        loop.ThrowIfStopping();
        return DelayOperation.Start(loop, ref loop._delayPool, delay, cancellationToken);
    }

    /// <summary>
    /// Lets everything else that the current loop has to do go first: queued work, timers and I/O that is ready.
    /// </summary>
    /// <exception cref="InvalidOperationException">The calling thread is no event loop's.</exception>
    public static LoopYieldAwaitable Yield() => new(Require("EventLoop.Yield"));

    /// <summary>
    /// A timer of this loop that ticks every <paramref name="period"/>. Loop's thread only; the caller disposes it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The period is less than a millisecond.</exception>
    /// <exception cref="InvalidOperationException">The calling thread is not this loop's.</exception>
    public LoopPeriodicTimer CreatePeriodicTimer(TimeSpan period)
    {
        ThrowIfNotCurrent("A periodic timer");
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.FromMilliseconds(1));
        return new LoopPeriodicTimer(this, period);
    }

    internal void ReturnToPool(DelayOperation operation)
    {
        operation.Next = _delayPool;
        _delayPool = operation;
    }

    /// <summary>
    /// The loop's time as of this turn; asking the clock costs more than most of what wants to know. Kept up to date only
    /// while timers are set. Loop's thread only.
    /// </summary>
    internal long TurnTimeMs => _timers.Count == 0 ? Clock.NowMs : _turnTimeMs;

    /// <summary>Loop's thread only.</summary>
    internal void ScheduleTimer(TimerNode node, long dueMs)
    {
        if (_timers.Count == 0)
            _turnTimeMs = Clock.NowMs;
        _timers.Schedule(node, dueMs);
    }

    /// <summary>Loop's thread only; nothing happens when the node is not scheduled.</summary>
    internal void CancelTimer(TimerNode node) => _timers.Cancel(node);

    /// <summary>Collects what is due, then runs it: a continuation may set and cancel any timer.</summary>
    private void RunTimers()
    {
        _turnTimeMs = Clock.NowMs;
        _timers.Advance(_turnTimeMs);
        RunExpiredTimers();
    }

    private void RunExpiredTimers()
    {
        while (_timers.TakeExpired() is { } node)
        {
            BeginDispatch();
            node.Target.OnTimer(node);
            EndDispatch();
        }
    }

    /// <summary>Runs every timer that is left, whenever it is due: their targets see that the loop is stopping.</summary>
    private void ExpireAllTimers()
    {
        _timers.ExpireAll();
        RunExpiredTimers();
    }

    /// <summary>How long the driver may wait; -1 is for ever.</summary>
    private int TimeoutUntilNextTimerMs()
    {
        long dueMs = _timers.NextDueMs;
        if (!ReferenceEquals(_options.TimeProvider, TimeProvider.System))
            return SetAlarm(dueMs);
        if (dueMs == long.MaxValue)
            return -1;

        double ms = Math.Ceiling(Clock.Until(dueMs).TotalMilliseconds);
        return ms >= int.MaxValue ? int.MaxValue : (int)ms;
    }

    /// <summary>The driver waits by the system's clock; with another time provider, one of its timers wakes the loop.</summary>
    private int SetAlarm(long dueMs)
    {
        if (dueMs == long.MaxValue)
        {
            _alarmDueMs = dueMs;
            return -1;
        }

        TimeSpan until = Clock.Until(dueMs);
        if (until == TimeSpan.Zero)
            return 0;

        if (_alarmDueMs != dueMs)
        {
            _alarmDueMs = dueMs;
            // The driver's wake is sticky, so an alarm that rings before the loop parks is not lost.
            _alarm ??= _options.TimeProvider.CreateTimer(
                static loop => ((EventLoop)loop!).OnAlarm(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            SetAlarmIn(until);
            // Time that is moved by hand may have moved between the look and the setting: the alarm would ring that much
            // late. Time that moves by itself does so every time, by next to nothing, and once more is enough.
            TimeSpan left = Clock.Until(dueMs);
            if (left == TimeSpan.Zero)
                return 0;
            if (left != until)
                SetAlarmIn(left);
        }

        return -1;
    }

    // Timers have a longest time; the loop then looks again.
    private void SetAlarmIn(TimeSpan until) =>
        _alarm!.Change(until < s_longestAlarm ? until : s_longestAlarm, Timeout.InfiniteTimeSpan);

    private void OnAlarm() => TryPost(new AlarmItem());

    private sealed class AlarmItem : WorkItem
    {
        internal override void Execute(EventLoop loop) => loop._alarmDueMs = long.MaxValue;
    }
}
