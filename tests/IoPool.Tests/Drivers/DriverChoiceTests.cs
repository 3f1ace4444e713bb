using IoPool.Drivers;
using IoPool.Tests.Support;

namespace IoPool.Tests.Drivers;

[Collection(ProcessWide.Name)]
public sealed class DriverChoiceTests : IDisposable
{
    private readonly string? _before = Environment.GetEnvironmentVariable(DriverChoice.EnvironmentVariable);

    public DriverChoiceTests() => Force(null);

    public void Dispose() => Force(_before);

    [SkippableTheory, AllDrivers]
    public async Task Driver_ThatIsAskedFor_IsUsedAndDescribed(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        Assert.Equal(NameOf(driver), test.Group.DriverDescription);
    }

    [SkippableTheory, AllDrivers]
    public async Task Environment_GoesBeforeTheOption(DriverKind driver)
    {
        Skip.If(DriverChoice.WhyNot(driver) is not null);
        foreach (string spelling in new[] { NameOf(driver), NameOf(driver).ToUpperInvariant() })
        {
            Force(spelling);
            await using TestGroup test = TestGroup.Create(DriverKind.Auto);
            Assert.Equal(NameOf(driver), test.Group.DriverDescription);
        }
    }

    [SkippableFact]
    public async Task Auto_OnLinux_IsTheBestThatRuns()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        foreach (string? value in new[] { null, "", "auto" })
        {
            Force(value);
            await using TestGroup test = TestGroup.Create(DriverKind.Auto);
            Assert.NotEqual("portable", test.Group.DriverDescription);
        }
    }

    [Fact]
    public void Environment_WithAnUnknownDriver_FailsAndListsWhatCanRun()
    {
        Force("kqueue");
        var exception = Assert.Throws<ArgumentException>(() => new EventLoopGroup());
        Assert.Contains("IOPOOL_DRIVER", exception.Message);
        Assert.Contains("'kqueue'", exception.Message);
        AssertListsWhatCanRun(exception);
    }

    [SkippableFact]
    public void Driver_ThatCannotRun_FailsWithTheReasonAndListsWhatCanRun()
    {
        DriverKind cannot = Array.Find(
            [DriverKind.IoUring, DriverKind.Epoll], kind => DriverChoice.WhyNot(kind) is not null);
        Skip.If(cannot == DriverKind.Auto, "Every driver runs on this machine.");
        var byOption = Assert.Throws<PlatformNotSupportedException>(
            () => new EventLoopGroup(new EventLoopGroupOptions { Driver = cannot }));
        Assert.Contains(DriverChoice.WhyNot(cannot)!, byOption.Message);
        AssertListsWhatCanRun(byOption);

        Force(NameOf(cannot));
        var byEnvironment = Assert.Throws<PlatformNotSupportedException>(() => new EventLoopGroup());
        Assert.Contains($"IOPOOL_DRIVER={NameOf(cannot)}", byEnvironment.Message);
        AssertListsWhatCanRun(byEnvironment);
    }

    private static void AssertListsWhatCanRun(Exception exception)
    {
        foreach (DriverKind kind in new[] { DriverKind.IoUring, DriverKind.Epoll, DriverKind.Portable })
        {
            string list = exception.Message[exception.Message.LastIndexOf("can run:", StringComparison.Ordinal)..];
            Assert.Equal(DriverChoice.WhyNot(kind) is null, list.Contains(NameOf(kind), StringComparison.Ordinal));
        }
    }

    private static string NameOf(DriverKind driver) => driver switch
    {
        DriverKind.IoUring => "io_uring",
        DriverKind.Epoll => "epoll",
        _ => "portable",
    };

    private static void Force(string? value) => Environment.SetEnvironmentVariable(DriverChoice.EnvironmentVariable, value);
}
