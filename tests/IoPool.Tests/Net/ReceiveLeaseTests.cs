using System.Net.Sockets;
using IoPool.Net;
using IoPool.Tests.Support;

namespace IoPool.Tests.Net;

public sealed partial class ReceiveLeaseTests
{
    [SkippableTheory, AllTransports]
    public async Task Lease_HoldsWhatArrived_AndIsEmptyAtTheEnd(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, transport);
        byte[] data = Pattern.Bytes(10);
        await pair.Peer.SendAllAsync(data);
        Assert.Equal(data, await LeaseAsync(pair));

        Task<byte[]> second = await pair.BeginAsync(TakeAsync);
        Assert.False(second.IsCompleted);
        await pair.Peer.SendAllAsync(data);
        Assert.Equal(data, await second.WithCeiling());

        Task<byte[]> last = await pair.BeginAsync(TakeAsync);
        pair.Peer.Shutdown(SocketShutdown.Send);
        Assert.Empty(await last.WithCeiling());
        Assert.Empty(await LeaseAsync(pair));
        Assert.Equal(0, await pair.RunAsync(c => c.ReceiveAsync(new byte[10])));
        Assert.False(await pair.RunAsync(c => c.WaitToReceiveAsync()));
    }

    [SkippableTheory, AllDrivers]
    public async Task Receives_OfEveryKindInAnyOrder_GetTheStreamInOrder(DriverKind driver)
    {
        for (int seed = 1; seed <= 30; seed++)
        {
            await using TestGroup test = TestGroup.Create(driver);
            await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
            await ReceiveInAnyWayAsync(pair, seed, length: 200_000);
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task Lease_Cancelled_LosesNothing(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        for (byte i = 0; i < 20; i++)
        {
            using var source = new CancellationTokenSource();
            Task<byte[]> lease = await pair.BeginAsync(c => TakeAsync(c, source.Token));
            source.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lease.WithCeiling());
            await pair.Peer.SendAllAsync(new[] { i });
            byte[] got = i % 2 == 0 ? await LeaseAsync(pair) : await ReceiveAsync(pair, 1);
            Assert.Equal([i], got);
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task Lease_WhileAnotherReceiveIsPending_Throws(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        Task<byte[]> pending = await pair.BeginAsync(TakeAsync);
        await Assert.ThrowsAsync<InvalidOperationException>(() => LeaseAsync(pair));
        await Assert.ThrowsAsync<InvalidOperationException>(() => pair.RunAsync(c => c.ReceiveAsync(new byte[1])));
        await pair.Peer.SendAllAsync("x"u8.ToArray());
        Assert.Equal("x"u8.ToArray(), await pending.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task PendingLease_EndsWithTheConnection(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        Task<byte[]> pending = await pair.BeginAsync(TakeAsync);
        await pair.Connection.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pending.WithCeiling());
        Assert.Equal(0, await pair.Peer.ReceiveAsync(new byte[1]).WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task PendingLease_OfAConnectionThatIsReset_FailsWithConnectionReset(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        Task<byte[]> pending = await pair.BeginAsync(TakeAsync);
        pair.Peer.Reset();
        var exception = await Assert.ThrowsAsync<SocketException>(() => pending.WithCeiling());
        Assert.Equal(SocketError.ConnectionReset, exception.SocketErrorCode);
    }

    [SkippableTheory, AllDrivers]
    public async Task PendingLease_EndsWithTheReceiveTimeout(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await Assert.ThrowsAsync<TimeoutException>(() => pair.RunAsync(c =>
        {
            c.ReceiveTimeout = TimeSpan.FromMilliseconds(1);
            return TakeAsync(c);
        }));
    }

    [SkippableTheory, AllDrivers]
    public async Task Dispose_OffTheLoop_Throws_AndTwiceIsNothing(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.Peer.SendAllAsync("first"u8.ToArray());
        ReceiveLease first = await pair.RunAsync(c => c.ReceiveLeaseAsync());
        Assert.Throws<InvalidOperationException>(first.Dispose);
        await pair.RunAsync(_ =>
        {
            first.Dispose();
            first.Dispose();
        });

        // Given back twice, the buffer would be lent twice.
        var leases = new List<ReceiveLease>();
        for (byte i = 0; i < 20; i++)
        {
            await pair.Peer.SendAllAsync(new[] { i });
            leases.Add(await pair.RunAsync(c => c.ReceiveLeaseAsync()));
        }

        Assert.Equal(Enumerable.Range(0, 20), leases.Select(lease => (int)lease.Span[0]));
        await pair.RunAsync(_ => leases.ForEach(lease => lease.Dispose()));
    }

    [SkippableTheory, AllDrivers]
    public async Task Lease_OutlivesItsLoop(DriverKind driver)
    {
        ReceiveLease lease;
        byte[] data = Pattern.Bytes(1_000);
        await using (TestGroup test = TestGroup.Create(driver))
        {
            await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
            await pair.Peer.SendAllAsync(data);
            lease = await pair.RunAsync(c => c.ReceiveLeaseAsync());
        }

        GC.Collect();
        Assert.Equal(data[..lease.Length], lease.Span.ToArray());
        lease.Dispose();
    }

    [SkippableTheory, AllDrivers]
    public async Task LeasesThatAreKept_StopNobody(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await using ConnectionPair other = await ConnectionPair.CreateAsync(test);
        var kept = new List<ReceiveLease>();
        // More than the loop has.
        for (int i = 0; i < 600; i++)
        {
            await pair.Peer.SendAllAsync(BitConverter.GetBytes(i));
            kept.Add(await pair.RunAsync(c => c.ReceiveLeaseAsync()));
        }

        await other.Peer.SendAllAsync("other"u8.ToArray());
        Assert.Equal("other"u8.ToArray(), await LeaseAsync(other));
        Assert.Equal(Enumerable.Range(0, 600), kept.Select(lease => BitConverter.ToInt32(lease.Span)));
        await pair.RunAsync(_ => kept.ForEach(lease => lease.Dispose()));
        await ReceiveInAnyWayAsync(pair, seed: 1, length: 100_000);
    }

    [SkippableTheory, AllDrivers]
    public async Task ClientThatIsNeverRead_HindersNoOther_AndLosesNothing(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair unread = await ConnectionPair.CreateAsync(test);
        await using ConnectionPair other = await ConnectionPair.CreateAsync(test);
        await unread.RunAsync(static c => c.ReceiveBufferSize = 16_384);
        byte[] data = Pattern.Bytes(ConnectionPair.MoreThanBuffersHold);
        Task sending = unread.Peer.SendAllAsync(data);
        byte[] start = await LeaseAsync(unread);

        for (int i = 0; i < 100; i++)
        {
            await other.Peer.SendAllAsync(BitConverter.GetBytes(i));
            Assert.Equal(i, BitConverter.ToInt32(await LeaseAsync(other)));
        }

        Assert.False(sending.IsCompleted);
        byte[] rest = await ReceiveAsync(unread, data.Length - start.Length);
        Assert.True(data.AsSpan().SequenceEqual((byte[])[.. start, .. rest]));
        await sending.WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Leases_InSteadyState_AllocateNothingOnTheLoop(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        Task<long> measured = await pair.BeginAsync(MeasureAsync);
        await Task.Run(() =>
        {
            byte[] message = new byte[10];
            for (int i = 0; i < 10_001; i++)
            {
                pair.Peer.Send(message);
                for (int count = 0; count < message.Length;)
                    count += pair.Peer.Receive(message.AsSpan(count));
            }
        }).WithCeiling();
        Assert.Equal(0, await measured.WithCeiling());
    }

    [Pinned]
    private static async partial ValueTask<long> MeasureAsync(SocketConnection connection)
    {
        long before = 0;
        for (int i = 0; i < 10_000; i++)
        {
            if (i == 5_000)
                before = GC.GetAllocatedBytesForCurrentThread();
            using ReceiveLease lease = await connection.ReceiveLeaseAsync();
            await connection.SendAsync(lease.Memory);
        }

        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        using (ReceiveLease last = await connection.ReceiveLeaseAsync())
            await connection.SendAsync(last.Memory);
        return bytes;
    }

    /// <summary>Sends a stream in pieces, receives it by leases, into memory and after waits, and compares.</summary>
    internal static async Task ReceiveInAnyWayAsync(ConnectionPair pair, int seed, int length)
    {
        byte[] data = Pattern.Bytes(length);
        Task sending = Task.Run(async () =>
        {
            var random = new Random(seed);
            for (int sent = 0; sent < length;)
            {
                int count = Math.Min(length - sent, 1 + random.Next(random.Next(2) == 0 ? 20 : 20_000));
                await pair.Peer.SendAllAsync(data[sent..(sent + count)]);
                sent += count;
            }
        });
        byte[] got = await pair.RunAsync(c => ReceiveInAnyWayAsync(c, new Random(seed), length));
        Assert.True(data.AsSpan().SequenceEqual(got), $"The stream arrived changed; seed {seed}.");
        await sending.WithCeiling();
    }

    private static async ValueTask<byte[]> ReceiveInAnyWayAsync(SocketConnection connection, Random random, int length)
    {
        byte[] all = new byte[length];
        for (int received = 0; received < length;)
        {
            switch (random.Next(4))
            {
                case 0:
                    int room = Math.Min(length - received, 1 + random.Next(8_000));
                    received += await connection.ReceiveAsync(all.AsMemory(received, room));
                    break;
                case 1:
                    Assert.True(await connection.WaitToReceiveAsync());
                    break;
                default:
                    using (ReceiveLease lease = await connection.ReceiveLeaseAsync())
                    {
                        lease.Span.CopyTo(all.AsSpan(received));
                        received += lease.Length;
                        if (random.Next(8) == 0)
                            await EventLoop.Yield();
                    }

                    break;
            }
        }

        return all;
    }

    private static Task<byte[]> LeaseAsync(ConnectionPair pair) => pair.RunAsync(c => TakeAsync(c));

    private static ValueTask<byte[]> TakeAsync(SocketConnection connection) => TakeAsync(connection, default);

    private static async ValueTask<byte[]> TakeAsync(SocketConnection connection, CancellationToken cancellationToken)
    {
        using ReceiveLease lease = await connection.ReceiveLeaseAsync(cancellationToken);
        return lease.Memory.ToArray();
    }

    private static Task<byte[]> ReceiveAsync(ConnectionPair pair, int length) => pair.RunAsync(async c =>
    {
        byte[] all = new byte[length];
        for (int count = 0; count < length;)
        {
            int received = await c.ReceiveAsync(all.AsMemory(count));
            Assert.NotEqual(0, received);
            count += received;
        }

        return all;
    });
}
