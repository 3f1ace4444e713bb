using IoPool.Tests.Support;

namespace IoPool.Tests;

public sealed partial class EventLoopGroupTests
{
    [SkippableTheory, AllDrivers]
    public async Task Spawn_FromOutside_GoesRoundTheLoops(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 3);
        int[] counts = new int[3];
        using var all = new CountdownEvent(30);
        for (int i = 0; i < 30; i++)
        {
            test.Group.Spawn(() =>
            {
                Interlocked.Increment(ref counts[EventLoop.Current!.Index]);
                all.Signal();
                return default;
            });
        }

        Assert.True(all.Wait(TestGroup.Ceiling));
        Assert.Equal([10, 10, 10], counts);
    }

    [SkippableTheory, AllDrivers]
    public async Task Spawn_FromPinnedMethod_StaysOnTheParentsLoop(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        (EventLoop? parent, EventLoop? child, EventLoop? callee) = await test.Group[1].RunAsync(SpawnAndCallAsync).WithCeiling();
        Assert.Same(test.Group[1], parent);
        Assert.Same(parent, child);
        Assert.Same(parent, callee);
    }

    [SkippableTheory, AllDrivers]
    public async Task Spawn_FailingChild_IsReportedExactlyOnceAndTheLoopGoesOn(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        test.Group.Spawn(() => throw new FormatException("synchronous"));
        test.Group.Spawn(async () =>
        {
            await EventLoop.Yield();
            throw new FormatException("later");
        });
        test.Group[0].Post(() => throw new FormatException("posted"));
        await test.ParkedAsync();
        Assert.Equal(["later", "posted", "synchronous"], test.Unhandled.Select(exception => exception.Message).Order());
    }

    [SkippableTheory, AllDrivers]
    public async Task UnhandledException_WhenTheHandlerThrows_TheLoopGoesOn(DriverKind driver)
    {
        var log = new List<string>();
        await using TestGroup test = TestGroup.Create(driver, 1, options =>
        {
            options.UnhandledException = (_, _) => throw new FormatException("handler");
            options.Log = log.Add;
        });
        test.Group.Spawn(() => throw new InvalidCastException("original"));
        await test.ParkedAsync();
        string entry = Assert.Single(log);
        Assert.Contains("handler", entry);
        Assert.Contains("original", entry);
    }

    [SkippableTheory, AllDrivers]
    public async Task RunAsync_PassesTheExceptionToWhoeverAwaitsAndToNobodyElse(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await Assert.ThrowsAsync<FormatException>(() => test.Group.RunAsync(() => throw new FormatException()).WithCeiling());
        await Assert.ThrowsAsync<FormatException>(() => test.Group.RunAsync<int>(() => throw new FormatException()).WithCeiling());
        await Assert.ThrowsAsync<FormatException>(() => test.Group.RunAsync<int>(async () =>
        {
            await EventLoop.Yield();
            throw new FormatException();
        }).WithCeiling());
        Assert.Empty(test.Unhandled);
    }

    [SkippableTheory, AllDrivers]
    public async Task RunAsync_WithState_PassesItAndReturnsTheResult(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        Assert.Equal(42, await test.Group.RunAsync(static state => new ValueTask<int>(state + 2), 40).WithCeiling());
        var box = new int[1];
        await test.Group.RunAsync(
            static async state =>
            {
                await EventLoop.Yield();
                state[0] = 7;
            },
            box).WithCeiling();
        Assert.Equal(7, box[0]);
    }

    [SkippableTheory, AllDrivers]
    public async Task ActiveCount_AfterRunAsyncReturned_DoesNotCountIt(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        for (int i = 0; i < 100; i++)
        {
            await test.Group.RunAsync(() => default(ValueTask)).WithCeiling();
            Assert.Equal(0, test.Group[0].ActiveCount);
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task QueueDepth_ShowsWhatABusyLoopHasNotCaughtUpWith(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        using var hold = new ManualResetEventSlim();
        using var held = new ManualResetEventSlim();
        test.Group[0].Post(() =>
        {
            held.Set();
            hold.Wait();
        });
        Assert.True(held.Wait(TestGroup.Ceiling));
        for (int i = 0; i < 50; i++)
            test.Group[0].Spawn(() => default);
        Assert.Equal(50, test.Group[0].QueueDepth);
        Assert.Equal(50, test.Group[0].ActiveCount);
        hold.Set();
        await test.ParkedAsync();
        Assert.Equal(0, test.Group[0].QueueDepth);
    }

    [SkippableTheory, AllDrivers]
    public async Task Indexer_OutOfRange_Throws(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => test.Group[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => test.Group[-1]);
        Assert.Equal(2, test.Group.Count);
        Assert.Equal([0, 1], test.Group.Select(loop => loop.Index));
    }

    [SkippableTheory, AllDrivers]
    public async Task Next_LeastLoaded_AvoidsLoopsWithUnfinishedWork(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 3, options => options.Placement = Placement.LeastLoaded);
        var gate = new TaskCompletionSource();
        var loops = new List<EventLoop>();
        for (int i = 0; i < 3; i++)
        {
            EventLoop next = test.Group.Next();
            loops.Add(next);
            next.Spawn(async () => await gate.Task);
        }

        Assert.Equal(3, loops.Distinct().Count());
        test.Group[0].Spawn(async () => await gate.Task);
        test.Group[2].Spawn(async () => await gate.Task);
        for (int i = 0; i < 6; i++)
            Assert.Same(test.Group[1], test.Group.Next());
        gate.SetResult();
    }

    [SkippableTheory, AllDrivers]
    public async Task Spawn_NullMethod_Throws(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        Assert.Throws<ArgumentNullException>(() => test.Group.Spawn(null!));
        Assert.Throws<ArgumentNullException>(() => test.Group[0].Post(null!));
        Assert.Throws<ArgumentNullException>(() => { _ = test.Group.RunAsync((Func<ValueTask>)null!); });
    }

    [SkippableTheory, AllDrivers]
    public async Task UnsynchronisedState_SharedByTasksOfOneLoopUnderLoad_IsNeverTorn(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        var shared = new Dictionary<int, int>();
        var tasks = new List<Task>();
        EventLoop loop = test.Group[0];
        for (int producer = 0; producer < 4; producer++)
        {
            tasks.Add(Task.Run(async () =>
            {
                for (int i = 0; i < 500; i++)
                    await loop.RunAsync(() => CountAsync(shared, i % 10));
            }));
        }

        await Task.WhenAll(tasks).WithCeiling();
        Assert.Equal(4 * 500 * 3, shared.Values.Sum());
    }

    [Pinned]
    private static async partial ValueTask CountAsync(Dictionary<int, int> shared, int key)
    {
        for (int i = 0; i < 3; i++)
        {
            shared[key] = shared.GetValueOrDefault(key) + 1;
            await EventLoop.Yield();
        }
    }

    [Pinned]
    private static async partial ValueTask<(EventLoop? Parent, EventLoop? Child, EventLoop? Callee)> SpawnAndCallAsync()
    {
        EventLoop parent = EventLoop.Current!;
        var child = new TaskCompletionSource<EventLoop?>();
        parent.Spawn(async () =>
        {
            await EventLoop.Yield();
            child.SetResult(EventLoop.Current);
        });
        return (parent, await child.Task, await WhereAsync());
    }

    [Pinned]
    private static async partial ValueTask<EventLoop?> WhereAsync()
    {
        await Task.Yield();
        return EventLoop.Current;
    }
}
