namespace IoPool.Scheduling;

/// <summary>Time as the loop sees it, with timers that run on the loop.</summary>
internal sealed class LoopTimeProvider(EventLoop loop) : TimeProvider
{
    private TimeProvider Clock => loop.Clock.Provider;

    public override long TimestampFrequency => Clock.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => Clock.LocalTimeZone;

    public override long GetTimestamp() => Clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => Clock.GetUtcNow();

    /// <summary>Any thread. The callback runs on the loop, under the caller's execution context.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new LoopTimer(loop, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
