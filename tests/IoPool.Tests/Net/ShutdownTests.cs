using System.Net.Sockets;
using IoPool.Net;
using IoPool.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace IoPool.Tests.Net;

public sealed class ShutdownTests
{
    [SkippableTheory, AllDrivers]
    public async Task Shutdown_WhileDraining_RefusesNewConnections_AndOldOnesGoOn(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = Timeout.InfiniteTimeSpan);
        using var pair = new Held(await ConnectionPair.CreateAsync(test));
        using Socket listening = PlainSocket.Listen(PlainSocket.Loopback);
        SocketListener listener = await test.Group[0].RunAsync(
            () => new ValueTask<SocketListener>(SocketListener.Bind(PlainSocket.Loopback))).WithCeiling();
        Task<SocketConnection> accept = test.Group[0].RunAsync(() => listener.AcceptAsync()).AsTask();
        var draining = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        test.Group.ShutdownRequested.Register(draining.SetResult);
        Task handler = test.Group[0].RunAsync(async () =>
        {
            SocketConnection connection = pair.Value.Connection;
            // The peer's first bytes come after the shutdown has begun.
            byte[] buffer = new byte[10];
            Assert.Equal(4, await connection.ReceiveAsync(buffer));
            await Assert.ThrowsAsync<ObjectDisposedException>(() => SocketConnection.ConnectAsync(listening.LocalEndPoint!).AsTask());
            Assert.Throws<ObjectDisposedException>(() => SocketListener.Bind(PlainSocket.Loopback));
            await Assert.ThrowsAsync<ObjectDisposedException>(() => listener.AcceptAsync().AsTask());
            await connection.SendAsync(buffer.AsMemory(0, 4));
        }).AsTask();

        Task<ShutdownReport> shutdown = test.Group.ShutdownAsync();
        await draining.Task.WithCeiling();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => accept.WithCeiling());
        Assert.Throws<ObjectDisposedException>(() => test.Group.Listen(PlainSocket.Loopback, _ => default));
        Assert.False(handler.IsCompleted);
        await pair.Value.Peer.SendAllAsync("ping"u8.ToArray());
        await handler.WithCeiling();
        Assert.Equal("ping"u8.ToArray(), await pair.Value.Peer.ReceiveAllAsync(4));
        ShutdownReport report = await shutdown.WithCeiling();
        Assert.Equal(0, report.AbandonedCount);
        Assert.Empty(await pair.Value.Peer.ReceiveToEndAsync());
    }

    [SkippableTheory, AllDrivers]
    public async Task Shutdown_AtTheDeadline_EndsPendingCalls_AndFinallyBlocksRun(DriverKind driver)
    {
        var time = new FakeTimeProvider();
        var observed = new ObservedTime(time);
        await using TestGroup test = TestGroup.Create(driver, 1, options =>
        {
            options.TimeProvider = observed;
            options.DrainTimeout = TimeSpan.FromMinutes(1);
        });
        using var pair = new Held(await ConnectionPair.CreateAsync(test, smallBuffers: true));
        bool receiveEnded = false, sendEnded = false;
        Task<int> receive = await pair.Value.BeginAsync(async c =>
        {
            try
            {
                return await c.ReceiveAsync(new byte[1]);
            }
            finally
            {
                receiveEnded = true;
            }
        });
        Task send = await pair.Value.BeginAsync(async c =>
        {
            try
            {
                await c.SendAsync(new byte[ConnectionPair.MoreThanBuffersHold]);
            }
            finally
            {
                sendEnded = true;
            }
        });
        Task<ShutdownReport> shutdown = test.Group.ShutdownAsync();
        await observed.TimerSetAsync(TimeSpan.FromMinutes(1)).WithCeiling();
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(receive.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        ShutdownReport report = await shutdown.WithCeiling();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receive.WithCeiling());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => send.WithCeiling());
        Assert.True(receiveEnded);
        Assert.True(sendEnded);
        Assert.Equal(0, report.AbandonedCount);
    }

    [SkippableTheory, AllDrivers]
    public async Task Shutdown_EndsTheServers_AndTheirCompletion(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        SocketServer server = test.Group.Listen(PlainSocket.Loopback, SocketServerTests.EchoAsync);
        await SocketServerTests.EchoOnceAsync(server.LocalEndPoint, 100);
        await test.Group.ShutdownAsync().WithCeiling();
        await server.Completion.WithCeiling();
        await server.DisposeAsync().WithCeiling();
        await Assert.ThrowsAsync<SocketException>(() => PlainSocket.ConnectAsync(server.LocalEndPoint));
    }

    [SkippableTheory, AllDrivers]
    public async Task Shutdown_WithHundredsOfConnectionsPending_EndsThemAll(DriverKind driver)
    {
        const int Count = 500;
        await using TestGroup test = TestGroup.Create(driver, 2, options => options.DrainTimeout = TimeSpan.Zero);
        int ended = 0;
        using var begun = new CountdownEvent(Count);
        SocketServer server = test.Group.Listen(PlainSocket.Loopback, async connection =>
        {
            try
            {
                ValueTask<int> receive = connection.ReceiveAsync(new byte[1]);
                begun.Signal();
                await receive;
            }
            finally
            {
                Interlocked.Increment(ref ended);
            }
        });
        var clients = new List<Socket>();
        for (int i = 0; i < Count; i++)
            clients.Add(await PlainSocket.ConnectAsync(server.LocalEndPoint));
        Assert.True(begun.Wait(TestGroup.Ceiling));
        ShutdownReport report = await test.Group.ShutdownAsync().WithCeiling();
        Assert.Equal(Count, ended);
        Assert.Equal(0, report.AbandonedCount);
        foreach (Socket client in clients)
        {
            Assert.Empty(await client.ReceiveToEndAsync());
            client.Dispose();
        }

        Assert.Empty(test.Unhandled);
    }

    [SkippableTheory, AllDrivers]
    public async Task Shutdown_InTheMiddleOfTraffic_LeavesNobodyHanging(DriverKind driver)
    {
        for (int round = 0; round < 10; round++)
        {
            await using TestGroup test = TestGroup.Create(driver, 2, options => options.DrainTimeout = TimeSpan.Zero);
            SocketServer server = test.Group.Listen(PlainSocket.Loopback, SocketServerTests.EchoAsync);
            var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task[] clients = [.. from _ in Enumerable.Range(0, 8) select Task.Run(() => EchoUntilClosedAsync(server, first))];
            await first.Task.WithCeiling();
            await test.Group.ShutdownAsync().WithCeiling();
            await Task.WhenAll(clients).WithCeiling();
            await server.Completion.WithCeiling();
            Assert.All(test.Unhandled, exception => Assert.IsType<SocketException>(exception));
        }
    }

    private static async Task EchoUntilClosedAsync(SocketServer server, TaskCompletionSource first)
    {
        try
        {
            using Socket client = await PlainSocket.ConnectAsync(server.LocalEndPoint);
            byte[] buffer = new byte[64];
            do
            {
                await client.SendAllAsync(buffer);
                first.TrySetResult();
            }
            while (await client.ReceiveAsync(buffer).WithCeiling() > 0);
        }
        catch (SocketException)
        {
            // The server went away.
        }
    }

    /// <summary>A pair whose group may stop before it is disposed.</summary>
    private sealed record Held(ConnectionPair Value) : IDisposable
    {
        public void Dispose() => Value.Peer.Dispose();
    }
}
