using IoPool.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace IoPool.Tests;

/// <summary>What <see cref="EventLoop.Yield"/> promises: everything else that the loop has to do goes first.</summary>
public sealed partial class YieldTests
{
    [SkippableTheory, AllDrivers]
    public async Task Yield_LetsTimersThatAreDueGoFirst(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            for (int i = 0; i < 10; i++)
            {
                ValueTask due = EventLoop.Delay(TimeSpan.Zero);
                await EventLoop.Yield();
                Assert.True(due.IsCompleted);
                await due;
            }
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Yield_LetsWhatOtherThreadsPostedGoFirst(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            EventLoop loop = EventLoop.Current!;
            for (int i = 0; i < 10; i++)
            {
                bool ran = false;
                await Offload.RunAsync(() => { });
                // Another thread posts while this one holds the loop.
                var poster = new Thread(() => loop.Post(() => ran = true));
                poster.Start();
                Assert.True(poster.Join(TestGroup.Ceiling));
                await EventLoop.Yield();
                Assert.True(ran);
            }
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task MethodsThatYield_TakeTurns(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        var steps = new List<int>();
        await test.Group.RunAsync(async () =>
        {
            ValueTask[] all = [.. Enumerable.Range(0, 3).Select(i => TakeTurnsAsync(i, 100, steps))];
            foreach (ValueTask one in all)
                await one;
        }).WithCeiling();
        Assert.Equal(Enumerable.Range(0, 300).Select(i => i % 3), steps);
    }

    [SkippableTheory, AllDrivers]
    public async Task Yield_InOrdinaryCode_ComesBackToTheLoop_WithItsExecutionContext(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        var local = new AsyncLocal<int>();
        await test.Group.RunAsync(async () =>
        {
            EventLoop loop = EventLoop.Current!;
            local.Value = 7;
            await EventLoop.Yield();
            Assert.Same(loop, EventLoop.Current);
            Assert.Equal(7, local.Value);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task QueuedWork_OfMoreThanATurn_DoesNotHoldBackTimers(DriverKind driver)
    {
        var time = new FakeTimeProvider();
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.TimeProvider = time);
        await test.Group.RunAsync(async () =>
        {
            EventLoop loop = EventLoop.Current!;
            int ran = 0;
            for (int i = 0; i < 10_000; i++)
                loop.Post(() => ran++);
            await EventLoop.Delay(TimeSpan.Zero);
            Assert.InRange(ran, 1, 9_999);
        }).WithCeiling();
    }

    [Pinned]
    private static async partial ValueTask TakeTurnsAsync(int number, int turns, List<int> steps)
    {
        for (int i = 0; i < turns; i++)
        {
            steps.Add(number);
            await EventLoop.Yield();
        }
    }
}
