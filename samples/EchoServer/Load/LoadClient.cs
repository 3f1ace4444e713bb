using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using IoPool;
using IoPool.Net;

namespace EchoServer.Load;

/// <summary>
/// Sends and checks echoes over many connections, one in flight on each.
/// </summary>
/// <remarks>
/// It runs on an IoPool group of its own. Plain sockets would be an independent witness, but they cost several times what
/// the server does, and on a machine that both share the table would show mostly the client; independent clients are in
/// the tests. The server's figures are undisturbed: its loops share no thread, no driver and no state with the client's,
/// and allocated bytes are counted by thread.
/// </remarks>
internal sealed partial class LoadClient
{
    // Every echo starts elsewhere in the pattern, so that a late or repeated one does not pass for the expected one.
    private const int Offsets = 256;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly EndPoint _server;
    private readonly PlacementLog _placement;
    private readonly int _size;
    private readonly byte[] _pattern;
    private readonly LoopFigures[][] _figures;
    private readonly TaskCompletionSource _allConnected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unconnected;
    private volatile Phase _phase = Phase.WarmUp;

    internal LoadClient(SocketServer server, PlacementLog placement, int size, int clientLoops, int serverLoops)
    {
        _server = server.LocalEndPoint!;
        _placement = placement;
        _size = size;
        _pattern = new byte[size + Offsets];
        new Random(1).NextBytes(_pattern);
        _figures = [.. Enumerable.Range(0, clientLoops).Select(
            _ => Enumerable.Range(0, serverLoops).Select(_ => new LoopFigures()).ToArray())];
    }

    private enum Phase
    {
        WarmUp,
        Measured,
        Stopped,
    }

    /// <summary>Connects all and returns when each has had its first echo; they go on until <see cref="StopMeasuring"/>.</summary>
    /// <returns>The end of all connections, which throws what went wrong on any of them.</returns>
    internal async Task<Task> StartAsync(EventLoopGroup group, int connections)
    {
        _unconnected = connections;
        var drives = new List<Task>(connections);
        for (int i = 0; i < connections; i++)
        {
            drives.Add(group.RunAsync(
                static call => call.client.DriveAsync(call.number), (client: this, number: i)).AsTask());
        }

        Task all = Task.WhenAll(drives);
        await Task.WhenAny(_allConnected.Task, all);
        if (_phase == Phase.Stopped)
            await all;
        return all;
    }

    internal void StartMeasuring() => Interlocked.CompareExchange(ref _phase, Phase.Measured, Phase.WarmUp);

    internal void StopMeasuring() => _phase = Phase.Stopped;

    /// <summary>What the clients of one server loop saw. When all connections have ended.</summary>
    internal LoopFigures FiguresOf(int serverLoop)
    {
        var sum = new LoopFigures();
        foreach (LoopFigures[] ofClientLoop in _figures)
            sum.Add(ofClientLoop[serverLoop]);
        return sum;
    }

    [Pinned]
    private async partial ValueTask DriveAsync(int number)
    {
        try
        {
            await EchoUntilStoppedAsync(number);
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException)
        {
            throw new SampleException($"client connection {number}: {exception.Message}", exception);
        }
        finally
        {
            // One failure ends the run.
            if (_phase != Phase.Stopped)
                StopMeasuring();
            _allConnected.TrySetResult();
        }
    }

    [Pinned]
    private async partial ValueTask EchoUntilStoppedAsync(int number)
    {
        await using SocketConnection connection = await SocketConnection.ConnectAsync(_server, s_patience);
        connection.ReceiveTimeout = connection.SendTimeout = s_patience;
        var buffer = new byte[_size];
        await EchoAsync(connection, buffer, number);
        LoopFigures figures = FiguresFor(connection);
        figures.Connections++;
        if (Interlocked.Decrement(ref _unconnected) == 0)
            _allConnected.TrySetResult();

        for (int round = number + 1; _phase != Phase.Stopped; round++)
        {
            long begin = Stopwatch.GetTimestamp();
            await EchoAsync(connection, buffer, round);
            if (_phase == Phase.Measured)
                figures.Latencies.Record(Stopwatch.GetElapsedTime(begin));
        }

        connection.ShutdownSend();
        if (await connection.ReceiveAsync(buffer) > 0)
            throw new SampleException($"client connection {number}: more came back than was sent");
    }

    [Pinned]
    private async partial ValueTask EchoAsync(SocketConnection connection, byte[] buffer, int round)
    {
        ReadOnlyMemory<byte> request = _pattern.AsMemory(round & (Offsets - 1), _size);
        // Not awaited yet: a request that is larger than the sockets' buffers comes back while it is still being sent.
        ValueTask sending = connection.SendAsync(request);
        for (int received = 0; received < buffer.Length;)
        {
            int count = await connection.ReceiveAsync(buffer.AsMemory(received));
            if (count == 0)
                throw new SampleException($"an echo of {buffer.Length} bytes ended after {received}");
            received += count;
        }

        await sending;
        if (!request.Span.SequenceEqual(buffer))
            throw new SampleException($"an echo of {buffer.Length} bytes came back changed");
    }

    private LoopFigures FiguresFor(SocketConnection connection)
    {
        int port = ((IPEndPoint)connection.LocalEndPoint!).Port;
        return _figures[connection.Loop.Index][_placement.LoopOf(port)];
    }
}
