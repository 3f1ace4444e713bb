using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace IoPool.Samples.Tests.Support;

/// <summary>The sample as a process of its own. Killed at the end of the test if it still runs.</summary>
internal sealed partial class SampleProcess : IAsyncDisposable
{
    internal const int SigInt = 2;
    internal const int SigTerm = 15;

    private readonly Process _process;

    private SampleProcess(Process process) => _process = process;

    internal static SampleProcess Start(params string[] arguments) => StartBy([], arguments);

    /// <summary>On one processor, as if the machine had no other.</summary>
    internal static SampleProcess StartOnOneProcessor(params string[] arguments) => StartBy(["taskset", "-c", "0"], arguments);

    private static SampleProcess StartBy(string[] launcher, string[] arguments)
    {
        string assembly = Path.Combine(AppContext.BaseDirectory, "EchoServer.dll");
        // A shell that starts the tests in the background has SIGINT ignored, and a child would inherit that.
        var start = new ProcessStartInfo("env")
        {
            ArgumentList = { "--default-signal=INT,TERM" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])[.. launcher, Environment.ProcessPath!, assembly, .. arguments])
            start.ArgumentList.Add(argument);
        // The tests name the driver themselves.
        start.Environment.Remove("IOPOOL_DRIVER");
        return new SampleProcess(Process.Start(start)!);
    }

    /// <summary>Starts it to serve on a free port, and returns when it has said that it is ready.</summary>
    internal static async Task<(SampleProcess Process, IPEndPoint Address)> ServeAsync(params string[] arguments)
    {
        SampleProcess process = Start([.. arguments, "--port", "0"]);
        string line = await process.ReadLineAsync();
        Match match = AddressPattern().Match(line);
        Assert.True(match.Success, $"no ready line: '{line}'");
        return (process, IPEndPoint.Parse(match.Value));
    }

    internal async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync().WithCeiling() ?? throw new InvalidOperationException(
            "The sample ended: " + await _process.StandardError.ReadToEndAsync().WithCeiling());

    internal async Task<string?> ReadErrorLineAsync() => await _process.StandardError.ReadLineAsync().WithCeiling();

    internal void Signal(int number) => Assert.Equal(0, Kill(_process.Id, number));

    /// <summary>What it still has to say, and how it ended.</summary>
    internal async Task<(int ExitCode, string Output, string Error)> WaitForExitAsync()
    {
        Task<string> output = _process.StandardOutput.ReadToEndAsync();
        Task<string> error = _process.StandardError.ReadToEndAsync();
        await _process.WaitForExitAsync().WithCeiling();
        return (_process.ExitCode, await output.WithCeiling(), await error.WithCeiling());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync().WithCeiling();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);

    [GeneratedRegex(@"127\.0\.0\.1:[0-9]+")]
    private static partial Regex AddressPattern();
}

/// <summary>Clients that have nothing to do with IoPool.</summary>
internal static class PlainClient
{
    internal static async Task<Socket> ConnectAsync(EndPoint address)
    {
        var socket = address is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address).WithCeiling();
        return socket;
    }

    internal static async Task SendAllAsync(this Socket socket, ReadOnlyMemory<byte> data)
    {
        while (!data.IsEmpty)
            data = data[await socket.SendAsync(data).WithCeiling()..];
    }

    /// <summary>Receives until the peer's end.</summary>
    internal static async Task<byte[]> ReceiveToEndAsync(this Socket socket)
    {
        using var all = new MemoryStream();
        var buffer = new byte[65_536];
        int count;
        while ((count = await socket.ReceiveAsync(buffer).WithCeiling()) > 0)
            all.Write(buffer, 0, count);
        return all.ToArray();
    }

    internal static async Task EchoAsync(this Socket socket, byte[] data)
    {
        await socket.SendAllAsync(data);
        var received = new byte[data.Length];
        for (int length = 0; length < data.Length;)
        {
            int count = await socket.ReceiveAsync(received.AsMemory(length)).WithCeiling();
            Assert.NotEqual(0, count);
            length += count;
        }

        Assert.Equal(data, received);
    }
}
