using System.Net;
using System.Net.Sockets;
using EchoServer.Http;
using IoPool;
using IoPool.Net;

namespace EchoServer;

/// <summary>Serves clients of other processes until it is told to stop.</summary>
internal static class Server
{
    // An echo ends when its client says so. After this long, a client that never does is left.
    private static readonly TimeSpan s_drainTimeout = TimeSpan.FromSeconds(2);

    internal static async Task RunAsync(SampleOptions options)
    {
        // Before the ready line: whoever reads it may signal.
        using var signals = new StopSignals();
        await using var group = new EventLoopGroup(options.ToGroupOptions("echo-", s_drainTimeout));
        HttpServer? http = options.Http ? new HttpServer(group) : null;
        await using SocketServer server = Listen(group, options, http);
        try
        {
            Console.Out.WriteLine(
                $"{(options.Http ? "http" : "echo")} ready on {Describe(options, server)}, {group.Count} loop(s), driver {group.DriverDescription}");
            Console.Out.Flush();
            await ServeAsync(options, signals, server);
            http?.BeginDrain();
            await group.ShutdownAsync();
        }
        finally
        {
            if (options.UnixPath is { } path)
                File.Delete(path);
        }
    }

    private static SocketServer Listen(EventLoopGroup group, SampleOptions options, HttpServer? http)
    {
        EndPoint address = options.UnixPath is { } path
            ? new UnixDomainSocketEndPoint(path)
            : new IPEndPoint(IPAddress.Loopback, options.Port!.Value);
        Func<SocketConnection, ValueTask> handler = http is null ? Echo.HandleAsync : http.HandleAsync;
        try
        {
            return group.Listen(address, handler, new SocketListenerOptions { MaxConnections = options.Connections });
        }
        catch (SocketException exception)
        {
            throw new SampleException($"cannot listen on {address}: {exception.Message}", exception);
        }
    }

    private static async Task ServeAsync(SampleOptions options, StopSignals signals, SocketServer server)
    {
        using var end = new CancellationTokenSource();
        TimeSpan time = options.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan;
        Task first = await Task.WhenAny(signals.Requested, server.Completion, Task.Delay(time, end.Token));
        await end.CancelAsync();
        // Throws when accepting has failed.
        if (first == server.Completion)
            await first;
        if (server.ConnectionCount is > 0 and var count)
            Console.Error.WriteLine($"EchoServer: draining {count} connection(s), at most {s_drainTimeout.TotalSeconds:0} s");
    }

    private static string Describe(SampleOptions options, SocketServer server) =>
        options.UnixPath is { } path ? "unix:" + path : server.LocalEndPoint!.ToString()!;
}
