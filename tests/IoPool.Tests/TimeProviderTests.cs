using System.Threading.Channels;
using IoPool.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace IoPool.Tests;

/// <summary>Timers of the base class library over a loop's time provider, and loops over somebody else's time.</summary>
public sealed class TimeProviderTests
{
    private static readonly AsyncLocal<int> s_local = new();

    [SkippableTheory, AllDrivers]
    public async Task ATimersCallback_RunsOnTheLoop_UnderItsCreatorsExecutionContext(DriverKind driver)
    {
        var time = new FakeTimeProvider();
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.TimeProvider = time);
        var seen = new TaskCompletionSource<(EventLoop?, int)>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_local.Value = 8;
        using ITimer timer = test.Group[0].TimeProvider.CreateTimer(
            _ => seen.SetResult((EventLoop.Current, s_local.Value)), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        s_local.Value = 0;
        await test.ParkedAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((test.Group[0], 8), await seen.Task.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task ATimerThatMovesAwayFromAStoppedLoop_KeepsItsCreatorsExecutionContext(DriverKind driver)
    {
        var time = new FakeTimeProvider();
        TestGroup test = TestGroup.Create(driver, 1, options => options.TimeProvider = time);
        var seen = new TaskCompletionSource<(EventLoop?, int)>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_local.Value = 8;
        using ITimer timer = test.Group[0].TimeProvider.CreateTimer(
            _ => seen.SetResult((EventLoop.Current, s_local.Value)), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        s_local.Value = 0;
        await test.Group.ShutdownAsync().WithCeiling();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((null, 8), await seen.Task.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task APeriodicTimer_TicksAtMultiplesOfItsPeriod_WithoutDrift(DriverKind driver)
    {
        var time = new FakeTimeProvider();
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.TimeProvider = time);
        var ticked = Channel.CreateUnbounded<TimeSpan>();
        long start = time.GetTimestamp();
        using ITimer timer = test.Group[0].TimeProvider.CreateTimer(
            _ => ticked.Writer.TryWrite(time.GetElapsedTime(start)), null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        foreach (int seconds in (int[])[13, 20, 30, 58, 60])
        {
            await test.ParkedAsync();
            time.Advance(TimeSpan.FromSeconds(seconds) - time.GetElapsedTime(start));
            Assert.Equal(TimeSpan.FromSeconds(seconds), await ticked.Reader.ReadAsync().WithCeiling());
        }

        await test.ParkedAsync();
        Assert.False(ticked.Reader.TryRead(out _));
    }

    [SkippableTheory, AllDrivers]
    public async Task ATimersCallbackThatThrows_IsReported_AndThePeriodGoesOn(DriverKind driver)
    {
        var time = new FakeTimeProvider();
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.TimeProvider = time);
        using ITimer timer = test.Group[0].TimeProvider.CreateTimer(
            _ => throw new FormatException(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        for (int i = 1; i <= 3; i++)
        {
            await test.ParkedAsync();
            time.Advance(TimeSpan.FromSeconds(1));
            await test.ParkedAsync();
            Assert.Equal(i, test.Unhandled.Count);
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task AwaitedOnTheLoop_BclDelaysAndPeriodicTimers_ComeBackToIt(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        await test.Group[1].RunAsync(async () =>
        {
            EventLoop loop = EventLoop.Current!;
            await Task.Delay(TimeSpan.FromMilliseconds(1), loop.TimeProvider);
            Assert.Same(loop, EventLoop.Current);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1), loop.TimeProvider);
            await timer.WaitForNextTickAsync();
            Assert.Same(loop, EventLoop.Current);
            using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(1), loop.TimeProvider);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
                await EventLoop.Delay(Timeout.InfiniteTimeSpan, cancellation.Token));
            Assert.Same(loop, EventLoop.Current);
            await Assert.ThrowsAsync<TimeoutException>(
                () => new TaskCompletionSource().Task.WaitAsync(TimeSpan.FromMilliseconds(1), loop.TimeProvider));
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task TheLoopsTime_IsItsGroupsTime(DriverKind driver)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero));
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.TimeProvider = time);
        TimeProvider loopTime = test.Group[0].TimeProvider;
        Assert.Equal(time.GetUtcNow(), loopTime.GetUtcNow());
        Assert.Equal(time.GetTimestamp(), loopTime.GetTimestamp());
        Assert.Equal(time.TimestampFrequency, loopTime.TimestampFrequency);
        Assert.Equal(time.LocalTimeZone, loopTime.LocalTimeZone);
    }

    [SkippableTheory, AllDrivers]
    public async Task ADelayLongerThanATimerCanBe_EndsWhenItIsDue(DriverKind driver)
    {
        var time = new FakeTimeProvider();
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.TimeProvider = time);
        Task delay = test.Group.RunAsync(() => EventLoop.Delay(TimeSpan.FromDays(1_000))).AsTask();
        for (int day = 0; day < 1_000; day += 100)
        {
            await test.ParkedAsync();
            Assert.False(delay.IsCompleted);
            time.Advance(TimeSpan.FromDays(100));
        }

        await delay.WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task AnEndlessDelay_WithTheLongestTimes_LastsUntilItIsCancelled(DriverKind driver)
    {
        var time = new FakeTimeProvider();
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.TimeProvider = time);
        using var cancellation = new CancellationTokenSource();
        Task[] delays = [.. new[] { Timeout.InfiniteTimeSpan, TimeSpan.MaxValue, TimeSpan.MaxValue - TimeSpan.FromTicks(1) }
            .Select(delay => test.Group.RunAsync(() => EventLoop.Delay(delay, cancellation.Token)).AsTask())];
        await test.ParkedAsync();
        time.Advance(TimeSpan.FromDays(10_000));
        await test.ParkedAsync();
        Assert.All(delays, delay => Assert.False(delay.IsCompleted));
        cancellation.Cancel();
        foreach (Task delay in delays)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delay.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task TimeThatMoves_WhileTheLoopSetsItsAlarm_IsNotLost(DriverKind driver)
    {
        // In the middle of the setting, time moves by a part of what is left: the alarm would ring that much late.
        foreach (int early in (int[])[1, 9, 10])
        {
            var time = new FakeTimeProvider();
            var moving = new MovingTime(time);
            await using TestGroup test = TestGroup.Create(driver, 1, options => options.TimeProvider = moving);
            Task delay = test.Group.RunAsync(() =>
            {
                moving.OnNextChange = () => time.Advance(TimeSpan.FromMilliseconds(early));
                return EventLoop.Delay(TimeSpan.FromMilliseconds(10));
            }).AsTask();
            await moving.Moved.WithCeiling();
            await test.ParkedAsync();
            time.Advance(TimeSpan.FromMilliseconds(10 - early));
            await delay.WithCeiling();
        }
    }

    /// <summary>Time that moves just before a timer takes its new due time.</summary>
    private sealed class MovingTime(FakeTimeProvider time) : TimeProvider
    {
        private readonly TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Action? _onNextChange;

        internal Task Moved => _moved.Task;

        internal Action OnNextChange
        {
            set => _onNextChange = value;
        }

        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp() => time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new MovingTimer(this, time.CreateTimer(callback, state, dueTime, period));

        private sealed class MovingTimer(MovingTime owner, ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                bool moves = owner._onNextChange is not null;
                owner._onNextChange?.Invoke();
                owner._onNextChange = null;
                bool changed = timer.Change(dueTime, period);
                if (moves)
                    owner._moved.SetResult();
                return changed;
            }

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
