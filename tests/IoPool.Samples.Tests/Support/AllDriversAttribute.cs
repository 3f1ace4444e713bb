using System.Reflection;
using Xunit.Sdk;

namespace IoPool.Samples.Tests.Support;

/// <summary>One row a driver, by the name that the command line takes.</summary>
public sealed class AllDriversAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [["io_uring"], ["epoll"], ["portable"]];
}

internal static class DriverProbe
{
    /// <summary>Skips the test, with the reason, where a driver cannot run.</summary>
    internal static async Task SkipUnlessRunnableAsync(string driver)
    {
        DriverKind kind = driver switch
        {
            "io_uring" => DriverKind.IoUring,
            "epoll" => DriverKind.Epoll,
            _ => DriverKind.Portable,
        };
        try
        {
            await using var group = new EventLoopGroup(new EventLoopGroupOptions { LoopCount = 1, Driver = kind });
        }
        catch (PlatformNotSupportedException exception)
        {
            Skip.If(true, exception.Message);
        }
    }
}
