using IoPool.Scheduling;

namespace IoPool.Net;

/// <summary>
/// The timeouts of one connection, on one timer that is set rarely: a call only notes when it began, and when the timer
/// fires, it looks whether anything is overdue and sets itself for the next time that something could be.
/// </summary>
internal sealed class ConnectionTimeouts : ITimerTarget
{
    private readonly SocketConnection _connection;
    private readonly TimerNode _timer;
    private long _receiveMs = long.MaxValue;
    private long _sendMs = long.MaxValue;
    private long _idleMs = long.MaxValue;
    private long _receiveBeganMs;
    private long _sendBeganMs;
    private long _sendProgressMs;
    private int _seenSentCount;

    internal ConnectionTimeouts(SocketConnection connection)
    {
        _connection = connection;
        _timer = new TimerNode(this);
        _receiveBeganMs = _sendBeganMs = _sendProgressMs = Loop.Clock.NowMs;
        _seenSentCount = connection.SentCount;
    }

    internal TimeSpan Receive
    {
        get => ToTime(_receiveMs);
        set => Set(ref _receiveMs, value);
    }

    internal TimeSpan Send
    {
        get => ToTime(_sendMs);
        set => Set(ref _sendMs, value);
    }

    internal TimeSpan Idle
    {
        get => ToTime(_idleMs);
        set => Set(ref _idleMs, value);
    }

    private EventLoop Loop => _connection.Loop;

    /// <summary>A receive began; <paramref name="pending"/> when it did not end at once.</summary>
    internal void OnReceive(bool pending)
    {
        // What waits counts from now: the user's code may have computed for long since the turn began.
        _receiveBeganMs = pending ? Loop.Clock.NowMs : Loop.TurnTimeMs;
        if (pending)
            Arm();
    }

    internal void OnSend(bool pending)
    {
        _sendBeganMs = _sendProgressMs = pending ? Loop.Clock.NowMs : Loop.TurnTimeMs;
        _seenSentCount = _connection.SentCount;
        if (pending)
            Arm();
    }

    internal void Stop() => Loop.CancelTimer(_timer);

    void ITimerTarget.OnTimer(TimerNode node)
    {
        if (Loop.IsStopping)
            return;

        long nowMs = Loop.TurnTimeMs;
        NoteProgress(nowMs);
        if (IdleDueMs <= nowMs)
        {
            _connection.CloseIdle();
            return;
        }

        _connection.EndTimedOut(ReceiveDueMs <= nowMs, SendDueMs <= nowMs);
        Arm();
    }

    private long ReceiveDueMs => Due(_connection.IsReceivePending, _receiveBeganMs, _receiveMs);

    private long SendDueMs => Due(_connection.IsSendPending, _sendBeganMs, _sendMs);

    // While nothing is pending the user's code is at work, which is not idling.
    private long IdleDueMs => Due(
        _connection.IsReceivePending || _connection.IsSendPending, Math.Max(_receiveBeganMs, _sendProgressMs), _idleMs);

    private static long Due(bool pending, long beganMs, long timeoutMs) =>
        pending && timeoutMs != long.MaxValue ? beganMs + timeoutMs : long.MaxValue;

    /// <summary>A pending send that got on since the last look counts as if it did so now.</summary>
    private void NoteProgress(long nowMs)
    {
        if (!_connection.IsSendPending || _connection.SentCount == _seenSentCount)
            return;

        _seenSentCount = _connection.SentCount;
        _sendProgressMs = nowMs;
    }

    /// <summary>Sets the timer unless it is set for an earlier time already, at which it will look again.</summary>
    private void Arm()
    {
        long dueMs = Math.Min(IdleDueMs, Math.Min(ReceiveDueMs, SendDueMs));
        if (dueMs != long.MaxValue && (!_timer.IsScheduled || _timer.DueMs > dueMs))
            Loop.ScheduleTimer(_timer, dueMs);
    }

    private void Set(ref long timeoutMs, TimeSpan value)
    {
        // The clock counts whole milliseconds, and a timeout never ends early.
        timeoutMs = value == Timeout.InfiniteTimeSpan ? long.MaxValue : LoopClock.RoundUpMs(value) + 1;
        Arm();
    }

    private static TimeSpan ToTime(long timeoutMs) =>
        timeoutMs == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(timeoutMs - 1);
}
