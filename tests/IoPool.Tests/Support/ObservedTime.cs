using Microsoft.Extensions.Time.Testing;

namespace IoPool.Tests.Support;

/// <summary>Time that is moved by hand, and tells when a timer for a certain time was set.</summary>
public sealed class ObservedTime(FakeTimeProvider time) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<(TimeSpan Due, TaskCompletionSource Set)> _awaited = [];
    private readonly TaskCompletionSource _any = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<TimeSpan> _seen = [];

    public override long TimestampFrequency => time.TimestampFrequency;

    public override long GetTimestamp() => time.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    /// <summary>Completes when a timer that is due after exactly that time has been set, before or after this call.</summary>
    public Task TimerSetAsync(TimeSpan due)
    {
        lock (_lock)
        {
            if (_seen.Contains(due))
                return Task.CompletedTask;

            var set = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((due, set));
            return set.Task;
        }
    }

    /// <summary>Completes when any timer has been set.</summary>
    public Task AnyTimerSetAsync() => _any.Task;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ObservedTimer(this, time.CreateTimer(callback, state, dueTime, period));
        OnSet(dueTime);
        return timer;
    }

    private void OnSet(TimeSpan due)
    {
        lock (_lock)
        {
            _seen.Add(due);
            if (due != Timeout.InfiniteTimeSpan)
                _any.TrySetResult();
            foreach ((TimeSpan awaited, TaskCompletionSource set) in _awaited)
            {
                if (awaited == due)
                    set.TrySetResult();
            }
        }
    }

    private sealed class ObservedTimer(ObservedTime owner, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool changed = timer.Change(dueTime, period);
            owner.OnSet(dueTime);
            return changed;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
