using System.Diagnostics;
using System.Net;
using EchoServer.Load;
using IoPool;
using IoPool.Net;

namespace EchoServer;

/// <summary>Starts a server, drives it for a while over real loopback sockets, and prints what each loop did.</summary>
internal static class SelfDrive
{
    private const int DefaultSeconds = 3;
    private const int DefaultConnections = 64;
    private const int DefaultSize = 64;

    private static readonly TimeSpan s_drainTimeout = TimeSpan.FromSeconds(5);

    // Long enough for the compiler to have optimized what runs often; not measured.
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1);

    internal static async Task RunAsync(SampleOptions options)
    {
        int connections = options.Connections ?? DefaultConnections;
        int size = options.Size ?? DefaultSize;
        TimeSpan time = TimeSpan.FromSeconds(options.Seconds ?? DefaultSeconds);
        var placement = new PlacementLog();
        await using var servers = new EventLoopGroup(options.ToGroupOptions("echo-", s_drainTimeout));
        await using SocketServer server = servers.Listen(new IPEndPoint(IPAddress.Loopback, 0), placement.HandleAsync);
        await using EventLoopGroup clients = StartClientLoops(options, servers.Count);

        Console.Out.WriteLine(
            $"""
            Echo server on {server.LocalEndPoint}: {servers.Count} pinned loop(s), driver {servers.DriverDescription}.
            Load client: {connections:N0} connections, {size:N0} bytes an echo, {time.TotalSeconds:0} s; every byte is checked.
            Both share this machine's {Environment.ProcessorCount} processor(s): it shows that all works, and is no benchmark.

            """);
        var client = new LoadClient(server, placement, size, clients.Count, servers.Count);
        Task connectionsEnd = await client.StartAsync(clients, connections);
        await Task.WhenAny(connectionsEnd, Task.Delay(s_warmUp));

        long[] allocatedBefore = AskAllocatedBytes(servers);
        long begin = Stopwatch.GetTimestamp();
        client.StartMeasuring();
        await Task.WhenAny(connectionsEnd, Task.Delay(time));
        client.StopMeasuring();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(begin);
        long[] allocatedAfter = AskAllocatedBytes(servers);

        // Throws what went wrong.
        await connectionsEnd;
        LoopFigures[] figures = [.. servers.Select(loop => client.FiguresOf(loop.Index))];
        for (int i = 0; i < figures.Length; i++)
            figures[i].AllocatedBytes = allocatedAfter[i] - allocatedBefore[i];
        Console.Out.WriteLine(LoopTable.Format(servers, figures, elapsed));
    }

    private static EventLoopGroup StartClientLoops(SampleOptions options, int count)
    {
        EventLoopGroupOptions groupOptions = options.ToGroupOptions("client-", s_drainTimeout);
        groupOptions.LoopCount = count;
        // Bound to the processors of the server's loops, they would only get in each other's way.
        groupOptions.Affinity = ProcessorAffinity.None;
        return new EventLoopGroup(groupOptions);
    }

    /// <summary>What each loop's thread has allocated so far. Only that thread can tell, and asking must not allocate there.</summary>
    private static long[] AskAllocatedBytes(EventLoopGroup group)
    {
        var answers = new long[group.Count];
        using var asked = new CountdownEvent(group.Count);
        foreach (EventLoop loop in group)
        {
            loop.Post(
                static question =>
                {
                    question.answers[question.Index] = GC.GetAllocatedBytesForCurrentThread();
                    question.asked.Signal();
                },
                (answers, asked, loop.Index));
        }

        asked.Wait();
        return answers;
    }
}
