using System.Net;
using System.Net.Sockets;
using IoPool.Net;
using IoPool.Tests.Support;

namespace IoPool.Tests.Net;

public sealed class SocketListenerTests
{
    [SkippableTheory, AllTransports]
    public async Task Accept_GivesAConnectionOfTheListenersLoop(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        using var address = new FreeAddress(transport);
        SocketListener listener = await BindAsync(test.Group[1], address.EndPoint);
        using Socket client = await PlainSocket.ConnectAsync(listener.LocalEndPoint);
        await test.Group[1].RunAsync(async () =>
        {
            await using SocketConnection connection = await listener.AcceptAsync();
            Assert.Same(test.Group[1], connection.Loop);
            Assert.Equal(client.LocalEndPoint?.ToString(), connection.RemoteEndPoint?.ToString());
            await connection.SendAsync("hello"u8.ToArray());
        }).WithCeiling();
        Assert.Equal("hello"u8.ToArray(), await client.ReceiveToEndAsync());
        await listener.DisposeAsync();
    }

    [SkippableTheory, AllDrivers]
    public async Task Accept_ThatWaits_TakesTheNextClient(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        SocketListener listener = await BindAsync(test.Group[0], PlainSocket.Loopback);
        for (int i = 0; i < 5; i++)
        {
            Task<SafeSocketHandle> accept = test.Group[0].RunAsync(() => listener.AcceptHandleAsync()).AsTask();
            await test.ParkedAsync();
            using Socket client = await PlainSocket.ConnectAsync(listener.LocalEndPoint);
            using var accepted = new Socket(await accept.WithCeiling());
            Assert.Equal(client.LocalEndPoint, accepted.RemoteEndPoint);
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task Bind_ToPort0_TellsThePortThatTheSystemChose(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        SocketListener listener = await BindAsync(test.Group[0], PlainSocket.Loopback);
        Assert.NotEqual(0, ((IPEndPoint)listener.LocalEndPoint!).Port);
    }

    [SkippableTheory, AllTransports]
    public async Task Bind_ToAnAddressInUse_Fails(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver);
        using var address = new FreeAddress(transport);
        SocketListener listener = await BindAsync(test.Group[0], address.EndPoint);
        var exception = await Assert.ThrowsAsync<SocketException>(() => BindAsync(test.Group[0], listener.LocalEndPoint!));
        Assert.Equal(SocketError.AddressAlreadyInUse, exception.SocketErrorCode);
    }

    [SkippableTheory, AllDrivers]
    public async Task Bind_ToAnAddressOfSomebodyElse_Fails(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        // 192.0.2.0/24 is for documentation: no machine has it.
        var exception = await Assert.ThrowsAsync<SocketException>(
            () => BindAsync(test.Group[0], new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0)));
        Assert.Equal(SocketError.AddressNotAvailable, exception.SocketErrorCode);
    }

    [SkippableTheory, AllDrivers]
    public async Task Bind_AgainAfterDispose_Works(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        SocketListener listener = await BindAsync(test.Group[0], PlainSocket.Loopback);
        // The server closes first, so that its side waits in TIME_WAIT.
        using Socket client = await PlainSocket.ConnectAsync(listener.LocalEndPoint);
        await test.Group[0].RunAsync(async () => await (await listener.AcceptAsync()).DisposeAsync()).WithCeiling();
        Assert.Empty(await client.ReceiveToEndAsync());
        client.Dispose();
        await listener.DisposeAsync().WithCeiling();
        SocketListener next = await BindAsync(test.Group[0], listener.LocalEndPoint!);
        Assert.Equal(listener.LocalEndPoint, next.LocalEndPoint);
    }

    [SkippableTheory, AllDrivers]
    public async Task Bind_ToAUnixPath_AgainAfterDispose_Works(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        using var address = new FreeAddress(Transport.UnixPath);
        SocketListener listener = await BindAsync(test.Group[0], address.EndPoint);
        await listener.DisposeAsync().WithCeiling();
        await BindAsync(test.Group[0], address.EndPoint);
    }

