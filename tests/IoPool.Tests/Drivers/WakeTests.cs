using IoPool.Tests.Support;

namespace IoPool.Tests.Drivers;

public sealed class WakeTests
{
    [SkippableTheory, AllDrivers]
    public async Task Post_ToALoopThatWaits_WakesIt_EveryTime(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        // Each loop goes to sleep between its turns: a wake that got lost would end the game.
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Pass(test, end, 20_000);
        await end.Task.WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Post_FromManyThreads_IsNeverLost(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        int count = 0;
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Parallel.For(0, 4, _ =>
        {
            for (int i = 0; i < 5_000; i++)
            {
                test.Group[0].Post(() =>
                {
                    if (++count == 20_000)
                        end.SetResult();
                });
            }
        });
        await end.Task.WithCeiling();
    }

    private static void Pass(TestGroup test, TaskCompletionSource end, int rest)
    {
        test.Group[rest % 2].Post(() =>
        {
            if (rest == 0)
                end.SetResult();
            else
                Pass(test, end, rest - 1);
        });
    }
}
