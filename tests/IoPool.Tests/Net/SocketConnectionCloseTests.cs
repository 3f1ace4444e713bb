using System.Net.Sockets;
using IoPool.Net;
using IoPool.Tests.Support;

namespace IoPool.Tests.Net;

public sealed class SocketConnectionCloseTests
{
    [SkippableTheory, AllTransports]
    public async Task Dispose_SendsOutWhatTheSystemHasTaken_ThenEndsTheStream(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, transport);
        await pair.RunAsync(async c =>
        {
            await c.SendAsync("last words"u8.ToArray());
            await c.DisposeAsync();
        });
        Assert.Equal("last words"u8.ToArray(), await pair.Peer.ReceiveToEndAsync());
    }

    [SkippableTheory, AllDrivers]
    public async Task Dispose_EndsAPendingReceiveAndSend(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, smallBuffers: true);
        Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[1]));
        Task send = await pair.BeginAsync(c => c.SendAsync(new byte[ConnectionPair.MoreThanBuffersHold]));
        await pair.RunAsync(c => c.DisposeAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receive.WithCeiling());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => send.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task Dispose_FromAForeignThread_IsSafe(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[1]));
        await Task.WhenAll(from _ in Enumerable.Range(0, 8) select Task.Run(() => pair.Connection.DisposeAsync().AsTask())).WithCeiling();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receive.WithCeiling());
        Assert.Empty(await pair.Peer.ReceiveToEndAsync());
    }

    [SkippableTheory, AllDrivers]
    public async Task Dispose_AfterTheGroupHasStopped_IsSafe(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await test.Group.ShutdownAsync().WithCeiling();
        await pair.Connection.DisposeAsync().WithCeiling();
        Assert.Empty(await pair.Peer.ReceiveToEndAsync());
    }

    [SkippableTheory, AllDrivers]
    public async Task Dispose_Twice_IsNothing(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.RunAsync(async c =>
        {
            await c.DisposeAsync();
            await c.DisposeAsync();
            c.Abort();
        });
    }

    [SkippableTheory, AllDrivers]
    public async Task Members_AfterDispose_ThrowObjectDisposed(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.RunAsync(c => c.DisposeAsync());
        foreach (Func<SocketConnection, ValueTask> member in LoopMembers)
            await Assert.ThrowsAsync<ObjectDisposedException>(() => pair.RunAsync(member));
    }

    [SkippableTheory, AllDrivers]
    public async Task Members_FromAnotherLoop_ThrowAndNameBothLoops(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        foreach (Func<SocketConnection, ValueTask> member in LoopMembers)
        {
            var exception = await Assert.ThrowsAsync<InvalidOperationException>(
                () => test.Group[1].RunAsync(member, pair.Connection).WithCeiling());
            Assert.Contains($"'{test.Group[0].Name}'", exception.Message);
            Assert.Contains($"'{test.Group[1].Name}'", exception.Message);
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task Members_FromAThreadThatIsNoLoops_Throw(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        foreach (Func<SocketConnection, ValueTask> member in LoopMembers)
        {
            var exception = await Assert.ThrowsAsync<InvalidOperationException>(
                () => Task.Run(() => member(pair.Connection).AsTask()).WithCeiling());
            Assert.Contains($"'{test.Group[0].Name}'", exception.Message);
        }

        Assert.Same(test.Group[0], pair.Connection.Loop);
    }

    [SkippableTheory, AllDrivers]
    public async Task Abort_FromAnotherThread_Throws(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Task.Run(pair.Connection.Abort).WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task Abort_ResetsThePeer_AndEndsPendingCalls(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[1]));
        Task<byte[]> peer = pair.Peer.ReceiveToEndAsync();
        await pair.RunAsync(c => c.Abort());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receive.WithCeiling());
        var exception = await Assert.ThrowsAsync<SocketException>(() => peer);
        Assert.Equal(SocketError.ConnectionReset, exception.SocketErrorCode);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pair.RunAsync(c => c.ReceiveAsync(new byte[1])));
    }

    [SkippableTheory, AllDrivers]
    public async Task Abort_OfAUnixSocket_ClosesIt(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, Transport.UnixPath);
        await pair.RunAsync(c => c.Abort());
        Assert.Empty(await pair.Peer.ReceiveToEndAsync());
    }

    [SkippableTheory, AllDrivers]
    public async Task Abort_AfterThePeerReset_IsSafe(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[1]));
        pair.Peer.Reset();
        await Assert.ThrowsAsync<SocketException>(() => receive.WithCeiling());
        await pair.RunAsync(c => c.Abort());
    }

    [SkippableTheory, AllDrivers]
    public async Task Dispose_InTheContinuationOfAReceive_WhileASendIsPending_EndsTheSend(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, smallBuffers: true);
        Task<int> receive = await pair.BeginAsync(async c =>
        {
            int count = await c.ReceiveAsync(new byte[1]);
            await c.DisposeAsync();
            return count;
        });
        Task send = await pair.BeginAsync(c => c.SendAsync(new byte[ConnectionPair.MoreThanBuffersHold]));
        await pair.Peer.SendAllAsync(new byte[1]);
        Assert.Equal(1, await receive.WithCeiling());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => send.WithCeiling());
    }

    [SkippableTheory, AllTransports]
    public async Task Adopt_TakesAConnectedSocketOver(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver);
        using var address = new FreeAddress(transport);
        using Socket listener = PlainSocket.Listen(address.EndPoint);
        using Socket client = await PlainSocket.ConnectAsync(listener.LocalEndPoint);
        SafeSocketHandle handle = (await listener.AcceptAsync().WithCeiling()).SafeHandle;
        await test.Group[0].RunAsync(async () =>
        {
            await using SocketConnection connection = SocketConnection.Adopt(handle);
            byte[] buffer = new byte[10];
            int count = await connection.ReceiveAsync(buffer.AsMemory(0, await SendFromAsync(client)));
            await connection.SendAsync(buffer.AsMemory(0, count));
        }).WithCeiling();
        Assert.Equal("ping"u8.ToArray(), await client.ReceiveToEndAsync());
    }

    [SkippableTheory, AllDrivers]
    public async Task Adopt_OfAClosedHandle_Throws(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        var closed = new SafeSocketHandle(-1, ownsHandle: true);
        closed.Dispose();
        await test.Group[0].RunAsync(() =>
        {
            Assert.Throws<ArgumentNullException>(() => SocketConnection.Adopt(null!));
            Assert.Throws<ObjectDisposedException>(() => SocketConnection.Adopt(closed));
            return default;
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Adopt_LeavesTheSocketItCameFromFreeToBeDisposed(DriverKind driver)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "The handle stays shared.");
        await using TestGroup test = TestGroup.Create(driver);
        using Socket listener = PlainSocket.Listen(PlainSocket.Loopback);
        using Socket client = await PlainSocket.ConnectAsync(listener.LocalEndPoint);
        Socket accepted = await listener.AcceptAsync().WithCeiling();
        SocketConnection connection = await test.Group[0]
            .RunAsync(() => new ValueTask<SocketConnection>(SocketConnection.Adopt(accepted.SafeHandle))).WithCeiling();
        await Task.Run(accepted.Dispose).WithCeiling();
        await test.Group[0].RunAsync(async () =>
        {
            await connection.SendAsync("alive"u8.ToArray());
            Assert.False(connection.Linger.Enabled);
            await connection.DisposeAsync();
        }).WithCeiling();
        Assert.Equal("alive"u8.ToArray(), await client.ReceiveToEndAsync());
    }

    [Fact]
    public void Adopt_OffALoop_ThrowsAndNamesRunAsync()
    {
        using Socket socket = PlainSocket.Create(PlainSocket.Loopback);
        var exception = Assert.Throws<InvalidOperationException>(() => SocketConnection.Adopt(socket.SafeHandle));
        Assert.Contains("RunAsync", exception.Message);
    }

    private static Func<SocketConnection, ValueTask>[] LoopMembers { get; } =
    [
        async c => await c.ReceiveAsync(new byte[1]),
        async c => await c.WaitToReceiveAsync(),
        c => c.SendAsync(new byte[1]),
        c => c.SendAsync(new System.Buffers.ReadOnlySequence<byte>(new byte[1])),
        Do(c => c.ShutdownSend()),
        Do(c => _ = c.LocalEndPoint),
        Do(c => _ = c.RemoteEndPoint),
        Do(c => c.NoDelay = c.NoDelay),
        Do(c => c.NoDelay = true),
        Do(c => _ = c.Linger),
        Do(c => c.Linger = new LingerOption(false, 0)),
        Do(c => _ = c.ReceiveBufferSize),
        Do(c => c.SendBufferSize = 10_000),
        Do(c => c.ReceiveTimeout = TimeSpan.FromSeconds(1)),
        Do(c => c.IdleTimeout = TimeSpan.FromSeconds(1)),
        Do(c => c.EnableKeepAlive(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 1)),
        Do(c => c.DisableKeepAlive()),
    ];

    private static Func<SocketConnection, ValueTask> Do(Action<SocketConnection> action) => c =>
    {
        action(c);
        return default;
    };

    private static async Task<int> SendFromAsync(Socket client)
    {
        await client.SendAllAsync("ping"u8.ToArray());
        return 4;
    }
}
