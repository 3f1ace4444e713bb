using IoPool.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace IoPool.Tests;

public sealed partial class TimerTests
{
    [SkippableTheory, AllDrivers]
    public async Task Delay_OnTheSystemClock_Ends(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            EventLoop loop = EventLoop.Current!;
            await EventLoop.Delay(TimeSpan.FromMilliseconds(5));
            Assert.Same(loop, EventLoop.Current);
            await EventLoop.Delay(TimeSpan.Zero);
            Assert.Same(loop, EventLoop.Current);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Delay_NeverEndsEarly(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            TimeProvider time = EventLoop.Current!.TimeProvider;
            for (int ms = 1; ms < 8; ms++)
            {
                long start = time.GetTimestamp();
                await EventLoop.Delay(TimeSpan.FromMilliseconds(ms));
                Assert.True(time.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(ms));
            }
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Delays_EndInTheOrderOfTheirDueTimes(DriverKind driver)
    {
        var time = new FakeTimeProvider();
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.TimeProvider = time);
        var order = new List<int>();
        var all = new List<Task>();
        foreach (int seconds in (int[])[30, 10, 70, 20, 4_000, 1])
        {
            all.Add(test.Group.RunAsync(async () =>
            {
                await EventLoop.Delay(TimeSpan.FromSeconds(seconds));
                order.Add(seconds);
            }).AsTask());
        }

        await test.ParkedAsync();
        time.Advance(TimeSpan.FromHours(2));
        await Task.WhenAll(all).WithCeiling();
        Assert.Equal([1, 10, 20, 30, 70, 4_000], order);
    }

    [Fact]
    public void Delay_OffTheLoop_Throws()
    {
        Assert.Throws<InvalidOperationException>(() => { _ = EventLoop.Delay(TimeSpan.Zero); });
        Assert.Throws<InvalidOperationException>(() => { _ = EventLoop.Yield(); });
    }

    [SkippableTheory, AllDrivers]
    public async Task Delay_Cancelled_ThrowsWithTheToken(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        using var cancellation = new CancellationTokenSource();
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task delay = test.Group.RunAsync(async () =>
        {
            ValueTask wait = EventLoop.Delay(Timeout.InfiniteTimeSpan, cancellation.Token);
            waiting.SetResult();
            await wait;
        }).AsTask();
        await waiting.Task.WithCeiling();
        cancellation.Cancel();
        OperationCanceledException exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delay.WithCeiling());
        Assert.Equal(cancellation.Token, exception.CancellationToken);
        await test.Group.RunAsync(async () =>
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
                await EventLoop.Delay(TimeSpan.FromHours(1), cancellation.Token))).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Delay_ALateCancellationOfAnEarlierCall_DoesNotEndTheNext(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            for (int i = 0; i < 500; i++)
            {
                using var cancellation = new CancellationTokenSource();
                await EventLoop.Delay(TimeSpan.Zero, cancellation.Token);
                // The next delay very likely reuses the operation; the old token must not reach it.
                ValueTask next = EventLoop.Delay(TimeSpan.Zero);
                cancellation.Cancel();
                await next;
            }
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Delay_CancelledFromOtherThreadsAtAnyMoment_EndsExactlyOnce(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        int ended = 0;
        var all = new List<Task>();
        for (int i = 0; i < 300; i++)
        {
            var cancellation = new CancellationTokenSource();
            all.Add(test.Group.RunAsync(async () =>
            {
                try
                {
                    await EventLoop.Delay(TimeSpan.FromMilliseconds(1), cancellation.Token);
                }
                catch (OperationCanceledException)
                {
                    // Either is fine.
                }

                Interlocked.Increment(ref ended);
            }).AsTask());
            ThreadPool.QueueUserWorkItem(_ => cancellation.Cancel());
        }

        await Task.WhenAll(all).WithCeiling();
        Assert.Equal(300, ended);
    }

    [SkippableTheory, AllDrivers]
    public async Task AHundredThousandDelays_AllEnd(DriverKind driver)
    {
        var time = new FakeTimeProvider();
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.TimeProvider = time);
        int ended = 0;
        ValueTask run = test.Group.RunAsync(async () =>
        {
            var all = new ValueTask[100_000];
            for (int i = 0; i < all.Length; i++)
                all[i] = WaitAsync(i % 5_000);
            foreach (ValueTask one in all)
                await one;
        });
        await test.ParkedAsync();
        time.Advance(TimeSpan.FromSeconds(6));
        await run.WithCeiling();
        Assert.Equal(100_000, ended);

        async ValueTask WaitAsync(int ms)
        {
            await EventLoop.Delay(TimeSpan.FromMilliseconds(ms));
            ended++;
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task PeriodicTimer_TicksAtMultiplesOfItsPeriod_WithoutDrift(DriverKind driver)
    {
        var time = new FakeTimeProvider();
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.TimeProvider = time);
        var ticked = System.Threading.Channels.Channel.CreateUnbounded<TimeSpan>();
        long start = time.GetTimestamp();
        ValueTask run = test.Group.RunAsync(async () =>
        {
            using LoopPeriodicTimer timer = EventLoop.Current!.CreatePeriodicTimer(TimeSpan.FromSeconds(10));
            for (int i = 0; i < 3; i++)
            {
                Assert.True(await timer.WaitForNextTickAsync());
                ticked.Writer.TryWrite(time.GetElapsedTime(start));
            }
        });
        await test.ParkedAsync();
        time.Advance(TimeSpan.FromSeconds(13));
        Assert.Equal(TimeSpan.FromSeconds(13), await ticked.Reader.ReadAsync().WithCeiling());
        await test.ParkedAsync();
        // Three seconds late last time; the next is due at 20 all the same.
        time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.FromSeconds(20), await ticked.Reader.ReadAsync().WithCeiling());
        await test.ParkedAsync();
        time.Advance(TimeSpan.FromSeconds(10));
        await run.WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task PeriodicTimer_TicksThatNobodyWaitedFor_CountAsOne(DriverKind driver)
    {
        var time = new FakeTimeProvider();
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.TimeProvider = time);
        LoopPeriodicTimer timer = await test.Group.RunAsync(
            () => new ValueTask<LoopPeriodicTimer>(EventLoop.Current!.CreatePeriodicTimer(TimeSpan.FromSeconds(1)))).WithCeiling();
        await test.ParkedAsync();
        time.Advance(TimeSpan.FromSeconds(5));
        await test.ParkedAsync();
        await test.Group.RunAsync(async () =>
        {
            Assert.True(await timer.WaitForNextTickAsync());
            ValueTask<bool> next = timer.WaitForNextTickAsync();
            Assert.False(next.IsCompleted);
            Assert.Throws<InvalidOperationException>(() => { _ = timer.WaitForNextTickAsync(); });
            timer.Dispose();
            Assert.False(await next);
            Assert.False(await timer.WaitForNextTickAsync());
        }).WithCeiling();
        Assert.Throws<InvalidOperationException>(timer.Dispose);
    }

