using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using IoPool.Net;
using IoPool.Tests.Support;

namespace IoPool.Tests.Net;

public sealed partial class SocketServerTests
{
    [SkippableTheory, AllTransports]
    public async Task Listen_ServesClients(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        using var address = new FreeAddress(transport);
        await using SocketServer server = test.Group.Listen(address.EndPoint, EchoAsync);
        await Task.WhenAll(from size in Enumerable.Range(1, 20) select EchoOnceAsync(server.LocalEndPoint, size * 100)).WithCeiling();
        Assert.Equal(20, server.AcceptedCount);
        Assert.Empty(test.Unhandled);
    }

    [SkippableTheory, AllDrivers]
    public async Task Listen_OnAHandle_ServesClients(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        Socket listening = PlainSocket.Listen(PlainSocket.Loopback);
        await using SocketServer server = test.Group.Listen(listening.SafeHandle, EchoAsync);
        await EchoOnceAsync(server.LocalEndPoint, 1_000);
    }

    [SkippableTheory, AllDrivers]
    public async Task Listen_OnAnAddressInUse_Throws(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using SocketServer server = test.Group.Listen(PlainSocket.Loopback, EchoAsync);
        var exception = Assert.Throws<SocketException>(() => test.Group.Listen(server.LocalEndPoint!, EchoAsync));
        Assert.Equal(SocketError.AddressAlreadyInUse, exception.SocketErrorCode);
    }

