using IoPool.Tests.Support;

namespace IoPool.Tests;

/// <summary>What the tests of the crate <c>tokio-io-pool</c> show of it, shown of this (sockets: see Net).</summary>
public sealed partial class TokioIoPoolTests
{
    [SkippableTheory, AllDrivers]
    public async Task ItWorks(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        var done = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        test.Group.Spawn(() =>
        {
            done.SetResult(1);
            return default;
        });
        Assert.Equal(1, await done.Task.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task Run_WaitsForEverythingThatWasSpawned(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        int count = 0;
        await Task.Run(() => test.Group.RunUntilIdle(async () =>
        {
            for (int i = 0; i < 10; i++)
            {
                test.Group.Spawn(async () =>
                {
                    await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
                    Interlocked.Increment(ref count);
                });
            }

            await EventLoop.Yield();
        })).WithCeiling();
        Assert.Equal(10, count);
    }

    [SkippableTheory, AllDrivers]
    public async Task InterThreadCommunication_BetweenTwoLoops(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        var there = System.Threading.Channels.Channel.CreateUnbounded<int>();
        var back = System.Threading.Channels.Channel.CreateUnbounded<int>();
        test.Group[1].Spawn(async () =>
        {
            await foreach (int number in there.Reader.ReadAllAsync())
                back.Writer.TryWrite(number * 2);
            back.Writer.Complete();
        });
        int sum = await test.Group[0].RunAsync(async () =>
        {
            int sum = 0;
            for (int i = 1; i <= 100; i++)
            {
                there.Writer.TryWrite(i);
                sum += await back.Reader.ReadAsync();
                Assert.Same(test.Group[0], EventLoop.Current);
            }

            there.Writer.Complete();
            return sum;
        }).WithCeiling();
        Assert.Equal(10_100, sum);
    }

    [SkippableTheory, AllDrivers]
    public async Task TasksWithStateThatIsNotThreadSafe_ShareItOnTheirLoop(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        var list = new List<int>();
        await Task.Run(() => test.Group.RunUntilIdle(() =>
        {
            test.Group[0].Spawn(() => FillAsync(list, 0));
            return default;
        })).WithCeiling();
        Assert.Equal(127, list.Count);
    }

    [SkippableTheory, AllDrivers]
    public async Task LazilySpawning_FromTheFirstStep_StaysOnTheLoop(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        var loops = new HashSet<EventLoop?>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        test.Group[1].Spawn(() =>
        {
            loops.Add(EventLoop.Current);
            EventLoop.Current!.Spawn(() =>
            {
                loops.Add(EventLoop.Current);
                EventLoop.Current!.Spawn(() =>
                {
                    loops.Add(EventLoop.Current);
                    all.SetResult();
                    return default;
                });
                return default;
            });
            return default;
        });
        await all.Task.WithCeiling();
        Assert.Same(test.Group[1], Assert.Single(loops));
    }

    // A binary tree of tasks, all on the parent's loop, all adding to one list without a lock.
    [Pinned]
    private static async partial ValueTask FillAsync(List<int> list, int depth)
    {
        list.Add(depth);
        await EventLoop.Yield();
        if (depth == 6)
            return;
        for (int i = 0; i < 2; i++)
            EventLoop.Current!.Spawn(static next => FillAsync(next.list, next.depth), (list, depth: depth + 1));
    }
}
