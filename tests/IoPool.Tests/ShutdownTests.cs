using IoPool.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace IoPool.Tests;

public sealed partial class ShutdownTests
{
    [SkippableTheory, AllDrivers]
    public async Task AfterShutdown_EverySpawnThrowsObjectDisposed(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 2);
        EventLoopGroup group = test.Group;
        ShutdownReport report = await group.ShutdownAsync().WithCeiling();
        Assert.True(report.Drained);
        Assert.Throws<ObjectDisposedException>(() => group.Spawn(() => default));
        Assert.Throws<ObjectDisposedException>(() => group[0].Spawn(() => default));
        Assert.Throws<ObjectDisposedException>(() => group[0].Spawn(static _ => default, 1));
        Assert.Throws<ObjectDisposedException>(() => { _ = group.RunAsync(() => default(ValueTask)); });
        Assert.Throws<ObjectDisposedException>(() => { _ = group[0].RunAsync(() => new ValueTask<int>(1)); });
        Assert.Throws<ObjectDisposedException>(() => group[0].Post(() => { }));
        Assert.Throws<ObjectDisposedException>(() => group.Run(() => default(ValueTask)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => group.SpawnAllAsync(One()).WithCeiling());

        static async IAsyncEnumerable<Func<ValueTask>> One()
        {
            await Task.CompletedTask;
            yield return () => default;
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task ShutdownAsync_Twice_ReturnsTheSameEnd(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 2);
        Task<ShutdownReport> first = test.Group.ShutdownAsync(), second = test.Group.ShutdownAsync();
        Assert.Same(await first.WithCeiling(), await second.WithCeiling());
        await test.Group.DisposeAsync().WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task ShutdownAsync_WhileWorkRuns_LetsItFinishAndRefusesNewWork(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 2, options => options.DrainTimeout = Timeout.InfiniteTimeSpan);
        var gate = new TaskCompletionSource();
        ValueTask<int> running = test.Group.RunAsync(async () =>
        {
            await gate.Task;
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
            Assert.Throws<ObjectDisposedException>(() => EventLoop.Current!.Spawn(() => default));
            return 3;
        });
        Task<ShutdownReport> shutdown = test.Group.ShutdownAsync();
        Assert.Throws<ObjectDisposedException>(() => test.Group.Spawn(() => default));
        Assert.True(test.Group.ShutdownRequested.WaitHandle.WaitOne(TestGroup.Ceiling));
        gate.SetResult();
        Assert.Equal(3, await running.WithCeiling());
        Assert.True((await shutdown.WithCeiling()).Drained);
    }

    [SkippableTheory, AllDrivers]
    public async Task AtTheDrainDeadline_PendingDelaysFailAndFinallyBlocksRun(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        bool cleanedUp = false;
        var waiting = new TaskCompletionSource();
        Task running = test.Group.RunAsync(async () =>
        {
            try
            {
                ValueTask delay = EventLoop.Delay(Timeout.InfiniteTimeSpan);
                waiting.SetResult();
                await delay;
            }
            finally
            {
                await EventLoopYieldOrNothing();
                cleanedUp = true;
            }
        }).AsTask();
        await waiting.Task.WithCeiling();
        ShutdownReport report = await test.Group.ShutdownAsync().WithCeiling();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => running.WithCeiling());
        Assert.True(cleanedUp);
        Assert.False(report.Drained);
        Assert.Equal(0, report.AbandonedCount);
        Assert.Empty(test.Unhandled);

        static ValueTask EventLoopYieldOrNothing() => default;
    }

