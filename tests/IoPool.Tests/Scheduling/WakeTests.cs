using IoPool.Tests.Support;

namespace IoPool.Tests.Scheduling;

/// <summary>The lost-wakeup argument at <c>EventLoop.Park</c>, put to the test.</summary>
public sealed class WakeTests
{
    [SkippableTheory, AllDrivers]
    public async Task ProducersAgainstALoopThatParksAllTheTime_NoWakeIsLost(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        EventLoop loop = test.Group[0];
        for (int seed = 0; seed < 30; seed++)
        {
            const int Producers = 3;
            int rounds = driver == DriverKind.Portable ? 150 : 300;
            Task[] producers = [.. Enumerable.Range(0, Producers).Select(index => Task.Run(() => Produce(loop, rounds, (seed * Producers) + index)))];
            try
            {
                await Task.WhenAll(producers).WithCeiling();
            }
            catch (TimeoutException)
            {
                Assert.Fail($"A wake was lost, seed {seed}.");
            }
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task TwoLoopsThatOnlyWakeEachOther_NeverBothSleep(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        int hops = driver == DriverKind.Portable ? 2_000 : 5_000;
        await test.Group[0].RunAsync(async () =>
        {
            for (int i = 0; i < hops; i++)
                await test.Group[1].RunAsync(() => default(ValueTask));
        }).WithCeiling();
    }

    /// <summary>One post at a time, each waited for, so that the loop goes to sleep in between again and again.</summary>
    private static void Produce(EventLoop loop, int rounds, int seed)
    {
        var random = new Random(seed);
        using var ran = new SemaphoreSlim(0);
        for (int i = 0; i < rounds; i++)
        {
            loop.Post(static ran => ran.Release(), ran);
            if (!ran.Wait(TestGroup.Ceiling))
                throw new TimeoutException();
            Thread.SpinWait(random.Next(200));
        }
    }
}
