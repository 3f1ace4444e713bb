using System.Diagnostics;
using System.Reflection;
using IoPool.Tests.Support;

namespace IoPool.Tests;

/// <summary>
/// What allocates nothing in steady state, counted in bytes on the thread that does it. Each measurement runs until one
/// pass is clean: the runtime's own tiering allocates now and then, a leak of ours in every pass.
/// </summary>
[Collection(nameof(AllocationCollection))]
public sealed partial class AllocationTests
{
    private const int Calls = 1_000;
    private const int Passes = 20;

    private static readonly CancellationTokenSource s_cancellation = new();

    [ThreadStatic]
    private static LoopPeriodicTimer? s_timer;

    [SkippableTheory, AllDrivers]
    public Task ChildAwait_ThatEndsSynchronously_AllocatesNothing(DriverKind driver) =>
        AssertNothingOnTheLoop(driver, SynchronousChildrenAsync);

    [SkippableTheory, AllDrivers]
    public Task ChildAwait_ThatSuspends_AllocatesNothing(DriverKind driver) =>
        AssertNothingOnTheLoop(driver, SuspendingChildrenAsync);

    [SkippableTheory, AllDrivers]
    public Task ChildAwait_OfADeepChain_AllocatesNothing(DriverKind driver) =>
        AssertNothingOnTheLoop(driver, DeepChainsAsync);

    [SkippableTheory, AllDrivers]
    public Task Delay_AllocatesNothing(DriverKind driver) => AssertNothingOnTheLoop(driver, DelaysAsync);

    [SkippableTheory, AllDrivers]
    public Task SpawnWithState_OnTheLoop_AllocatesNothing(DriverKind driver) => AssertNothingOnTheLoop(driver, SpawnsAsync);

    [SkippableTheory, AllDrivers]
    public Task Forget_OnTheLoop_AllocatesNothing(DriverKind driver) => AssertNothingOnTheLoop(driver, ForgetsAsync);

    [SkippableTheory, AllDrivers]
    public Task ForgetOfAResult_OnTheLoop_AllocatesNothing(DriverKind driver)
    {
        Skip.If(
            typeof(EventLoop).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled == true,
            "State machines are objects in a debug build.");
        return AssertNothingOnTheLoop(driver, ForgetsOfResultsAsync);
    }

    [SkippableTheory, AllDrivers]
    public Task PostWithState_OnTheLoop_AllocatesNothing(DriverKind driver) => AssertNothingOnTheLoop(driver, PostsAsync);

    [SkippableTheory, AllDrivers]
    public Task DelayThatIsCancellable_AllocatesNothingWhileItIsNotCancelled(DriverKind driver) =>
        AssertNothingOnTheLoop(driver, CancellableDelaysAsync);

    [SkippableTheory, AllDrivers]
    public Task PeriodicTicks_AllocateNothing(DriverKind driver) => AssertNothingOnTheLoop(driver, TicksAsync);