    [SkippableTheory, AllDrivers]
    public async Task AtTheDrainDeadline_WhatWaitsForSomethingElse_IsCountedAndNamed(DriverKind driver)
    {
        var log = new List<string>();
        TestGroup test = TestGroup.Create(driver, 2, options =>
        {
            options.DrainTimeout = TimeSpan.Zero;
            options.Log = entry =>
            {
                lock (log)
                    log.Add(entry);
            };
        });
        var never = new TaskCompletionSource();
        test.Group.Spawn(NeverEndsAsync, never.Task);
        ValueTask awaited = test.Group.RunAsync(NeverEndsAsync, never.Task);
        await test.ParkedAsync();
        ShutdownReport report = await test.Group.ShutdownAsync().WithCeiling();
        Assert.Equal(2, report.AbandonedCount);
        Assert.Equal(2, report.AbandonedWork.Count(name => name == "ShutdownTests.NeverEndsAsync"));
        Assert.Contains("ShutdownTests.NeverEndsAsync", Assert.Single(log));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => awaited.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task AfterTheStop_LateCompletionsOfForeignTasks_AreDroppedAndHarmNobody(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        var late = new TaskCompletionSource();
        test.Group.Spawn(NeverEndsAsync, late.Task);
        await test.ParkedAsync();
        await test.Group.ShutdownAsync().WithCeiling();
        late.SetResult();
        Assert.Empty(test.Unhandled);
    }

    [SkippableTheory, AllDrivers]
    public async Task AfterTheStop_TheSynchronizationContextPostsToThePool(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver);
        SynchronizationContext context = test.Group[0].SynchronizationContext;
        await test.Group.ShutdownAsync().WithCeiling();
        var posted = new TaskCompletionSource<bool>();
        context.Post(_ => posted.SetResult(Thread.CurrentThread.IsThreadPoolThread), null);
        Assert.True(await posted.Task.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task ShutdownAsync_FromALoop_CompletesWhenEverythingElseHasEnded(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 2, options => options.DrainTimeout = Timeout.InfiniteTimeSpan);
        var gate = new TaskCompletionSource();
        bool otherEnded = false;
        test.Group.Spawn(async () =>
        {
            await gate.Task;
            otherEnded = true;
        });
        ValueTask<bool> caller = test.Group.RunAsync(async () =>
        {
            EventLoop loop = EventLoop.Current!;
            gate.SetResult();
            await loop.Group.ShutdownAsync();
            return otherEnded && EventLoop.Current == loop;
        });
        Assert.True(await caller.WithCeiling());
        Assert.True((await test.Group.ShutdownAsync().WithCeiling()).Drained);
    }

    [SkippableTheory, AllDrivers]
    public async Task AwaitUsing_OnALoopOfAnotherGroup_ShutsTheInnerGroupDown(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        EventLoopGroup inner = await test.Group.RunAsync(async () =>
        {
            EventLoop outer = EventLoop.Current!;
            EventLoopGroup group;
            await using (group = new EventLoopGroup(new EventLoopGroupOptions { LoopCount = 1 }))
            {
                await group.RunAsync(() => default(ValueTask));
                Assert.Same(outer, EventLoop.Current);
            }

            Assert.Same(outer, EventLoop.Current);
            return group;
        }).WithCeiling();
        Assert.Throws<ObjectDisposedException>(() => inner.Spawn(() => default));
    }

    [SkippableTheory, AllDrivers]
    public async Task ShutdownWhenIdleAsync_AcceptsWorkUntilAllOfItHasEnded(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 2);
        var gate = new TaskCompletionSource();
        int ended = 0;
        test.Group.Spawn(async () =>
        {
            await gate.Task;
            EventLoop.Current!.Spawn(async () =>
            {
                await EventLoop.Yield();
                Interlocked.Increment(ref ended);
            });
        });
        Task<ShutdownReport> shutdown = test.Group.ShutdownWhenIdleAsync();
        await test.Group.RunAsync(() =>
        {
            Interlocked.Increment(ref ended);
            return default(ValueTask);
        }).WithCeiling();
        Assert.False(shutdown.IsCompleted);
        gate.SetResult();
        Assert.True((await shutdown.WithCeiling()).Drained);
        Assert.Equal(2, ended);
        Assert.Throws<ObjectDisposedException>(() => test.Group.Spawn(() => default));
    }

