using IoPool.Tests.Support;

namespace IoPool.Tests;

public sealed partial class OffloadTests
{
    private static readonly AsyncLocal<int> s_local = new();

    [SkippableTheory, AllDrivers]
    public async Task RunAsync_RunsOnThePoolAndResumesOnTheOwningLoop(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        for (int i = 0; i < 50; i++)
            Assert.True(await test.Group.RunAsync(OffloadsAsync).WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task RunAsync_WhileItsWorkBlocks_TheLoopGoesOn(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        using var gate = new ManualResetEventSlim();
        ValueTask<bool> blocked = test.Group.RunAsync(async () => await Offload.RunAsync(() => gate.Wait(TestGroup.Ceiling)));
        await test.ParkedAsync();
        gate.Set();
        Assert.True(await blocked.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task RunAsync_WhenTheWorkThrows_TheAwaiterGetsIt(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await Assert.ThrowsAsync<FormatException>(() => test.Group.RunAsync(
            async () => await Offload.RunAsync(() => throw new FormatException())).WithCeiling());
        Assert.Empty(test.Unhandled);
    }

    [SkippableTheory, AllDrivers]
    public async Task RunAsync_FlowsTheExecutionContextToTheWork(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        Assert.Equal(8, await test.Group.RunAsync(async () =>
        {
            s_local.Value = 8;
            return await Offload.RunAsync(() => s_local.Value);
        }).WithCeiling());
    }

    [Fact]
    public async Task RunAsync_OffTheLoop_RunsOnThePool()
    {
        Assert.True(await Offload.RunAsync(() => Thread.CurrentThread.IsThreadPoolThread).WithCeiling());
        bool ran = false;
        await Offload.RunAsync(() => { ran = true; }).WithCeiling();
        Assert.True(ran);
        Assert.Throws<ArgumentNullException>(() => { _ = Offload.RunAsync(null!); });
    }

    [SkippableTheory, AllDrivers]
    public async Task WorkThatOutlivesTheLoop_EndsQuietly_AndItsCallerIsNamed(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        using var gate = new ManualResetEventSlim();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        test.Group.Spawn(WaitsForAsync, (Action)(() =>
        {
            gate.Wait(TestGroup.Ceiling);
            ended.SetResult();
        }));
        await test.ParkedAsync();
        ShutdownReport report = await test.Group.ShutdownAsync().WithCeiling();
        Assert.Equal("OffloadTests.WaitsForAsync", Assert.Single(report.AbandonedWork));
        gate.Set();
        await ended.Task.WithCeiling();
        Assert.Empty(test.Unhandled);
    }

    [Pinned]
    private static async partial ValueTask<bool> OffloadsAsync()
    {
        EventLoop loop = EventLoop.Current!;
        bool onPool = await Offload.RunAsync(() => EventLoop.Current is null && Thread.CurrentThread.IsThreadPoolThread);
        bool back = EventLoop.Current == loop;
        await Offload.RunAsync(() => { });
        return onPool && back && EventLoop.Current == loop;
    }

    [Pinned]
    private static async partial ValueTask WaitsForAsync(Action work) => await Offload.RunAsync(work);
}