    [SkippableTheory, AllDrivers]
    public async Task BclTimers_OverTheLoopsTimeProvider_RunOnTheLoop(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        EventLoop loop = test.Group[0];
        await Task.Delay(TimeSpan.FromMilliseconds(2), loop.TimeProvider).WithCeiling();

        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(2), loop.TimeProvider);
        var where = new TaskCompletionSource<EventLoop?>(TaskCreationOptions.RunContinuationsAsynchronously);
        source.Token.Register(() => where.TrySetResult(EventLoop.Current));
        Assert.Same(loop, await where.Task.WithCeiling());

        using var periodic = new PeriodicTimer(TimeSpan.FromMilliseconds(1), loop.TimeProvider);
        for (int i = 0; i < 3; i++)
            Assert.True(await periodic.WaitForNextTickAsync().WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task BclTimer_ChangedAndDisposedFromOtherThreads_FiresOnlyAsLastSet(DriverKind driver)
    {
        var time = new FakeTimeProvider();
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.TimeProvider = time);
        int fired = 0;
        await using ITimer timer = test.Group[0].TimeProvider.CreateTimer(
            _ => Interlocked.Increment(ref fired), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        Assert.True(timer.Change(TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan));
        await test.ParkedAsync();
        time.Advance(TimeSpan.FromSeconds(5));
        await test.ParkedAsync();
        Assert.Equal(0, fired);
        time.Advance(TimeSpan.FromSeconds(5));
        await test.ParkedAsync();
        Assert.Equal(1, fired);
        Assert.True(timer.Change(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
        timer.Dispose();
        Assert.False(timer.Change(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
        await test.ParkedAsync();
        time.Advance(TimeSpan.FromSeconds(10));
        await test.ParkedAsync();
        Assert.Equal(1, fired);
    }

    [SkippableTheory, AllDrivers]
    public async Task Yield_LetsQueuedWorkGoFirst(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        Assert.Equal(["queued", "after yield"], await test.Group.RunAsync(async () =>
        {
            var steps = new List<string>();
            EventLoop.Current!.Post(() => steps.Add("queued"));
            await EventLoop.Yield();
            steps.Add("after yield");
            return steps;
        }).WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task AMethodThatYieldsForEver_StarvesNeitherTimersNorTheInbox(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        test.Group.Spawn(async () =>
        {
            while (true)
                await EventLoop.Yield();
        });
        await test.Group.RunAsync(() => EventLoop.Delay(TimeSpan.FromMilliseconds(1))).WithCeiling();
        await test.Group.RunAsync(() => default(ValueTask)).WithCeiling();
    }
}