    [SkippableTheory, AllDrivers]
    public async Task ShutdownWhenIdleAsync_FromALoop_DoesNotWaitForItself(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 2);
        await test.Group.RunAsync(async () => await EventLoop.Current!.Group.ShutdownWhenIdleAsync()).WithCeiling();
        Assert.True((await test.Group.ShutdownAsync().WithCeiling()).Drained);
    }

    [SkippableTheory, AllDrivers]
    public async Task Shutdown_WithThousandsOfTasksPending_EndsAllOfThem(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 2, options => options.DrainTimeout = TimeSpan.Zero);
        int ended = 0;
        for (int i = 0; i < 5_000; i++)
        {
            test.Group.Spawn(async () =>
            {
                try
                {
                    await EventLoop.Delay(TimeSpan.FromHours(1));
                }
                finally
                {
                    Interlocked.Increment(ref ended);
                }
            });
        }

        await test.ParkedAsync();
        ShutdownReport report = await test.Group.ShutdownAsync().WithCeiling();
        Assert.Equal(5_000, ended);
        Assert.Equal(0, report.AbandonedCount);
        Assert.Empty(test.Unhandled);
    }

    [SkippableTheory, AllDrivers]
    public async Task AtTheDrainDeadline_WorkThatOnlyYields_EndsToo(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        var started = new TaskCompletionSource();
        ValueTask spinning = test.Group.RunAsync(async () =>
        {
            started.SetResult();
            while (true)
                await EventLoop.Yield();
        });
        await started.Task.WithCeiling();
        await test.Group.ShutdownAsync().WithCeiling();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => spinning.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task DrainTimeout_IsMeasuredByTheGroupsTimeProvider(DriverKind driver)
    {
        var time = new FakeTimeProvider();
        TestGroup test = TestGroup.Create(driver, 1, options =>
        {
            options.TimeProvider = time;
            options.DrainTimeout = TimeSpan.FromMinutes(1);
        });
        ValueTask running = test.Group.RunAsync(() => EventLoop.Delay(Timeout.InfiniteTimeSpan));
        Task<ShutdownReport> shutdown = test.Group.ShutdownAsync();
        await test.Group.Draining.WithCeiling();
        Assert.False(shutdown.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(1));
        await shutdown.WithCeiling();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => running.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task ForeignWaiter_OfACallThatTheStopCutsShort_GetsObjectDisposed(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        var never = new TaskCompletionSource();
        // Handed out of the loop while it is pending, awaited here.
        ValueTask leaked = default;
        await test.Group.RunAsync(() =>
        {
            leaked = NeverEndsAsync(never.Task);
            return default(ValueTask);
        }).WithCeiling();
        Task outside = leaked.AsTask();
        await test.Group.ShutdownAsync().WithCeiling();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => outside.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task ForeignWaiter_ThatComesAfterTheStop_GetsObjectDisposed(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        var never = new TaskCompletionSource();
        ValueTask leaked = default;
        await test.Group.RunAsync(() =>
        {
            leaked = NeverEndsAsync(never.Task);
            return default(ValueTask);
        }).WithCeiling();
        await test.Group.ShutdownAsync().WithCeiling();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => leaked.AsTask().WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task BclTimer_OnALoopThatStops_StillFires(DriverKind driver)
    {
        var time = new FakeTimeProvider();
        TestGroup test = TestGroup.Create(driver, 1, options => options.TimeProvider = time);
        Task delay = Task.Delay(TimeSpan.FromHours(1), test.Group[0].TimeProvider);
        await test.Group.ShutdownAsync().WithCeiling();
        Assert.False(delay.IsCompleted);
        time.Advance(TimeSpan.FromHours(1));
        await delay.WithCeiling();
    }

    [Pinned]
    private static async partial ValueTask NeverEndsAsync(Task never) => await never;
}
