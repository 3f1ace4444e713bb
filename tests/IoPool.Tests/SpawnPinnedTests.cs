using IoPool.Tests.Support;

namespace IoPool.Tests;

/// <summary>What the tests of tokio-util's <c>spawn_pinned</c> show of it, shown of this.</summary>
public sealed class SpawnPinnedTests
{
    [SkippableTheory, AllDrivers]
    public async Task WorkThatIsNotThreadSafe_RunsWholeOnOneThread(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2, options => options.Placement = Placement.LeastLoaded);
        await test.Group.RunAsync(async () =>
        {
            int thread = Environment.CurrentManagedThreadId;
            for (int i = 0; i < 10; i++)
            {
                await EventLoop.Yield();
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
            }
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Tasks_AreBalanced_OverIdleLoopsFirst(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2, options => options.Placement = Placement.LeastLoaded);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        EventLoop?[] loops = new EventLoop?[2];
        Task[] tasks = [.. Enumerable.Range(0, 2).Select(i => test.Group.RunAsync(async () =>
        {
            loops[i] = EventLoop.Current;
            await gate.Task;
        }).AsTask())];
        await test.ParkedAsync();
        Assert.NotNull(loops[0]);
        Assert.NotNull(loops[1]);
        Assert.NotSame(loops[0], loops[1]);
        gate.SetResult();
        await Task.WhenAll(tasks).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task AnException_Propagates_AndTheLoopServesTheNext(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        for (int i = 0; i < 10; i++)
            await Assert.ThrowsAsync<FormatException>(() => test.Group.RunAsync(() => throw new FormatException()).WithCeiling());
        Assert.Equal(1, await test.Group.RunAsync(() => new ValueTask<int>(1)).WithCeiling());
        Assert.Equal(0, test.Group[0].ActiveCount);
    }

    [SkippableTheory, AllDrivers]
    public async Task ACancelledTask_IsCanceled_AndNoLongerCountsAsLoad(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2, options => options.Placement = Placement.LeastLoaded);
        using var cancellation = new CancellationTokenSource();
        Task task = test.Group.RunAsync(() => EventLoop.Delay(Timeout.InfiniteTimeSpan, cancellation.Token)).AsTask();
        await test.ParkedAsync();
        Assert.Equal(1, test.Group.Sum(loop => loop.ActiveCount));
        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task.WithCeiling());
        Assert.Equal(0, test.Group.Sum(loop => loop.ActiveCount));
    }

    [SkippableTheory, AllDrivers]
    public async Task NestedSpawns_OnTheGroup_DoNotDeadlock(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.Placement = Placement.LeastLoaded);
        int depth = await NestAsync(10).WithCeiling();
        Assert.Equal(10, depth);

        ValueTask<int> NestAsync(int left) => test.Group.RunAsync(async () => left == 0 ? 0 : 1 + await NestAsync(left - 1));
    }
}