    [SkippableTheory, AllDrivers]
    public async Task Listen_HandsConnectionsOutRoundRobin(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 3);
        int[] counts = await CountPerLoopAsync(test, 12, new SocketListenerOptions());
        Assert.Equal([4, 4, 4], counts);
    }

    [SkippableTheory, AllDrivers]
    public async Task Listen_LeastLoaded_AvoidsTheLoopsThatAreBusy(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 3);
        var gate = new TaskCompletionSource();
        for (int i = 0; i < 20; i++)
        {
            test.Group[0].Spawn(async () => await gate.Task);
            test.Group[2].Spawn(async () => await gate.Task);
        }

        int[] counts = await CountPerLoopAsync(test, 6, new SocketListenerOptions { Placement = Placement.LeastLoaded });
        Assert.Equal([0, 6, 0], counts);
        gate.SetResult();
    }

    [SkippableTheory, AllDrivers]
    public async Task Listen_WithReusePort_ServesEachConnectionWhereItWasAccepted(DriverKind driver)
    {
        Skip.If(driver == DriverKind.Portable, "The portable driver has no ReusePort: System.Net.Sockets cannot set it.");
        await using TestGroup test = TestGroup.Create(driver, 2);
        int[] counts = await CountPerLoopAsync(test, 64, new SocketListenerOptions { ReusePort = true });
        Assert.Equal(64, counts.Sum());
        // The kernel spreads by chance: 64 on one of two has a probability of 1 in 2 to the 63.
        Assert.All(counts, count => Assert.NotEqual(0, count));
    }

    [SkippableFact]
    public async Task Listen_WithReusePort_WhereThereIsNone_Throws()
    {
        await using TestGroup test = TestGroup.Create(DriverKind.Portable);
        var options = new SocketListenerOptions { ReusePort = true };
        Assert.Throws<PlatformNotSupportedException>(() => test.Group.Listen(PlainSocket.Loopback, EchoAsync, options));
        using var address = new FreeAddress(Transport.UnixAbstract);
        Assert.Throws<ArgumentException>(() => test.Group.Listen(address.EndPoint, EchoAsync, options));
    }

    [SkippableTheory, AllDrivers]
    public async Task Listen_WithMaxConnections_LetsMoreWaitUntilThereIsRoom(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        var served = new SemaphoreSlim(0);
        int now = 0, most = 0;
        await using SocketServer server = test.Group.Listen(
            PlainSocket.Loopback,
            async connection =>
            {
                int count = Interlocked.Increment(ref now);
                InterlockedMax(ref most, count);
                served.Release();
                await EchoAsync(connection);
                Interlocked.Decrement(ref now);
            },
            new SocketListenerOptions { MaxConnections = 2 });
        var clients = new List<Socket>();
        for (int i = 0; i < 6; i++)
            clients.Add(await PlainSocket.ConnectAsync(server.LocalEndPoint));
        for (int i = 0; i < 2; i++)
            Assert.True(await served.WaitAsync(TestGroup.Ceiling));
        await test.ParkedAsync();
        Assert.Equal(2, server.ConnectionCount);
        Assert.Equal(2, server.AcceptedCount);

        // Which two are served is the order of connecting; each that leaves lets another in.
        foreach (Socket client in clients)
        {
            await client.SendAllAsync("x"u8.ToArray());
            await client.ReceiveAllAsync(1);
            client.Dispose();
        }

        for (int i = 2; i < 6; i++)
            Assert.True(await served.WaitAsync(TestGroup.Ceiling));
        Assert.Equal(2, most);
    }

    [SkippableTheory, AllDrivers]
    public async Task Listen_OptionsOfTheConnections_AreApplied(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        var seen = new TaskCompletionSource<(bool NoDelay, int Receive, int Send)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using SocketServer server = test.Group.Listen(
            PlainSocket.Loopback,
            connection =>
            {
                seen.SetResult((connection.NoDelay, connection.ReceiveBufferSize, connection.SendBufferSize));
                return default;
            },
            new SocketListenerOptions { NoDelay = false, ReceiveBufferSize = 20_000, SendBufferSize = 30_000 });
        using Socket client = await PlainSocket.ConnectAsync(server.LocalEndPoint);
        (bool noDelay, int receive, int send) = await seen.Task.WithCeiling();
        Assert.False(noDelay);
        Assert.InRange(receive, 20_000, 60_000);
        Assert.InRange(send, 30_000, 90_000);
    }

    [SkippableTheory, AllDrivers]
    public async Task Handler_ThatThrowsAtAnyStage_IsReportedOnce_AndItsConnectionClosed(DriverKind driver)
    {
        Func<SocketConnection, ValueTask>[] handlers =
        [
            _ => throw new FormatException("at once"),
            ThrowAfterReceiveAsync,
            ThrowDuringSendAsync,
        ];
        await using TestGroup test = TestGroup.Create(driver, 2);
        for (int i = 0; i < handlers.Length; i++)
        {
            await using SocketServer server = test.Group.Listen(PlainSocket.Loopback, handlers[i]);
            using Socket client = await PlainSocket.ConnectAsync(server.LocalEndPoint);
            await client.SendAllAsync("x"u8.ToArray());
            await EndOfStreamAsync(client);
            await server.DisposeAsync().WithCeiling();
            Assert.Equal(0, server.ConnectionCount);
            await test.ParkedAsync();
        }

        Assert.All(test.Unhandled, exception => Assert.IsType<FormatException>(exception));
        Assert.Equal(["at once", "after receive", "during send"], test.Unhandled.Select(exception => exception.Message));
    }

    [SkippableTheory, AllDrivers]
    public async Task Peers_ThatResetAtAnyStage_HarmNobodyElse(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        await using SocketServer server = test.Group.Listen(PlainSocket.Loopback, EchoAsync);
        byte[] large = new byte[1_000_000];
        for (int i = 0; i < 20; i++)
        {
            // After connecting, perhaps before the accept.
            (await PlainSocket.ConnectAsync(server.LocalEndPoint)).Reset();

            // While the server receives.
            Socket receiving = await PlainSocket.ConnectAsync(server.LocalEndPoint);
            await receiving.SendAllAsync("x"u8.ToArray());
            await receiving.ReceiveAllAsync(1);
            receiving.Reset();

            // While the server sends: this client does not read.
            Socket sending = await PlainSocket.ConnectAsync(server.LocalEndPoint);
            sending.Blocking = false;
            sending.Send(large, SocketFlags.None, out SocketError _);
            sending.Reset();

            await EchoOnceAsync(server.LocalEndPoint, 100);
        }

        await server.DisposeAsync().WithCeiling();
        Assert.All(test.Unhandled, exception => Assert.IsType<SocketException>(exception));
    }

    [SkippableTheory, AllDrivers]
    public async Task Dispose_DrainsWhatIsBeingServed(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2, options => options.DrainTimeout = Timeout.InfiniteTimeSpan);
        SocketServer server = test.Group.Listen(PlainSocket.Loopback, EchoAsync);
        using Socket client = await PlainSocket.ConnectAsync(server.LocalEndPoint);
        await client.SendAllAsync("x"u8.ToArray());
        await client.ReceiveAllAsync(1);
        Task disposing = server.DisposeAsync().AsTask();
        await client.SendAllAsync("still served"u8.ToArray());
        await client.ReceiveAllAsync(12);
        Assert.False(disposing.IsCompleted);
        Assert.False(server.Completion.IsCompleted);
        client.Shutdown(SocketShutdown.Send);
        Assert.Empty(await client.ReceiveToEndAsync());
        await disposing.WithCeiling();
        await server.Completion.WithCeiling();
        await Assert.ThrowsAsync<SocketException>(() => PlainSocket.ConnectAsync(server.LocalEndPoint));
        Assert.Empty(test.Unhandled);
    }

    [SkippableTheory, AllDrivers]
    public async Task Dispose_AfterTheDrainTime_ClosesWhatIsLeft_AndOthersGoOn(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2, options => options.DrainTimeout = TimeSpan.Zero);
        await using SocketServer other = test.Group.Listen(PlainSocket.Loopback, EchoAsync);
        SocketServer server = test.Group.Listen(PlainSocket.Loopback, EchoAsync);
        using Socket stays = await PlainSocket.ConnectAsync(other.LocalEndPoint);
        using Socket client = await PlainSocket.ConnectAsync(server.LocalEndPoint);
        await client.SendAllAsync("x"u8.ToArray());
        await client.ReceiveAllAsync(1);
        await server.DisposeAsync().WithCeiling();
        Assert.Empty(await client.ReceiveToEndAsync());
        await stays.SendAllAsync("x"u8.ToArray());
        await stays.ReceiveAllAsync(1);
        Assert.Empty(test.Unhandled);
    }

    [Pinned]
    internal static async partial ValueTask EchoAsync(SocketConnection connection)
    {
        byte[] buffer = new byte[4_096];
        int count;
        while ((count = await connection.ReceiveAsync(buffer)) > 0)
            await connection.SendAsync(buffer.AsMemory(0, count));
    }

    [Pinned]
    private static async partial ValueTask ThrowAfterReceiveAsync(SocketConnection connection)
    {
        if (await connection.ReceiveAsync(new byte[1]) == 1)
            throw new FormatException("after receive");
    }

    [Pinned]
    private static async partial ValueTask ThrowDuringSendAsync(SocketConnection connection)
    {
        if (await connection.ReceiveAsync(new byte[1]) == 0)
            return;

        ValueTask send = connection.SendAsync(new byte[20_000_000]);
        if (!send.IsCompleted)
            throw new FormatException("during send");

        await send;
    }

    internal static async Task EchoOnceAsync(EndPoint? server, int size)
    {
        using Socket client = await PlainSocket.ConnectAsync(server);
        byte[] data = Pattern.Bytes(size);
        await client.SendAllAsync(data);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(data, await client.ReceiveToEndAsync());
    }

    private static async Task<int[]> CountPerLoopAsync(TestGroup test, int clients, SocketListenerOptions options)
    {
        var loops = new ConcurrentQueue<int>();
        await using SocketServer server = test.Group.Listen(
            PlainSocket.Loopback,
            connection =>
            {
                loops.Enqueue(connection.Loop.Index);
                return EchoAsync(connection);
            },
            options);
        for (int i = 0; i < clients; i++)
            await EchoOnceAsync(server.LocalEndPoint, 10);
        return [.. from loop in test.Group select loops.Count(index => index == loop.Index)];
    }

    private static async Task EndOfStreamAsync(Socket client)
    {
        try
        {
            await client.ReceiveToEndAsync();
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Closed with bytes that nobody had read.
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen)
            seen = Interlocked.CompareExchange(ref target, value, seen);
    }
}
