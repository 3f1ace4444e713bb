using System.Runtime.CompilerServices;
using IoPool.Tests.Support;

namespace IoPool.Tests;

/// <summary>Who hears of an exception that nobody awaits ("Exceptions" of what pinned means).</summary>
public sealed partial class UnhandledExceptionTests
{
    [SkippableTheory, AllDrivers]
    public async Task APostedCallbackThatThrows_IsReportedAtOnce_OnTheLoop(DriverKind driver)
    {
        var reported = new List<(EventLoop Loop, EventLoop? Current, Exception Exception)>();
        await using TestGroup test = TestGroup.Create(
            driver, 1, options => options.UnhandledException = (loop, exception) => reported.Add((loop, EventLoop.Current, exception)));
        var next = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        EventLoop loop = test.Group[0];
        await loop.RunAsync(() =>
        {
            loop.Post(() => throw new FormatException("posted"));
            loop.Spawn(() => throw new FormatException("thrown by the delegate"));
            loop.Spawn(async () =>
            {
                await EventLoop.Yield();
                throw new FormatException("after an await");
            });
            loop.Post(() => next.SetResult(reported.Count));
            return default(ValueTask);
        }).WithCeiling();
        Assert.Equal(2, await next.Task.WithCeiling());
        await test.ParkedAsync();
        Assert.Equal(["posted", "thrown by the delegate", "after an await"], reported.Select(one => one.Exception.Message));
        Assert.All(reported, one =>
        {
            Assert.Same(loop, one.Loop);
            Assert.Same(loop, one.Current);
        });
    }

    [SkippableTheory, AllDrivers]
    public async Task AnAwaitedChildThatFails_IsReportedOnceByItsSpawnedParent(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        test.Group.Spawn(() => ParentAsync(3));
        await test.ParkedAsync();
        Collect();
        Assert.Equal("child", Assert.Single(test.Unhandled).Message);
    }

    [SkippableTheory, AllDrivers]
    public async Task AForgottenCallThatFailedAtOnce_IsReportedWhenItIsCollected(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(static () =>
        {
            Forget();
            return default(ValueTask);
        }).WithCeiling();
        for (int i = 0; i < 20 && test.Unhandled.Count == 0; i++)
            Collect();
        Assert.Equal("at once", Assert.Single(test.Unhandled).Message);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget() => _ = FailAtOnceAsync(null);
    }

    [SkippableTheory, AllDrivers]
    public async Task AForgottenCallThatWasCancelled_IsNoNews(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(static async () =>
        {
            Forget();
            await EventLoop.Yield();
        }).WithCeiling();
        await test.ParkedAsync();
        Collect();
        Collect();
        Assert.Empty(test.Unhandled);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget() => _ = CancelAsync();
    }

    [SkippableTheory, AllDrivers]
    public async Task WithoutAHandler_OneEntryIsLogged_AndTheLoopGoesOn(DriverKind driver)
    {
        Skip.If(IoPool.Drivers.DriverChoice.WhyNot(driver) is not null, "The driver cannot run here.");
        var log = new List<string>();
        await using var group = new EventLoopGroup(new EventLoopGroupOptions { LoopCount = 1, Driver = driver, Log = log.Add });
        group.Spawn(() => throw new FormatException("nobody handles this"));
        Assert.Equal(1, await group.RunAsync(() => new ValueTask<int>(1)).WithCeiling());
        string entry = Assert.Single(log);
        Assert.Contains("nobody handles this", entry);
        Assert.Contains(group[0].Name, entry);
    }

    [SkippableTheory, AllDrivers]
    public async Task AHandlerThatThrows_IsLoggedTogetherWithTheOriginal(DriverKind driver)
    {
        var log = new List<string>();
        await using TestGroup test = TestGroup.Create(driver, 1, options =>
        {
            options.Log = log.Add;
            options.UnhandledException = (_, _) => throw new InvalidOperationException("the handler's own");
        });
        test.Group.Spawn(() => throw new FormatException("the original"));
        await test.ParkedAsync();
        string entry = Assert.Single(log);
        Assert.Contains("the handler's own", entry);
        Assert.Contains("the original", entry);
    }

    [SkippableTheory, AllDrivers]
    public async Task ALoopThatIsBroken_EndsTheProcessAndSaysItsName(DriverKind driver)
    {
        string output = await ChildProcess.RunAsync("broken-loop", driver);
        Assert.Contains("event loop 'broken-1' failed", output);
        Assert.DoesNotContain(ChildProcess.Survived, output);
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Pinned]
    private static async partial ValueTask ParentAsync(int depth)
    {
        if (depth == 0)
        {
            await EventLoop.Yield();
            throw new FormatException("child");
        }

        await ParentAsync(depth - 1);
    }

    [Pinned]
    private static async partial ValueTask FailAtOnceAsync(object? argument)
    {
        if (argument is null)
            throw new FormatException("at once");
        await EventLoop.Yield();
    }

    [Pinned]
    private static async partial ValueTask CancelAsync()
    {
        await EventLoop.Yield();
        throw new OperationCanceledException();
    }
}
