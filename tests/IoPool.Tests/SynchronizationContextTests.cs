using IoPool.Tests.Support;

namespace IoPool.Tests;

public sealed class SynchronizationContextTests
{
    [SkippableTheory, AllDrivers]
    public async Task OrdinaryAsyncCode_CalledOnALoop_ComesBackToIt(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        Assert.True(await test.Group[1].RunAsync(async () =>
        {
            await Task.Run(() => { });
            return EventLoop.Current == test.Group[1];
        }).WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task OrdinaryAsyncCode_WithConfigureAwaitFalse_LeavesTheLoop(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        using var gate = new ManualResetEventSlim();
        ValueTask<EventLoop?> where = test.Group.RunAsync(async () =>
        {
            await Task.Run(() => gate.Wait(TestGroup.Ceiling)).ConfigureAwait(false);
            return EventLoop.Current;
        });
        await test.ParkedAsync();
        gate.Set();
        Assert.Null(await where.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task EachLoop_HasAContextOfItsOwn(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        Assert.NotSame(test.Group[0].SynchronizationContext, test.Group[1].SynchronizationContext);
        foreach (EventLoop loop in test.Group)
            Assert.Same(loop.SynchronizationContext, await loop.RunAsync(() => new ValueTask<SynchronizationContext?>(SynchronizationContext.Current)).WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task Post_RunsInOrder_AndReportsExceptions(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        var order = new List<int>();
        for (int i = 0; i < 5; i++)
            test.Group[0].SynchronizationContext.Post(state => order.Add((int)state!), i);
        test.Group[0].SynchronizationContext.Post(_ => throw new FormatException(), null);
        await test.ParkedAsync();
        Assert.Equal([0, 1, 2, 3, 4], order);
        Assert.IsType<FormatException>(Assert.Single(test.Unhandled));
    }

    [SkippableTheory, AllDrivers]
    public async Task Send_FromOutside_WaitsAndPassesTheException_InlineOnTheLoop_RefusedOnAnother(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        SynchronizationContext context = test.Group[0].SynchronizationContext;
        EventLoop? where = null;
        await Task.Run(() => context.Send(_ => where = EventLoop.Current, null)).WithCeiling();
        Assert.Same(test.Group[0], where);
        await Assert.ThrowsAsync<FormatException>(() => Task.Run(() => context.Send(_ => throw new FormatException(), null)).WithCeiling());
        await test.Group[0].RunAsync(() =>
        {
            bool ran = false;
            context.Send(_ => ran = true, null);
            Assert.True(ran);
            return default(ValueTask);
        }).WithCeiling();
        await test.Group[1].RunAsync(() =>
        {
            Assert.Throws<InvalidOperationException>(() => context.Send(_ => { }, null));
            return default(ValueTask);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Wait_SeesEveryManagedWaitOnTheLoop(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        EventLoop loop = test.Group[0];
        object gate = new();
        Lock newGate = new();
        long taskWaits = await CountWaitsAsync(loop, release =>
        {
            var source = new TaskCompletionSource();
            release(source.SetResult);
            source.Task.Wait();
        });
        long monitorWaits = await CountContendedAsync(loop, gate.GetHashCode, () => Monitor.Enter(gate), () => Monitor.Exit(gate));
        long lockWaits = await CountContendedAsync(loop, newGate.GetHashCode, newGate.Enter, newGate.Exit);
        Assert.True(taskWaits > 0, "Task.Wait was not seen.");
        Assert.True(monitorWaits > 0, "A contended monitor was not seen.");
        Assert.True(lockWaits > 0, "A contended Lock was not seen.");
    }

    /// <summary>Runs a wait on the loop that another thread ends once the loop has noticed that it waits.</summary>
    private static async Task<long> CountWaitsAsync(EventLoop loop, Action<Action<Action>> wait)
    {
        long before = loop.BlockingWaitCount;
        await loop.RunAsync(() =>
        {
            wait(end => ThreadPool.UnsafeQueueUserWorkItem(_ =>
            {
                SpinWait.SpinUntil(() => loop.BlockingWaitCount > before, TestGroup.Ceiling);
                end();
            }, null));
            return default(ValueTask);
        }).WithCeiling();
        return loop.BlockingWaitCount - before;
    }

    private static async Task<long> CountContendedAsync(EventLoop loop, Func<int> touch, Action enter, Action exit)
    {
        touch();
        using var held = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        long before = loop.BlockingWaitCount;
        var holder = new Thread(() =>
        {
            enter();
            held.Set();
            SpinWait.SpinUntil(() => loop.BlockingWaitCount > before, TestGroup.Ceiling);
            exit();
        });
        holder.Start();
        Assert.True(held.Wait(TestGroup.Ceiling));
        await loop.RunAsync(() =>
        {
            enter();
            exit();
            return default(ValueTask);
        }).WithCeiling();
        Assert.True(holder.Join(TimeSpan.FromSeconds(60)));
        return loop.BlockingWaitCount - before;
    }
}
