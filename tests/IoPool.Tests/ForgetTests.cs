using System.Runtime.CompilerServices;
using IoPool.Tests.Support;

namespace IoPool.Tests;

/// <summary>What becomes of a call that is forgotten: work of its loop, whose exception somebody hears of.</summary>
[Collection(ProcessWide.Name)]
public sealed partial class ForgetTests
{
    [SkippableTheory, AllDrivers]
    public async Task OnALoop_ItRunsToItsEnd_AndCountsAsWorkUntilThen(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await test.Group.RunAsync(() =>
        {
            WaitAsync(gate.Task, ended).Forget();
            return default(ValueTask);
        }).WithCeiling();
        await test.ParkedAsync();
        Assert.Equal(1, test.Group[0].ActiveCount);
        Task idle = test.Group.WhenIdleAsync();
        Assert.False(idle.IsCompleted);

        gate.SetResult();
        await ended.Task.WithCeiling();
        await idle.WithCeiling();
        Assert.Equal(0, test.Group[0].ActiveCount);
        Assert.Empty(test.Unhandled);
    }

    [SkippableTheory, AllDrivers]
    public async Task OnALoop_ItsExceptionIsReportedOnce(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(static () =>
        {
            FailAsync("later", suspends: true).Forget();
            FailAsync("at once", suspends: false).Forget();
            FailWithResultAsync("with a result").Forget();
            return default(ValueTask);
        }).WithCeiling();
        await test.Group.WhenIdleAsync().WithCeiling();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        await test.ParkedAsync();
        Assert.Equal(["at once", "later", "with a result"], test.Unhandled.Select(e => e.Message).Order(StringComparer.Ordinal));
    }

    [SkippableTheory, AllDrivers]
    public async Task ACallThatHasEnded_IsNoWorkAnyMore(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        int active = await test.Group.RunAsync(static () =>
        {
            CountAsync().Forget();
            default(ValueTask).Forget();
            return new ValueTask<int>(EventLoop.Current!.ActiveCount);
        }).WithCeiling();
        Assert.Equal(1, active);
        Assert.Empty(test.Unhandled);
    }

    [SkippableTheory, AllDrivers]
    public async Task ATaskThatFailed_IsReportedAsWell(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(static () =>
        {
            new ValueTask(Task.FromException(new FormatException("of a task"))).Forget();
            return default(ValueTask);
        }).WithCeiling();
        await test.Group.WhenIdleAsync().WithCeiling();
        Assert.Equal("of a task", Assert.Single(test.Unhandled).Message);
    }

    [SkippableTheory, AllDrivers]
    public async Task WhileTheGroupShutsDown_ItDoesNotThrow(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await test.Group.RunAsync(async () =>
        {
            Task<ShutdownReport> stopping = test.Group.ShutdownAsync();
            WaitAsync(Task.CompletedTask, ended).Forget();
            YieldAndSetAsync(ended).Forget();
            await EventLoop.Yield();
            GC.KeepAlive(stopping);
        }).WithCeiling();
        await ended.Task.WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task OutsideOfLoops_ItIsWorkOfTheDefaultGroup(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        EventLoopGroup.Default = test.Group;
        try
        {
            FailAsync("from outside", suspends: true).Forget();
            await test.Group.WhenIdleAsync().WithCeiling();
        }
        finally
        {
            EventLoopGroup.Default = null;
        }

        await test.ParkedAsync();
        Assert.Equal("from outside", Assert.Single(test.Unhandled).Message);
    }

    [Fact]
    public void OutsideOfLoops_WithoutADefaultGroup_ItsExceptionIsThatOfAnUnobservedTask()
    {
        Exception? unobserved = null;
        EventHandler<UnobservedTaskExceptionEventArgs> handler = (_, e) =>
        {
            if (e.Exception.InnerException is FormatException { Message: "unobserved" } exception)
                unobserved = exception;
        };
        TaskScheduler.UnobservedTaskException += handler;
        try
        {
            Forget();
            for (int i = 0; i < 20 && unobserved is null; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= handler;
        }

        Assert.NotNull(unobserved);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget() => new ValueTask(Task.FromException(new FormatException("unobserved"))).Forget();
    }

    [Pinned]
    private static async partial ValueTask WaitAsync(Task gate, TaskCompletionSource ended)
    {
        await gate;
        ended.TrySetResult();
    }

    [Pinned]
    private static async partial ValueTask YieldAndSetAsync(TaskCompletionSource ended)
    {
        await EventLoop.Yield();
        ended.TrySetResult();
    }

    [Pinned]
    private static async partial ValueTask FailAsync(string message, bool suspends)
    {
        if (suspends)
            await EventLoop.Yield();
        throw new FormatException(message);
    }

    [Pinned]
    private static async partial ValueTask<int> FailWithResultAsync(string message)
    {
        await EventLoop.Yield();
        throw new FormatException(message);
    }

    [Pinned]
    private static async partial ValueTask<int> CountAsync() => await new ValueTask<int>(1);
}