    [SkippableTheory, AllDrivers]
    public async Task Bind_DualMode_TakesIPv4Too_UnlessToldNotTo(DriverKind driver)
    {
        Skip.IfNot(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        await using TestGroup test = TestGroup.Create(driver);
        SocketListener dual = await BindAsync(test.Group[0], new IPEndPoint(IPAddress.IPv6Any, 0));
        int port = ((IPEndPoint)dual.LocalEndPoint!).Port;
        (await PlainSocket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port))).Dispose();
        (await PlainSocket.ConnectAsync(new IPEndPoint(IPAddress.IPv6Loopback, port))).Dispose();

        SocketListener only6 = await BindAsync(
            test.Group[0], new IPEndPoint(IPAddress.IPv6Any, 0), new SocketListenerOptions { DualMode = false });
        port = ((IPEndPoint)only6.LocalEndPoint!).Port;
        (await PlainSocket.ConnectAsync(new IPEndPoint(IPAddress.IPv6Loopback, port))).Dispose();
        await Assert.ThrowsAsync<SocketException>(() => PlainSocket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port)));
    }

    [SkippableTheory, AllDrivers]
    public async Task Accept_WhileAnotherIsPending_Throws(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        SocketListener listener = await BindAsync(test.Group[0], PlainSocket.Loopback);
        Task<SafeSocketHandle> first = test.Group[0].RunAsync(() => listener.AcceptHandleAsync()).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => test.Group[0].RunAsync(() => listener.AcceptAsync()).WithCeiling());
        using Socket client = await PlainSocket.ConnectAsync(listener.LocalEndPoint);
        (await first.WithCeiling()).Dispose();
    }

    [SkippableTheory, AllDrivers]
    public async Task Accept_FromAnotherLoop_ThrowsAndNamesTheOwner(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        SocketListener listener = await BindAsync(test.Group[0], PlainSocket.Loopback);
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => test.Group[1].RunAsync(() => listener.AcceptAsync()).WithCeiling());
        Assert.Contains($"'{test.Group[0].Name}'", exception.Message);
    }

    [SkippableTheory, AllDrivers]
    public async Task Accept_Cancelled_Ends_AndTheNextOneWorks(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        SocketListener listener = await BindAsync(test.Group[0], PlainSocket.Loopback);
        using var source = new CancellationTokenSource();
        Task<SocketConnection> accept = test.Group[0].RunAsync(() => listener.AcceptAsync(source.Token)).AsTask();
        await test.ParkedAsync();
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accept.WithCeiling());
        using Socket client = await PlainSocket.ConnectAsync(listener.LocalEndPoint);
        (await test.Group[0].RunAsync(() => listener.AcceptHandleAsync()).WithCeiling()).Dispose();
    }

    [SkippableTheory, AllDrivers]
    public async Task Dispose_FromAForeignThread_EndsAPendingAccept(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        SocketListener listener = await BindAsync(test.Group[0], PlainSocket.Loopback);
        Task<SocketConnection> accept = test.Group[0].RunAsync(() => listener.AcceptAsync()).AsTask();
        await test.ParkedAsync();
        await listener.DisposeAsync().WithCeiling();
        await listener.DisposeAsync().WithCeiling();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => accept.WithCeiling());
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => test.Group[0].RunAsync(() => listener.AcceptAsync()).WithCeiling());
        await Assert.ThrowsAsync<SocketException>(() => PlainSocket.ConnectAsync(listener.LocalEndPoint));
    }

    [SkippableTheory, AllDrivers]
    public async Task Accept_OfAClientThatResetBefore_GivesAConnectionThatFails_OrSkipsIt(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        SocketListener listener = await BindAsync(test.Group[0], PlainSocket.Loopback);
        (await PlainSocket.ConnectAsync(listener.LocalEndPoint)).Reset();
        using Socket client = await PlainSocket.ConnectAsync(listener.LocalEndPoint);
        await client.SendAllAsync("alive"u8.ToArray());
        await test.Group[0].RunAsync(async () =>
        {
            while (true)
            {
                await using SocketConnection connection = await listener.AcceptAsync();
                try
                {
                    Assert.Equal(5, await connection.ReceiveAsync(new byte[10]));
                    return;
                }
                catch (SocketException exception)
                {
                    Assert.Equal(SocketError.ConnectionReset, exception.SocketErrorCode);
                }
            }
        }).WithCeiling();
    }

    [SkippableTheory, AllTransports]
    public async Task Adopt_TakesAListeningSocketOver(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver);
        using var address = new FreeAddress(transport);
        Socket plain = PlainSocket.Listen(address.EndPoint);
        string? bound = plain.LocalEndPoint?.ToString();
        EndPoint reachable = plain.LocalEndPoint!;
        SocketListener listener = await test.Group[0].RunAsync(
            () => new ValueTask<SocketListener>(SocketListener.Adopt(plain.SafeHandle))).WithCeiling();
        Assert.Equal(bound, listener.LocalEndPoint?.ToString());
        using Socket client = await PlainSocket.ConnectAsync(reachable);
        await test.Group[0].RunAsync(async () =>
        {
            await using SocketConnection connection = await listener.AcceptAsync();
            await connection.SendAsync("hello"u8.ToArray());
        }).WithCeiling();
        Assert.Equal("hello"u8.ToArray(), await client.ReceiveToEndAsync());
        await listener.DisposeAsync().WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Bind_WithBadOptions_ThrowsAndNamesThem(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        foreach ((string name, SocketListenerOptions options) in new[]
        {
            (nameof(SocketListenerOptions.Backlog), new SocketListenerOptions { Backlog = 0 }),
            (nameof(SocketListenerOptions.MaxConnections), new SocketListenerOptions { MaxConnections = 0 }),
            (nameof(SocketListenerOptions.ReceiveBufferSize), new SocketListenerOptions { ReceiveBufferSize = 0 }),
            (nameof(SocketListenerOptions.SendBufferSize), new SocketListenerOptions { SendBufferSize = -5 }),
            (nameof(SocketListenerOptions.Placement), new SocketListenerOptions { Placement = (Placement)77 }),
        })
        {
            var exception = await Assert.ThrowsAnyAsync<ArgumentException>(
                () => BindAsync(test.Group[0], PlainSocket.Loopback, options));
            Assert.Equal(name, exception.ParamName);
        }
    }

    [Fact]
    public void Bind_OffALoop_ThrowsAndNamesRunAsync()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => SocketListener.Bind(PlainSocket.Loopback));
        Assert.Contains("RunAsync", exception.Message);
    }

    [SkippableTheory, AllDrivers]
    public async Task SpawnAll_OverAcceptedConnections_ServesTwoClientsInTurn(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        SocketListener listener = await BindAsync(test.Group[0], PlainSocket.Loopback);
        using var stop = new CancellationTokenSource();
        Task spawning = test.Group.SpawnAllAsync(AcceptedAsync(listener, stop.Token));
        for (int i = 0; i < 2; i++)
        {
            using Socket client = await PlainSocket.ConnectAsync(listener.LocalEndPoint);
            byte[] data = Pattern.Bytes(100 + i);
            await client.SendAllAsync(data);
            client.Shutdown(SocketShutdown.Send);
            Assert.Equal(data, await client.ReceiveToEndAsync());
        }

        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => spawning.WithCeiling());
        Assert.Empty(test.Unhandled);
    }

    private static async IAsyncEnumerable<Func<ValueTask>> AcceptedAsync(
        SocketListener listener,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            SafeSocketHandle handle = await listener.Loop.RunAsync(() => listener.AcceptHandleAsync(cancellationToken));
            yield return async () =>
            {
                await using SocketConnection connection = SocketConnection.Adopt(handle);
                byte[] buffer = new byte[64];
                int count;
                while ((count = await connection.ReceiveAsync(buffer)) > 0)
                    await connection.SendAsync(buffer.AsMemory(0, count));
            };
        }
    }

    private static Task<SocketListener> BindAsync(EventLoop loop, EndPoint endPoint, SocketListenerOptions? options = null) =>
        loop.RunAsync(() => new ValueTask<SocketListener>(SocketListener.Bind(endPoint, options))).WithCeiling();

    [SkippableTheory, AllDrivers]
    public async Task Accept_OffItsLoop_ThrowsAndNamesTheOwner(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        SocketListener listener = await test.Group.RunAsync(
            () => new ValueTask<SocketListener>(SocketListener.Bind(new IPEndPoint(IPAddress.Loopback, 0)))).WithCeiling();
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => { _ = listener.AcceptAsync(); });
        Assert.Contains(test.Group[0].Name, exception.Message);
        Assert.Throws<InvalidOperationException>(() => { _ = listener.AcceptHandleAsync(); });
        await listener.DisposeAsync().WithCeiling();
    }
}
