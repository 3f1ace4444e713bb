using IoPool.Tests.Support;

namespace IoPool.Tests;

public sealed class EventLoopTests
{
    [SkippableTheory, AllDrivers]
    public async Task RunAsync_FromOutside_RunsOnALoopAndReturnsTheResult(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        EventLoop? loop = await test.Group.RunAsync(() => new ValueTask<EventLoop?>(EventLoop.Current)).WithCeiling();
        Assert.Same(test.Group[0], loop);
        Assert.Null(EventLoop.Current);
    }
}
