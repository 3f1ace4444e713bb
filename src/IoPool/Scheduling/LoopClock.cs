namespace IoPool.Scheduling;

/// <summary>The loop's time, from its creation on, by the group's <see cref="TimeProvider"/>.</summary>
internal sealed class LoopClock(TimeProvider provider)
{
    // What can be rounded up to a whole millisecond.
    private static readonly TimeSpan s_end = TimeSpan.MaxValue - TimeSpan.FromMilliseconds(1);

    private readonly long _start = provider.GetTimestamp();

    internal TimeProvider Provider { get; } = provider;

    internal TimeSpan Elapsed => Provider.GetElapsedTime(_start);

    /// <summary>Rounded down, so that a timer never fires early.</summary>
    internal long NowMs => Elapsed.Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>The first whole millisecond at which the delay has passed.</summary>
    internal long DueMs(TimeSpan delay)
    {
        TimeSpan elapsed = Elapsed;
        // Beyond what the clock can count: that timer never fires.
        return delay >= s_end - elapsed ? long.MaxValue : RoundUpMs(elapsed + delay);
    }

    /// <summary>How long until <paramref name="dueMs"/>; zero when it has passed.</summary>
    internal TimeSpan Until(long dueMs)
    {
        if (dueMs >= TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMillisecond)
            return TimeSpan.MaxValue;

        long ticks = (dueMs * TimeSpan.TicksPerMillisecond) - Elapsed.Ticks;
        return ticks <= 0 ? TimeSpan.Zero : new TimeSpan(ticks);
    }

    internal static long RoundUpMs(TimeSpan time) =>
        (time.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
}
