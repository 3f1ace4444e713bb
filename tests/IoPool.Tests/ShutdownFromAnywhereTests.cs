using IoPool.Tests.Support;

namespace IoPool.Tests;

/// <summary>Who may shut down from where, and that nobody who waits for a group hangs when it does.</summary>
public sealed partial class ShutdownFromAnywhereTests
{
    [SkippableTheory, AllDrivers]
    public async Task AwaitUsing_OnOneOfItsOwnLoops_Ends(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 2, options => options.DrainTimeout = Timeout.InfiniteTimeSpan);
        await test.Group.RunAsync(async () =>
        {
            await using (EventLoop.Current!.Group)
                await EventLoop.Yield();
        }).WithCeiling();
        Assert.True((await test.Group.ShutdownAsync().WithCeiling()).Drained);
        Assert.Throws<ObjectDisposedException>(() => test.Group.Spawn(() => default));
    }

    [SkippableTheory, AllDrivers]
    public async Task AwaitUsing_BlockedOnByAForeignThread_Ends(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 2);
        var thread = new Thread(() => test.Group.DisposeAsync().AsTask().Wait());
        thread.Start();
        Assert.True(await Task.Run(() => thread.Join(TestGroup.Ceiling)).WithCeiling());
        Assert.True((await test.Group.ShutdownAsync().WithCeiling()).Drained);
    }

    [SkippableTheory, AllDrivers]
    public async Task ShutdownAsync_FromManyPlacesAtOnce_IsOneShutdown(DriverKind driver)
    {
        int stops = 0;
        TestGroup test = TestGroup.Create(driver, 3, options => options.OnLoopStop = _ => Interlocked.Increment(ref stops));
        Task[] all =
        [
            .. Enumerable.Range(0, 3).Select(_ => Task.Run(() => test.Group.ShutdownAsync())),
            .. test.Group.Select(loop => OnLoopAsync(loop)),
        ];
        await Task.WhenAll(all).WithCeiling();
        await test.Group.ShutdownAsync().WithCeiling();
        Assert.Equal(3, stops);

        static async Task OnLoopAsync(EventLoop loop)
        {
            try
            {
                await loop.RunAsync(async () => { await loop.Group.ShutdownAsync(); });
            }
            catch (ObjectDisposedException)
            {
                // Another one was first.
            }
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task WhenIdleAsync_WithALoopThatIsNeverOutOfWork_CompletesAllTheSame(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        EventLoop loop = test.Group[0];
        bool stop = false;
        loop.Post(Again);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        test.Group.Spawn(async () => await gate.Task);
        Task idle = test.Group.WhenIdleAsync();
        await test.Group.RunAsync(() => default(ValueTask)).WithCeiling();
        Assert.False(idle.IsCompleted);
        gate.SetResult();
        await idle.WithCeiling();
        Volatile.Write(ref stop, true);

        void Again()
        {
            if (!Volatile.Read(ref stop))
                loop.Post(Again);
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task WhoWaitsForTheGroupToIdle_GoesOnWhenItStopsFirst(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        var never = new TaskCompletionSource();
        test.Group.Spawn(NeverEndsAsync, never.Task);
        Task idle = test.Group.WhenIdleAsync();
        Task whenIdle = test.Group.ShutdownWhenIdleAsync();
        Task untilIdle = Task.Run(() => test.Group.RunUntilIdle(() => NeverEndsAsync(never.Task)));
        await test.ParkedAsync();
        Assert.False(idle.IsCompleted);
        await test.Group.ShutdownAsync().WithCeiling();
        await idle.WithCeiling();
        await whenIdle.WithCeiling();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => untilIdle.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task Run_WhenTheGroupStopsFirst_ThrowsObjectDisposed(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        var never = new TaskCompletionSource();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task run = Task.Run(() => test.Group.Run(() =>
        {
            started.SetResult();
            return NeverEndsAsync(never.Task);
        }));
        await started.Task.WithCeiling();
        await test.Group.ShutdownAsync().WithCeiling();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => run.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task SpawnAllAsync_WithCallsThatTheStopLeavesBehind_ThrowsObjectDisposed(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        var never = new TaskCompletionSource();
        Task all = test.Group.SpawnAllAsync(Two(), maxConcurrency: 4);
        Task full = test.Group.SpawnAllAsync(Two(), maxConcurrency: 1);
        await test.ParkedAsync();
        await test.Group.ShutdownAsync().WithCeiling();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => all.WithCeiling());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => full.WithCeiling());

        async IAsyncEnumerable<Func<ValueTask>> Two()
        {
            yield return () => NeverEndsAsync(never.Task);
            yield return () => NeverEndsAsync(never.Task);
            await Task.CompletedTask;
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task SpawnAllAsync_WhileItWaitsForTheSequence_ThrowsObjectDisposedWhenTheGroupShutsDown(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = Timeout.InfiniteTimeSpan);
        var calls = System.Threading.Channels.Channel.CreateUnbounded<Func<ValueTask>>();
        Task all = test.Group.SpawnAllAsync(calls.Reader.ReadAllAsync());
        await test.Group.ShutdownAsync().WithCeiling();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => all.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task AnOffloadAwaitedOutside_OfALoopThatStops_EndsWithObjectDisposed(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        using var gate = new ManualResetEventSlim();
        ValueTask<int> leaked = default;
        await test.Group.RunAsync(() =>
        {
            leaked = Offload.RunAsync(() =>
            {
                gate.Wait(TestGroup.Ceiling);
                return 1;
            });
            return default(ValueTask);
        }).WithCeiling();
        Task outside = leaked.AsTask();
        await test.Group.ShutdownAsync().WithCeiling();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => outside.WithCeiling());
        gate.Set();
    }

    [SkippableTheory, AllDrivers]
    public async Task AwaitOfAStoppedGroupsCall_OnALoopOfAnotherGroup_EndsWithObjectDisposed(DriverKind driver)
    {
        await using TestGroup other = TestGroup.Create(driver);
        TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        var never = new TaskCompletionSource();
        Task waiting = other.Group.RunAsync(() => AwaitElsewhereAsync(test.Group, never.Task)).AsTask();
        await other.ParkedAsync();
        await test.ParkedAsync();
        await test.Group.ShutdownAsync().WithCeiling();
        await waiting.WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task ALateCompletion_AfterTheStop_IsDroppedAndCounted(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        var late = new TaskCompletionSource();
        bool wentOn = false;
        test.Group.Spawn(async () =>
        {
            await AwaitThenNoteAsync(late.Task, () => wentOn = true);
        });
        await test.ParkedAsync();
        await test.Group.ShutdownAsync().WithCeiling();
        int before = test.Group[0].AbandonedCount;
        late.SetResult();
        Assert.Equal(before + 1, test.Group[0].AbandonedCount);
        Assert.False(wentOn);
    }

    [SkippableTheory, AllDrivers]
    public async Task ShutdownRequested_IsCancelledAtTheBeginning_AndACallbackThatThrowsIsReported(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver);
        test.Group.ShutdownRequested.Register(() => throw new FormatException("callback"));
        await test.Group.RunAsync(async () =>
        {
            Task shutdown = EventLoop.Current!.Group.ShutdownAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
                await EventLoop.Delay(Timeout.InfiniteTimeSpan, EventLoop.Current!.Group.ShutdownRequested));
            await shutdown;
        }).WithCeiling();
        await test.Group.ShutdownAsync().WithCeiling();
        Assert.IsType<FormatException>(Assert.IsType<AggregateException>(Assert.Single(test.Unhandled)).InnerException);
    }

    [SkippableTheory, AllDrivers]
    public async Task AfterTheStop_OrdinaryCodeThatWaitedForATask_GoesOnOnThePool(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        var late = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var wentOn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        test.Group.Spawn(async () =>
        {
            await late.Task;
            wentOn.SetResult(EventLoop.Current is null && Thread.CurrentThread.IsThreadPoolThread);
        });
        await test.ParkedAsync();
        await test.Group.ShutdownAsync().WithCeiling();
        late.SetResult();
        Assert.True(await wentOn.Task.WithCeiling());
    }

    [Pinned]
    private static async partial ValueTask NeverEndsAsync(Task never) => await never;

    [Pinned]
    private static async partial ValueTask AwaitThenNoteAsync(Task task, Action note)
    {
        await task;
        note();
    }

    [Pinned]
    private static async partial ValueTask AwaitElsewhereAsync(EventLoopGroup group, Task never)
    {
        EventLoop loop = EventLoop.Current!;
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await group.RunAsync(NeverEndsAsync, never));
        Assert.Same(loop, EventLoop.Current);
    }
}