    [SkippableTheory, AllDrivers]
    public async Task SpawnWithState_FromAnotherThread_AllocatesNothing(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        using var ran = new SemaphoreSlim(0);
        await Task.Factory.StartNew(
            () => AssertNothing(() =>
            {
                for (int i = 0; i < Calls; i++)
                {
                    test.Group.Spawn(
                        static ran =>
                        {
                            ran.Release();
                            return default;
                        },
                        ran);
                    test.Group[0].Post(static ran => ran.Release(), ran);
                    Assert.True(ran.Wait(TestGroup.Ceiling));
                    Assert.True(ran.Wait(TestGroup.Ceiling));
                }
            }),
            TaskCreationOptions.LongRunning).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task AwaitOfAForeignTask_AllocatesNoMoreThanTheBaseClassLibrarysContinuation(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        long bytes = await test.Group.RunAsync(static async () =>
        {
            long least = long.MaxValue;
            for (int pass = 0; pass < Passes; pass++)
            {
                TaskCompletionSource[] sources = [.. Enumerable.Range(0, Calls).Select(_ => new TaskCompletionSource())];
                long before = GC.GetAllocatedBytesForCurrentThread();
                foreach (TaskCompletionSource source in sources)
                {
                    ValueTask child = AwaitTaskAsync(source.Task);
                    source.SetResult();
                    await child;
                }

                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            return least / Calls;
        }).WithCeiling();
        // One SynchronizationContextAwaitTaskContinuation.
        Assert.InRange(bytes, 0, 64);
    }

    private static async Task AssertNothingOnTheLoop(DriverKind driver, Func<ValueTask> measured)
    {
        await using TestGroup test = TestGroup.Create(driver);
        string? failure = await test.Group.RunAsync(
            static async measured =>
            {
                long bytes = 0;
                for (int pass = 0; pass < Passes; pass++)
                {
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    await measured();
                    bytes = GC.GetAllocatedBytesForCurrentThread() - before;
                    if (bytes == 0)
                        return null;
                }

                return $"{bytes} bytes in {Calls} calls, in each of {Passes} passes.";
            },
            measured).WithCeiling();
        Assert.Null(failure);
    }

    private static void AssertNothing(Action measured)
    {
        long bytes = 0;
        for (int pass = 0; pass < Passes; pass++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            measured();
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (bytes == 0)
                return;
        }

        Assert.Fail($"{bytes} bytes in {Calls} calls, in each of {Passes} passes.");
    }

    [Pinned]
    private static async partial ValueTask SynchronousChildrenAsync()
    {
        for (int i = 0; i < Calls; i++)
            await ChildAsync(suspends: false);
    }

    [Pinned]
    private static async partial ValueTask SuspendingChildrenAsync()
    {
        for (int i = 0; i < Calls; i++)
            await ChildAsync(suspends: true);
    }

    [Pinned]
    private static async partial ValueTask DeepChainsAsync()
    {
        for (int i = 0; i < Calls / 10; i++)
            await DeepAsync(50);
    }

    [Pinned]
    private static async partial ValueTask DelaysAsync()
    {
        for (int i = 0; i < Calls; i++)
            await EventLoop.Delay(TimeSpan.Zero);
    }

    [Pinned]
    private static async partial ValueTask SpawnsAsync()
    {
        EventLoop loop = EventLoop.Current!;
        for (int i = 0; i < Calls; i++)
        {
            loop.Spawn(static _ => ChildAsync(suspends: true), loop);
            if (i % 100 == 99)
                await EventLoop.Yield();
        }
    }

    [Pinned]
    private static async partial ValueTask ForgetsAsync()
    {
        for (int i = 0; i < Calls; i++)
        {
            ChildAsync(suspends: true).Forget();
            if (i % 100 == 99)
                await EventLoop.Yield();
        }
    }

    [Pinned]
    private static async partial ValueTask ForgetsOfResultsAsync()
    {
        for (int i = 0; i < Calls; i++)
        {
            DeepAsync(1).Forget();
            if (i % 100 == 99)
                await EventLoop.Yield();
        }
    }

    [Pinned]
    private static async partial ValueTask PostsAsync()
    {
        EventLoop loop = EventLoop.Current!;
        for (int i = 0; i < Calls; i++)
        {
            loop.Post(static loop => GC.KeepAlive(loop), loop);
            if (i % 100 == 99)
                await EventLoop.Yield();
        }
    }

    [Pinned]
    private static async partial ValueTask CancellableDelaysAsync()
    {
        for (int i = 0; i < Calls; i++)
            await EventLoop.Delay(TimeSpan.Zero, s_cancellation.Token);
    }

    [Pinned]
    private static async partial ValueTask TicksAsync()
    {
        s_timer ??= EventLoop.Current!.CreatePeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (int i = 0; i < Calls / 100; i++)
            await s_timer.WaitForNextTickAsync();
    }

    [Pinned]
    private static async partial ValueTask ChildAsync(bool suspends)
    {
        if (suspends)
            await EventLoop.Yield();
    }

    [Pinned]
    private static async partial ValueTask<int> DeepAsync(int depth)
    {
        if (depth > 1)
            return 1 + await DeepAsync(depth - 1);

        await EventLoop.Yield();
        return 1;
    }

    [Pinned]
    private static async partial ValueTask AwaitTaskAsync(Task task) => await task;
}

/// <summary>Measurements run alone.</summary>
[CollectionDefinition(nameof(AllocationCollection), DisableParallelization = true)]
public sealed class AllocationCollection;
