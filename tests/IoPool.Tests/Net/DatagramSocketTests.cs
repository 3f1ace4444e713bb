using System.Net;
using System.Net.Sockets;
using IoPool.Net;
using IoPool.Tests.Support;

namespace IoPool.Tests.Net;

public sealed partial class DatagramSocketTests
{
    private static readonly IPEndPoint s_loopback = new(IPAddress.Loopback, 0);
    private static readonly IPEndPoint s_loopbackV6 = new(IPAddress.IPv6Loopback, 0);

    [SkippableTheory, AllDrivers]
    public async Task Datagrams_GoThereAndBack_OneByOne(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            foreach (IPEndPoint address in new[] { s_loopback, s_loopbackV6 })
            {
                EventLoop loop = EventLoop.Current!;
                await using DatagramSocket server = DatagramSocket.Bind(address), client = DatagramSocket.Bind(address);
                Assert.Same(loop, server.Loop);
                byte[] buffer = new byte[100];
                foreach (int length in new[] { 5, 0, 100, 1 })
                {
                    byte[] data = Pattern.Bytes(length);
                    await client.SendToAsync(data, (IPEndPoint)server.LocalEndPoint!);
                    ReceivedDatagram received = await server.ReceiveFromAsync(buffer);
                    Assert.Equal(new ReceivedDatagram(length, false, client.LocalEndPoint), received);
                    Assert.Equal(data, buffer[..length]);
                    await server.SendToAsync(data, (IPEndPoint)received.Sender!);
                    Assert.Equal(length, (await client.ReceiveFromAsync(buffer)).Length);
                    Assert.Same(loop, EventLoop.Current);
                }
            }
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Receive_ThatWaits_GetsTheNextDatagram_OnItsLoop(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        DatagramSocket server = await BindAsync(test);
        for (byte i = 0; i < 20; i++)
        {
            Task<ReceivedDatagram> receive = await BeginAsync(server, socket => socket.ReceiveFromAsync(new byte[10]));
            Assert.False(receive.IsCompleted);
            await SendFromOutsideAsync(server, [i, i]);
            Assert.Equal(2, (await receive.WithCeiling()).Length);
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task Receive_IntoTooSmallABuffer_SaysTruncated_AndTheNextOneIsWhole(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            await using DatagramSocket server = DatagramSocket.Bind(s_loopback), client = DatagramSocket.Bind(s_loopback);
            var to = (IPEndPoint)server.LocalEndPoint!;
            await client.SendToAsync(Pattern.Bytes(50), to);
            await client.SendToAsync(Pattern.Bytes(10), to);
            byte[] buffer = new byte[10];
            ReceivedDatagram first = await server.ReceiveFromAsync(buffer);
            Assert.True(first.IsTruncated);
            Assert.Equal(10, first.Length);
            Assert.Equal(Pattern.Bytes(50)[..10], buffer);
            ReceivedDatagram second = await server.ReceiveFromAsync(buffer);
            Assert.False(second.IsTruncated);
            Assert.Equal(Pattern.Bytes(10), buffer);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Connected_ASocketTalksToOnePeerOnly(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            await using DatagramSocket server = DatagramSocket.Bind(s_loopback), client = DatagramSocket.Bind(s_loopback),
                stranger = DatagramSocket.Bind(s_loopback);
            client.Connect((IPEndPoint)server.LocalEndPoint!);
            await client.SendAsync("hello"u8.ToArray());
            byte[] buffer = new byte[10];
            ReceivedDatagram hello = await server.ReceiveFromAsync(buffer);
            await stranger.SendToAsync("intrusion"u8.ToArray(), (IPEndPoint)client.LocalEndPoint!);
            await server.SendToAsync("answer"u8.ToArray(), (IPEndPoint)hello.Sender!);
            Assert.Equal(6, (await client.ReceiveFromAsync(buffer)).Length);
            Assert.Equal("answer"u8.ToArray(), buffer[..6]);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task WhereNobodyListens_AConnectedSocketIsTold_AndStaysUsable(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            await using DatagramSocket client = DatagramSocket.Bind(s_loopback);
            IPEndPoint nobody;
            await using (DatagramSocket gone = DatagramSocket.Bind(s_loopback))
                nobody = (IPEndPoint)gone.LocalEndPoint!;
            client.Connect(nobody);
            await client.SendAsync(new byte[1]);
            var exception = await Assert.ThrowsAsync<SocketException>(async () => await client.ReceiveFromAsync(new byte[10]));
            Assert.Equal(SocketError.ConnectionRefused, exception.SocketErrorCode);

            Assert.Throws<InvalidOperationException>(() => client.Connect(nobody));
            await using DatagramSocket later = DatagramSocket.Bind(nobody);
            await client.SendAsync("again"u8.ToArray());
            Assert.Equal(5, (await later.ReceiveFromAsync(new byte[10])).Length);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Send_OfMoreThanADatagramHolds_Fails_AndTheSocketStaysUsable(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            await using DatagramSocket server = DatagramSocket.Bind(s_loopback), client = DatagramSocket.Bind(s_loopback);
            var to = (IPEndPoint)server.LocalEndPoint!;
            var exception = await Assert.ThrowsAsync<SocketException>(async () => await client.SendToAsync(new byte[70_000], to));
            Assert.Equal(SocketError.MessageSize, exception.SocketErrorCode);
            await client.SendToAsync(Pattern.Bytes(60_000), to);
            Assert.Equal(60_000, (await server.ReceiveFromAsync(new byte[65_536])).Length);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task DualMode_ReachesBothKindsOfAddresses(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            await using DatagramSocket both = DatagramSocket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0)),
                v4 = DatagramSocket.Bind(s_loopback), v6 = DatagramSocket.Bind(s_loopbackV6);
            await both.SendToAsync("four"u8.ToArray(), (IPEndPoint)v4.LocalEndPoint!);
            await both.SendToAsync("six"u8.ToArray(), (IPEndPoint)v6.LocalEndPoint!);
            Assert.Equal(4, (await v4.ReceiveFromAsync(new byte[10])).Length);
            Assert.Equal(3, (await v6.ReceiveFromAsync(new byte[10])).Length);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Receive_CancelledOrClosed_Ends(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        DatagramSocket server = await BindAsync(test);
        using var source = new CancellationTokenSource();
        Task<ReceivedDatagram> cancelled = await BeginAsync(server, socket => socket.ReceiveFromAsync(new byte[10], source.Token));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => server.Loop.RunAsync(() => server.ReceiveFromAsync(new byte[10])).WithCeiling());
        source.Cancel();
        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WithCeiling());
        Assert.Equal(source.Token, exception.CancellationToken);

        Task<ReceivedDatagram> closed = await BeginAsync(server, socket => socket.ReceiveFromAsync(new byte[10]));
        await server.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => closed.WithCeiling());
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => server.Loop.RunAsync(() => server.ReceiveFromAsync(new byte[10])).WithCeiling());
        await server.DisposeAsync();
    }

    [SkippableTheory, AllDrivers]
    public async Task OffItsLoop_TheSocketThrows_AndStopEndsWhatIsPending(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 2);
        DatagramSocket server = await BindAsync(test);
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => test.Group[1].RunAsync(() => server.ReceiveFromAsync(new byte[10])).WithCeiling());
        Assert.Contains(test.Group[0].Name, exception.Message);
        Assert.Throws<InvalidOperationException>(() => DatagramSocket.Bind(s_loopback));

        Task<ReceivedDatagram> pending = await BeginAsync(server, socket => socket.ReceiveFromAsync(new byte[10]));
        await test.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pending.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task BadArguments_AreNamed(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            Assert.Contains("SendBufferSize", Assert.Throws<ArgumentException>(
                () => DatagramSocket.Bind(s_loopback, new DatagramSocketOptions { SendBufferSize = 0 })).Message);
            await using DatagramSocket socket = DatagramSocket.Bind(s_loopback);
            var inUse = (IPEndPoint)socket.LocalEndPoint!;
            Assert.Equal(
                SocketError.AddressAlreadyInUse, Assert.Throws<SocketException>(() => DatagramSocket.Bind(inUse)).SocketErrorCode);
            Assert.Throws<ArgumentException>(() => { _ = socket.ReceiveFromAsync(new byte[1], new SocketAddress(AddressFamily.InterNetwork, 2)); });
            var batch = new DatagramBatch(1, 10);
            Assert.Throws<ArgumentException>(() => batch.Add(new byte[11]));
            batch.Add(new byte[1]);
            Assert.Throws<InvalidOperationException>(() => batch.Add(new byte[1]));
            Assert.Throws<ArgumentOutOfRangeException>(() => batch[1]);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Batches_CarryManyDatagrams_WithTheirSendersAndLengths(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            await using DatagramSocket server = DatagramSocket.Bind(s_loopback), client = DatagramSocket.Bind(s_loopback);
            SocketAddress to = server.LocalEndPoint!.Serialize();
            var outgoing = new DatagramBatch(50, 100);
            var incoming = new DatagramBatch(16, 40);
            for (int round = 0; round < 3; round++)
            {
                outgoing.Clear();
                for (int i = 0; i < 50; i++)
                    outgoing.Add(Pattern.Bytes(i), to);
                await client.SendBatchAsync(outgoing);
                for (int got = 0; got < 50;)
                {
                    int count = await server.ReceiveBatchAsync(incoming);
                    Assert.Equal(count, incoming.Count);
                    Assert.InRange(count, 1, 16);
                    for (int i = 0; i < count; i++, got++)
                    {
                        Assert.Equal(Pattern.Bytes(got)[..Math.Min(got, 40)], incoming[i].ToArray());
                        Assert.Equal(got > 40, incoming.IsTruncated(i));
                        Assert.Equal(client.LocalEndPoint, incoming.GetEndPoint(i));
                    }
                }
            }
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Multicast_ReachesThoseWhoJoined(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        var group = IPAddress.Parse("239.255.77.77");
        await test.Group.RunAsync(async () =>
        {
            await using DatagramSocket receiver = DatagramSocket.Bind(
                new IPEndPoint(IPAddress.Any, 0), new DatagramSocketOptions { ReuseAddress = true });
            await using DatagramSocket sender = DatagramSocket.Bind(new IPEndPoint(IPAddress.Any, 0));
            try
            {
                receiver.JoinMulticastGroup(group);
                await sender.SendToAsync("all"u8.ToArray(), new IPEndPoint(group, ((IPEndPoint)receiver.LocalEndPoint!).Port));
            }
            catch (SocketException exception)
            {
                throw new SkipException($"This machine has no multicast: {exception.SocketErrorCode}");
            }

            Assert.Equal(3, (await receiver.ReceiveFromAsync(new byte[10])).Length);
            receiver.LeaveMulticastGroup(group);
            Assert.Throws<SocketException>(() => receiver.LeaveMulticastGroup(group));
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task ReceiveAndSend_WithAddressesOfTheCallers_AllocateNothing(DriverKind driver)
    {
        Skip.If(driver == DriverKind.Portable, "Portable: the base class library allocates for each receive with a sender.");
        await using TestGroup test = TestGroup.Create(driver);
        Assert.Equal(0, await test.Group.RunAsync(MeasureAsync).WithCeiling());
    }

    [Pinned]
    private static async partial ValueTask<long> MeasureAsync()
    {
        await using DatagramSocket server = DatagramSocket.Bind(s_loopback), client = DatagramSocket.Bind(s_loopback);
        SocketAddress to = server.LocalEndPoint!.Serialize(), sender = new(AddressFamily.InterNetwork);
        byte[] data = new byte[64], buffer = new byte[64];
        long before = 0;
        for (int i = 0; i < 10_000; i++)
        {
            if (i == 5_000)
                before = GC.GetAllocatedBytesForCurrentThread();
            await client.SendToAsync(data, to);
            await server.ReceiveFromAsync(buffer, sender);
            await server.SendToAsync(buffer, sender);
            await client.ReceiveFromAsync(buffer, sender);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static Task<DatagramSocket> BindAsync(TestGroup test) =>
        test.Group[0].RunAsync(() => ValueTask.FromResult(DatagramSocket.Bind(s_loopback))).WithCeiling();

    private static async Task<Task<T>> BeginAsync<T>(DatagramSocket socket, Func<DatagramSocket, ValueTask<T>> call)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<T> running = socket.Loop.RunAsync(() =>
        {
            try
            {
                return call(socket);
            }
            finally
            {
                begun.SetResult();
            }
        }).AsTask();
        await begun.Task.WithCeiling();
        return running;
    }

    private static async Task SendFromOutsideAsync(DatagramSocket to, byte[] data)
    {
        EndPoint address = await to.Loop.RunAsync(() => ValueTask.FromResult(to.LocalEndPoint!)).WithCeiling();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await client.SendToAsync(data, address);
    }
}
