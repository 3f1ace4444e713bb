using System.Net;
using System.Net.Sockets;
using IoPool.Samples.Tests.Support;

namespace IoPool.Samples.Tests;

public sealed class ServeTests
{
    [SkippableTheory]
    [AllDrivers]
    public async Task SaysWhereItServesAndEchoesThreeMegabytesSentBeforeAnythingIsRead(string driver)
    {
        await DriverProbe.SkipUnlessRunnableAsync(driver);
        (SampleProcess process, IPEndPoint address) = await SampleProcess.ServeAsync("--driver", driver, "--loops", "2");
        await using SampleProcess owned = process;
        var data = new byte[3_000_000];
        new Random(1).NextBytes(data);

        using (Socket client = await PlainClient.ConnectAsync(address))
        {
            await client.SendAllAsync(data);
            client.Shutdown(SocketShutdown.Send);
            byte[] received = await client.ReceiveToEndAsync();
            Assert.True(data.AsSpan().SequenceEqual(received));
        }

        process.Signal(SampleProcess.SigTerm);
        (int exitCode, string output, string error) = await process.WaitForExitAsync();
        Assert.Equal((0, ""), (exitCode, output));
        // The client has seen the end before the server has: a notice that it still drains is no failure.
        Assert.All(
            error.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            static line => Assert.StartsWith("EchoServer: draining 1 connection(s)", line, StringComparison.Ordinal));
    }

    [SkippableTheory]
    [AllDrivers]
    public async Task ServesOnAUnixDomainSocket(string driver)
    {
        await DriverProbe.SkipUnlessRunnableAsync(driver);
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using SampleProcess process = SampleProcess.Start("--driver", driver, "--unix", path);
        Assert.Contains("unix:" + path, await process.ReadLineAsync(), StringComparison.Ordinal);

        using (Socket client = await PlainClient.ConnectAsync(new UnixDomainSocketEndPoint(path)))
            await client.EchoAsync("over a path"u8.ToArray());

        process.Signal(SampleProcess.SigTerm);
        Assert.Equal(0, (await process.WaitForExitAsync()).ExitCode);
        Assert.False(File.Exists(path));
    }

    [SkippableTheory]
    [AllDrivers]
    public async Task PeersThatResetAreNotReported(string driver)
    {
        await DriverProbe.SkipUnlessRunnableAsync(driver);
        (SampleProcess process, IPEndPoint address) = await SampleProcess.ServeAsync("--driver", driver);
        await using SampleProcess owned = process;

        for (int i = 0; i < 5; i++)
        {
            using Socket client = await PlainClient.ConnectAsync(address);
            await client.EchoAsync([1, 2, 3]);
            client.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        using (Socket client = await PlainClient.ConnectAsync(address))
            await client.EchoAsync([4, 5, 6]);
        process.Signal(SampleProcess.SigTerm);
        (int exitCode, _, string error) = await process.WaitForExitAsync();
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("Exception", error, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("epoll", SampleProcess.SigInt)]
    [InlineData("epoll", SampleProcess.SigTerm)]
    [InlineData("portable", SampleProcess.SigInt)]
    [InlineData("portable", SampleProcess.SigTerm)]
    [InlineData("io_uring", SampleProcess.SigInt)]
    [InlineData("io_uring", SampleProcess.SigTerm)]
    public async Task SignalRefusesNewConnectionsAndLetsOthersEnd(string driver, int signal)
    {
        await DriverProbe.SkipUnlessRunnableAsync(driver);
        (SampleProcess process, IPEndPoint address) = await SampleProcess.ServeAsync("--driver", driver);
        await using SampleProcess owned = process;
        using Socket client = await PlainClient.ConnectAsync(address);
        await client.EchoAsync([1]);

        process.Signal(signal);
        Assert.Contains("draining 1 connection", await process.ReadErrorLineAsync(), StringComparison.Ordinal);
        await client.EchoAsync([2, 3]);
        client.Shutdown(SocketShutdown.Send);

        Assert.Empty(await client.ReceiveToEndAsync());
        (int exitCode, _, string error) = await process.WaitForExitAsync();
        Assert.Equal((0, ""), (exitCode, error));
    }

    [Fact]
    public async Task ClientThatNeverEndsDoesNotHoldTheServerUp()
    {
        (SampleProcess process, IPEndPoint address) = await SampleProcess.ServeAsync();
        await using SampleProcess owned = process;
        using Socket client = await PlainClient.ConnectAsync(address);
        await client.EchoAsync([1]);

        process.Signal(SampleProcess.SigTerm);

        (int exitCode, _, string error) = await process.WaitForExitAsync();
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("Exception", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SampleProcess.SigInt)]
    [InlineData(SampleProcess.SigTerm)]
    public async Task SecondSignalEndsItAtOnce(int signal)
    {
        (SampleProcess process, IPEndPoint address) = await SampleProcess.ServeAsync();
        await using SampleProcess owned = process;
        using Socket client = await PlainClient.ConnectAsync(address);
        await client.EchoAsync([1]);

        process.Signal(signal);
        await process.ReadErrorLineAsync();
        process.Signal(signal);

        Assert.Equal(128 + signal, (await process.WaitForExitAsync()).ExitCode);
    }

    [Fact]
    public async Task SecondsLimitTheService()
    {
        (SampleProcess process, _) = await SampleProcess.ServeAsync("--seconds", "1");
        await using SampleProcess owned = process;
        Assert.Equal(0, (await process.WaitForExitAsync()).ExitCode);
    }
}
