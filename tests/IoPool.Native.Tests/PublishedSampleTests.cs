using System.Reflection;

namespace IoPool.Native.Tests;

public sealed class PublishedSampleTests(PublishedSample sample) : IClassFixture<PublishedSample>
{
    [SkippableTheory]
    [InlineData("native", "io_uring", DriverKind.IoUring)]
    [InlineData("native", "epoll", DriverKind.Epoll)]
    [InlineData("native", "portable", DriverKind.Portable)]
    [InlineData("trimmed", "io_uring", DriverKind.IoUring)]
    [InlineData("trimmed", "epoll", DriverKind.Epoll)]
    [InlineData("trimmed", "portable", DriverKind.Portable)]
    public async Task PassesItsOwnLoadRun(string form, string driver, DriverKind kind)
    {
        Skip.If(sample.Missing is not null, sample.Missing);
        await SkipUnlessRunnableAsync(kind);

        (int exitCode, string output) = await PublishedSample.RunAsync(form, "--driver", driver, "--seconds", "1", "--loops", "2");

        Assert.True(exitCode == 0, output);
        Assert.Contains($"2 pinned loop(s), driver {driver}.", output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^total +64 +[1-9][\d,]* ", output);
    }

    [SkippableFact]
    public void IsPublishedAndMeasuredWithoutAWarning()
    {
        Skip.If(sample.Missing is not null, sample.Missing);

        Assert.DoesNotContain("warning", sample.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Generating native code", sample.Output, StringComparison.Ordinal);
        Assert.Matches(
            @"\| Needs the \.NET runtime \|.* ms \|.*\n\| Trimmed, with its runtime \|.* ms \|.*\n\| Native \| \d+\.\d MB \| 1 \| \d+ ms \|", sample.Output);
    }

    [Fact]
    public void RuntimeSaysThatItCanBeTrimmed() => Assert.Contains(
        typeof(EventLoop).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>(),
        metadata => metadata is { Key: "IsTrimmable", Value: "True" });

    private static async Task SkipUnlessRunnableAsync(DriverKind driver)
    {
        try
        {
            await using var group = new EventLoopGroup(new EventLoopGroupOptions { LoopCount = 1, Driver = driver });
        }
        catch (PlatformNotSupportedException exception)
        {
            Skip.If(true, exception.Message);
        }
    }
}
