using System.Text.RegularExpressions;
using IoPool.Samples.Tests.Support;

namespace IoPool.Samples.Tests;

public sealed partial class SelfDriveTests
{
    [SkippableTheory]
    [AllDrivers]
    public async Task PrintsALineALoopAndATotal(string driver)
    {
        await DriverProbe.SkipUnlessRunnableAsync(driver);
        await using SampleProcess process = SampleProcess.Start(
            "--driver", driver, "--seconds", "1", "--connections", "10", "--loops", "2");

        (int exitCode, string output, string error) = await process.WaitForExitAsync();

        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        Assert.Contains($"2 pinned loop(s), driver {driver}", output, StringComparison.Ordinal);
        Assert.Matches(@"loop +connections +requests +requests/s +p50 us +p99 us +bytes/request +driver", output);
        long[] requests = [.. RowPattern().Matches(output).Select(row => Number(row.Groups["requests"]))];
        Assert.Equal(2, requests.Length);
        Assert.All(RowPattern().Matches(output), row =>
        {
            Assert.Equal("5", row.Groups["connections"].Value);
            Assert.Equal(driver, row.Groups["driver"].Value);
        });
        Assert.All(requests, count => Assert.True(count > 0));
        Assert.Equal(requests.Sum(), Number(TotalPattern().Match(output).Groups["requests"]));
    }

    [SkippableTheory]
    [AllDrivers]
    public async Task OnOneProcessor_ServesByOneLoop(string driver)
    {
        await DriverProbe.SkipUnlessRunnableAsync(driver);
        await using SampleProcess process = SampleProcess.StartOnOneProcessor("--driver", driver, "--seconds", "1", "--connections", "10");

        (int exitCode, string output, string error) = await process.WaitForExitAsync();

        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        Assert.Contains($"1 pinned loop(s), driver {driver}", output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task EpollAllocatesNothingARequest()
    {
        await DriverProbe.SkipUnlessRunnableAsync("epoll");
        await using SampleProcess process = SampleProcess.Start("--driver", "epoll", "--seconds", "1", "--loops", "1");

        (int exitCode, string output, _) = await process.WaitForExitAsync();

        Assert.Equal(0, exitCode);
        Assert.Equal("0.00", Assert.Single(RowPattern().Matches(output)).Groups["bytes"].Value);
    }

    [Fact]
    public async Task EchoLargerThanTheSocketBuffersComesBackWhole()
    {
        await using SampleProcess process = SampleProcess.Start("--seconds", "1", "--connections", "2", "--size", "8000000");

        (int exitCode, _, string error) = await process.WaitForExitAsync();

        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
    }

    private static long Number(Capture capture) => long.Parse(capture.Value.Replace(",", "", StringComparison.Ordinal));

    [GeneratedRegex(
        @"^echo-\d +(?<connections>[\d,]+) +(?<requests>[\d,]+) +[\d,]+ +[\d,.]+ +[\d,.]+ +(?<bytes>[\d.]+) +(?<driver>\S+)$",
        RegexOptions.Multiline)]
    private static partial Regex RowPattern();

    [GeneratedRegex(@"^total +[\d,]+ +(?<requests>[\d,]+) ", RegexOptions.Multiline)]
    private static partial Regex TotalPattern();
}
