using System.Net.Sockets;
using IoPool.Drivers.Linux;
using IoPool.Net;
using IoPool.Tests.Support;

namespace IoPool.Tests.Net;

public sealed class SocketConnectionOptionTests
{
    [SkippableTheory, AllTransports]
    public async Task EndPoints_AreThoseOfBothSides(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, transport);
        await pair.RunAsync(c =>
        {
            Assert.Equal(pair.Peer.RemoteEndPoint?.ToString(), c.LocalEndPoint?.ToString());
            Assert.Equal(pair.Peer.LocalEndPoint?.ToString(), c.RemoteEndPoint?.ToString());
        });
    }

    [SkippableTheory, AllDrivers]
    public async Task RemoteEndPoint_WhenThePeerIsGone_IsNull(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        // On Linux both drivers have not asked for the address before: nothing is remembered.
        Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[1]));
        pair.Peer.Reset();
        await Assert.ThrowsAsync<SocketException>(() => receive.WithCeiling());
        await pair.RunAsync(c => Assert.Null(c.RemoteEndPoint));
    }

    [SkippableTheory, AllDrivers]
    public async Task NoDelay_IsOnAfterConnecting_AndCanBeTurnedOff(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.RunAsync(c =>
        {
            Assert.True(c.NoDelay);
            c.NoDelay = false;
            Assert.False(c.NoDelay);
        });
    }

    [SkippableTheory, AllDrivers]
    public async Task NoDelay_OfAUnixSocket_IsFalseAndSettingItDoesNothing(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, Transport.UnixAbstract);
        await pair.RunAsync(c =>
        {
            c.NoDelay = true;
            Assert.False(c.NoDelay);
        });
    }

    [SkippableTheory, AllDrivers]
    public async Task BufferSizes_AreWishesThatTheSystemMayRaise(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.RunAsync(c =>
        {
            c.ReceiveBufferSize = 20_000;
            c.SendBufferSize = 30_000;
            Assert.InRange(c.ReceiveBufferSize, 20_000, 60_000);
            Assert.InRange(c.SendBufferSize, 30_000, 90_000);
            Assert.Throws<ArgumentOutOfRangeException>(() => c.ReceiveBufferSize = 0);
            Assert.Throws<ArgumentOutOfRangeException>(() => c.SendBufferSize = -1);
        });
    }

    [SkippableTheory, AllDrivers]
    public async Task KeepAlive_IsSetAndTakenBack(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.RunAsync(c =>
        {
            c.EnableKeepAlive(TimeSpan.FromSeconds(77), TimeSpan.FromSeconds(5), 3);
            c.DisableKeepAlive();
            Assert.Throws<ArgumentOutOfRangeException>(() => c.EnableKeepAlive(TimeSpan.Zero, TimeSpan.FromSeconds(5), 3));
            Assert.Throws<ArgumentOutOfRangeException>(() => c.EnableKeepAlive(TimeSpan.FromSeconds(1), TimeSpan.Zero, 3));
            Assert.Throws<ArgumentOutOfRangeException>(
                () => c.EnableKeepAlive(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), 0));
        });
    }

    [SkippableTheory, AllDrivers]
    public async Task KeepAlive_ReachesTheSocket(DriverKind driver)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "A second descriptor of the socket is made by a Linux call.");
        await using TestGroup test = TestGroup.Create(driver);
        using Socket listener = PlainSocket.Listen(PlainSocket.Loopback);
        using Socket client = await PlainSocket.ConnectAsync(listener.LocalEndPoint);
        Socket accepted = await listener.AcceptAsync().WithCeiling();
        await test.Group[0].RunAsync(async () =>
        {
            // A second descriptor of the socket looks at what the connection has set.
            using var window = new Socket(
                new SafeSocketHandle(LinuxSocket.Duplicate((int)accepted.SafeHandle.DangerousGetHandle()), ownsHandle: true));
            await using SocketConnection connection = SocketConnection.Adopt(accepted.SafeHandle);
            connection.EnableKeepAlive(TimeSpan.FromSeconds(77), TimeSpan.FromSeconds(5), 3);
            Assert.Equal(1, window.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
            Assert.Equal(77, window.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
            Assert.Equal(5, window.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval));
            Assert.Equal(3, window.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount));
            connection.DisableKeepAlive();
            Assert.Equal(0, window.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Linger_IsReadBackAsSet(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.RunAsync(c =>
        {
            Assert.False(c.Linger.Enabled);
            c.Linger = new LingerOption(true, 3);
            Assert.True(c.Linger.Enabled);
            Assert.Equal(3, c.Linger.LingerTime);
            Assert.Throws<ArgumentNullException>(() => c.Linger = null!);
        });
    }

    [SkippableTheory, AllDrivers]
    public async Task Linger_OfZero_MakesDisposeAReset(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.RunAsync(async c =>
        {
            c.Linger = new LingerOption(true, 0);
            await c.DisposeAsync();
        });
        var exception = await Assert.ThrowsAsync<SocketException>(() => pair.Peer.ReceiveToEndAsync());
        Assert.Equal(SocketError.ConnectionReset, exception.SocketErrorCode);
    }

    [SkippableTheory, AllDrivers]
    public async Task Linger_WithTime_DoesNotHoldTheLoopUp_AndThePeerGetsEverything(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, smallBuffers: true);
        byte[] data = Pattern.Bytes(10_000);
        await pair.RunAsync(async c =>
        {
            c.SendBufferSize = 1_000_000;
            c.Linger = new LingerOption(true, 600);
        });
        int sent = 0;
        // Until a send waits, so that the system holds bytes that the peer has no room for.
        while (true)
        {
            Task send = await pair.BeginAsync(c => c.SendAsync(data));
            await test.ParkedAsync();
            sent += data.Length;
            if (!send.IsCompleted)
                break;
        }

        // Closing would wait for the peer, who reads only after the loop has shown that it is free.
        await pair.RunAsync(c => c.DisposeAsync());
        await test.ParkedAsync();
        byte[] received = await pair.Peer.ReceiveToEndAsync();
        Assert.InRange(received.Length, sent - data.Length, sent);
    }

    [SkippableTheory, AllDrivers]
    public async Task Timeouts_AreReadBackAsSet_AndInfiniteByDefault(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.RunAsync(c =>
        {
            Assert.Equal(Timeout.InfiniteTimeSpan, c.ReceiveTimeout);
            Assert.Equal(Timeout.InfiniteTimeSpan, c.SendTimeout);
            Assert.Equal(Timeout.InfiniteTimeSpan, c.IdleTimeout);
            c.ReceiveTimeout = TimeSpan.FromSeconds(1);
            c.SendTimeout = TimeSpan.FromSeconds(2);
            c.IdleTimeout = TimeSpan.FromSeconds(3);
            Assert.Equal(TimeSpan.FromSeconds(1), c.ReceiveTimeout);
            Assert.Equal(TimeSpan.FromSeconds(2), c.SendTimeout);
            Assert.Equal(TimeSpan.FromSeconds(3), c.IdleTimeout);
            c.ReceiveTimeout = Timeout.InfiniteTimeSpan;
            Assert.Equal(Timeout.InfiniteTimeSpan, c.ReceiveTimeout);
            Assert.Throws<ArgumentOutOfRangeException>(() => c.SendTimeout = TimeSpan.Zero);
        });
    }
}
