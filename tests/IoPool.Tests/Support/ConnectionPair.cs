using System.Net.Sockets;
using IoPool.Net;

namespace IoPool.Tests.Support;

/// <summary>A connection on a loop, and a socket of the base class library at its other end.</summary>
public sealed class ConnectionPair : IAsyncDisposable
{
    /// <summary>More than two systems' buffers hold when they are as small as <see cref="CreateAsync"/> makes them.</summary>
    public const int MoreThanBuffersHold = 4_000_000;

    private readonly FreeAddress _address;

    private ConnectionPair(SocketConnection connection, Socket peer, FreeAddress address)
    {
        Connection = connection;
        Peer = peer;
        _address = address;
    }

    public SocketConnection Connection { get; }

    public EventLoop Loop => Connection.Loop;

    public Socket Peer { get; }

    /// <summary>Connects a pair whose connection belongs to the group's first loop.</summary>
    public static async Task<ConnectionPair> CreateAsync(
        TestGroup test, Transport transport = Transport.IPv4, bool smallBuffers = false)
    {
        var address = new FreeAddress(transport);
        using Socket listener = PlainSocket.Create(address.EndPoint);
        if (smallBuffers)
            listener.ReceiveBufferSize = 16_384;
        listener.Bind(address.EndPoint);
        listener.Listen();
        SocketConnection connection = await test.Group[0]
            .RunAsync(() => SocketConnection.ConnectAsync(listener.LocalEndPoint!)).WithCeiling();
        var pair = new ConnectionPair(connection, await listener.AcceptAsync().WithCeiling(), address);
        if (smallBuffers)
            await pair.RunAsync(static c => c.SendBufferSize = 16_384);
        return pair;
    }

    /// <summary>Runs on the connection's loop, to the end.</summary>
    public Task RunAsync(Action<SocketConnection> body) => Loop.RunAsync(
        () =>
        {
            body(Connection);
            return default;
        }).WithCeiling();

    public Task RunAsync(Func<SocketConnection, ValueTask> body) => Loop.RunAsync(body, Connection).WithCeiling();

    public Task<T> RunAsync<T>(Func<SocketConnection, ValueTask<T>> body) => Loop.RunAsync(body, Connection).WithCeiling();

    /// <summary>Makes a call on the loop and returns once it is under way.</summary>
    public async Task<Task<T>> BeginAsync<T>(Func<SocketConnection, ValueTask<T>> call)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<T> running = Loop.RunAsync(() =>
        {
            try
            {
                return call(Connection);
            }
            finally
            {
                begun.SetResult();
            }
        }).AsTask();
        await begun.Task.WithCeiling();
        return running;
    }

    public async Task<Task> BeginAsync(Func<SocketConnection, ValueTask> call) => await BeginAsync(async connection =>
    {
        await call(connection);
        return true;
    });

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        Peer.Dispose();
        _address.Dispose();
    }
}

/// <summary>Bytes that show when some are lost, doubled or out of order.</summary>
public static class Pattern
{
    public static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
