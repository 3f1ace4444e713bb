using System.Net;
using System.Net.Sockets;
using IoPool.Samples.Tests.Support;

namespace IoPool.Samples.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--nonsense", "unknown option '--nonsense'")]
    [InlineData("extra", "unknown option 'extra'")]
    [InlineData("--port", "--port needs a value")]
    [InlineData("--port seven", "--port must be a whole number from 0 to 65535, not 'seven'")]
    [InlineData("--port=65536", "--port must be a whole number from 0 to 65535, not '65536'")]
    [InlineData("--loops 0", "--loops must be a whole number from 1 to 32768, not '0'")]
    [InlineData("--driver kqueue", "--driver must be io_uring, epoll, portable or auto, not 'kqueue'")]
    [InlineData("--affinity=yes", "--affinity takes no value")]
    [InlineData("--port 0 --unix p", "--port and --unix exclude each other")]
    [InlineData("--http", "--http needs --port or --unix")]
    [InlineData("--port 0 --size 5", "--size is for the built-in load client")]
    public async Task MistakeIsOneLineAndExitCodeTwo(string arguments, string message)
    {
        await using SampleProcess process = SampleProcess.Start(arguments.Split(' '));
        await AssertFailsAsync(process, 2, message);
    }

    [Theory]
    [InlineData("epoll")]
    [InlineData("portable")]
    public async Task PortInUseIsOneLineAndExitCodeOne(string driver)
    {
        using var other = new Socket(SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        string port = ((IPEndPoint)other.LocalEndPoint!).Port.ToString();
        await using SampleProcess process = SampleProcess.Start("--port", port, "--driver", driver);
        await AssertFailsAsync(process, 1, "Address already in use");
    }

    [Theory]
    [InlineData("epoll")]
    [InlineData("portable")]
    public async Task PortOfAnotherServerIsInUseToo(string driver)
    {
        (SampleProcess first, IPEndPoint address) = await SampleProcess.ServeAsync("--driver", driver);
        await using SampleProcess _ = first;
        await using SampleProcess second = SampleProcess.Start("--port", $"{address.Port}", "--driver", driver);
        await AssertFailsAsync(second, 1, "Address already in use");
    }

    [Fact]
    public async Task RefusedAffinityIsOneLineAndExitCodeOne()
    {
        await using SampleProcess process = SampleProcess.Start("--loops", "32768", "--affinity");
        await AssertFailsAsync(process, 1, "processors available");
    }

    [Fact]
    public async Task MissingFolderIsOneLineAndExitCodeOne()
    {
        await using SampleProcess process = SampleProcess.Start("--unix", "/nowhere/at/all");
        await AssertFailsAsync(process, 1, "cannot listen on");
    }

    [SkippableFact]
    public async Task DriverThatCannotRunIsOneLineAndExitCodeOne()
    {
        // The tests on each driver cover it where it runs.
        bool runs = true;
        try
        {
            await DriverProbe.SkipUnlessRunnableAsync("io_uring");
        }
        catch (SkipException)
        {
            runs = false;
        }

        Skip.If(runs, "io_uring runs here");
        await using SampleProcess process = SampleProcess.Start("--port", "0", "--driver", "io_uring");
        await AssertFailsAsync(process, 1, "cannot run on this machine");
    }

    [Fact]
    public async Task HelpListsTheOptions()
    {
        await using SampleProcess process = SampleProcess.Start("--help");
        (int exitCode, string output, string error) = await process.WaitForExitAsync();
        Assert.Equal((0, ""), (exitCode, error));
        string[] options = ["--port", "--unix", "--http", "--loops", "--driver", "--affinity", "--seconds", "--connections", "--size"];
        Assert.All(options, option => Assert.Contains(option + " ", output, StringComparison.Ordinal));
    }

    private static async Task AssertFailsAsync(SampleProcess process, int expectedExitCode, string message)
    {
        (int exitCode, string output, string error) = await process.WaitForExitAsync();
        Assert.Equal((expectedExitCode, ""), (exitCode, output));
        string line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("EchoServer: ", line, StringComparison.Ordinal);
        Assert.Contains(message, line, StringComparison.Ordinal);
    }
}
