using System.Net.Sockets;
using IoPool.Drivers.IoUring;
using IoPool.Net;
using IoPool.Tests.Net;
using IoPool.Tests.Support;

namespace IoPool.Tests.Drivers.IoUring;

/// <summary>
/// What goes wrong in a ring does so seldom with one of the usual size: here it has one entry, or two buffers, and a
/// completion queue that nearly always overflows.
/// </summary>
public sealed partial class RingHazardTests
{
    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 1, 1, 2, 16 },
        { 1, 2, 2, 4_096 },
        { 2, 4, 4, 64 },
        { 64, 64, 2, 4_096 },
        { 256, 1_024, 256, 4_096 },
    };

    [SkippableTheory, MemberData(nameof(Sizes))]
    public async Task ManyConnectionsAtOnce_EchoEverything(int submissions, int completions, int buffers, int bufferSize)
    {
        await using TestGroup test = Create(1, submissions, completions, buffers, bufferSize);
        await using SocketServer server = test.Group.Listen(PlainSocket.Loopback, EchoAsync);
        Socket[] clients = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => PlainSocket.ConnectAsync(server.LocalEndPoint))).WithCeiling();
        for (int round = 0; round < 5; round++)
        {
            await Task.WhenAll(clients.Select((client, i) => EchoOnceAsync(client, Pattern.Bytes((i * 37) + 1)))).WithCeiling();
            // All of them are ready in one turn, more than the completion queue holds.
            await test.ParkedAsync();
        }

        Array.ForEach(clients, client => client.Dispose());
        Assert.Empty(test.Unhandled);
    }

    [SkippableTheory, MemberData(nameof(Sizes))]
    public async Task LargeMessages_BothWays_ArriveWhole(int submissions, int completions, int buffers, int bufferSize)
    {
        await using TestGroup test = Create(2, submissions, completions, buffers, bufferSize);
        await using SocketServer server = test.Group.Listen(PlainSocket.Loopback, EchoAsync);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            using Socket client = await PlainSocket.ConnectAsync(server.LocalEndPoint);
            await EchoOnceAsync(client, Pattern.Bytes(300_000 + i));
        })).WithCeiling();
        Assert.Empty(test.Unhandled);
    }

    [SkippableTheory, MemberData(nameof(Sizes))]
    public async Task Streams_ReceivedInAnyWay_ArriveInOrder(int submissions, int completions, int buffers, int bufferSize)
    {
        await using TestGroup test = Create(1, submissions, completions, buffers, bufferSize);
        for (int seed = 1; seed <= 5; seed++)
        {
            await using ConnectionPair first = await ConnectionPair.CreateAsync(test);
            await using ConnectionPair second = await ConnectionPair.CreateAsync(test);
            await Task.WhenAll(
                ReceiveLeaseTests.ReceiveInAnyWayAsync(first, seed, 50_000),
                ReceiveLeaseTests.ReceiveInAnyWayAsync(second, seed + 100, 50_000)).WithCeiling();
        }
    }

    [SkippableTheory, MemberData(nameof(Sizes))]
    public async Task ClientThatNeverReads_NorIsRead_HindersNobody(int submissions, int completions, int buffers, int bufferSize)
    {
        await using TestGroup test = Create(1, submissions, completions, buffers, bufferSize);
        await using ConnectionPair stuck = await ConnectionPair.CreateAsync(test, smallBuffers: true);
        await using ConnectionPair other = await ConnectionPair.CreateAsync(test);
        await stuck.RunAsync(static c => c.ReceiveBufferSize = 16_384);
        byte[] data = Pattern.Bytes(ConnectionPair.MoreThanBuffersHold);
        Task sendingToIt = await stuck.BeginAsync(c => c.SendAsync(data));
        Task sendingByIt = stuck.Peer.SendAllAsync(data);
        await stuck.RunAsync(async c => (await c.ReceiveLeaseAsync()).Dispose());

        await ReceiveLeaseTests.ReceiveInAnyWayAsync(other, seed: 7, length: 50_000);
        await test.ParkedAsync();
        // What is not read gets a few buffers, and those that the kernel filled in the turn that found it out.
        if (buffers == 256)
            Assert.NotEqual(0, await FreeBuffersAsync(test));
        Assert.False(sendingToIt.IsCompleted || sendingByIt.IsCompleted);
        await stuck.Connection.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => sendingToIt.WithCeiling());
        stuck.Peer.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => sendingByIt.WithCeiling());
    }

    [SkippableTheory, MemberData(nameof(Sizes))]
    public async Task ConnectionsThatComeAndGo_InEveryWay_LeaveNothing(int submissions, int completions, int buffers, int bufferSize)
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            await using TestGroup test = Create(1, submissions, completions, buffers, bufferSize);
            await using SocketServer server = test.Group.Listen(PlainSocket.Loopback, SwallowAsync);
            var random = new Random(seed);
            int[] fates = [.. Enumerable.Range(0, 200).Select(_ => random.Next(5))];
            await Task.WhenAll(fates.Select(fate => LiveAsync(server, fate))).WithCeiling();
            await server.DisposeAsync().WithCeiling();
            Assert.True(server.ConnectionCount == 0, $"{server.ConnectionCount} connections are left; seed {seed}");
            Assert.True(test.Unhandled.Count == 0, $"seed {seed}: {test.Unhandled.FirstOrDefault()}");
            await test.ParkedAsync();
            Assert.True(await FreeBuffersAsync(test) == buffers, $"Buffers were lost; seed {seed}.");
        }
    }

    [SkippableTheory, MemberData(nameof(Sizes))]
    public async Task Stop_WithOperationsInFlight_ReapsThemAll(int submissions, int completions, int buffers, int bufferSize)
    {
        var log = new List<string>();
        TestGroup test = Create(1, submissions, completions, buffers, bufferSize, log.Add);
        var pending = new List<Task>();
        for (int i = 0; i < 20; i++)
        {
            ConnectionPair pair = await ConnectionPair.CreateAsync(test, smallBuffers: true);
            byte[] data = Pattern.Bytes(ConnectionPair.MoreThanBuffersHold);
            pending.Add(await pair.BeginAsync(c => c.SendAsync(data)));
            pending.Add(await pair.BeginAsync(async c => (await c.ReceiveLeaseAsync()).Dispose()));
        }

        Assert.All(pending, task => Assert.False(task.IsCompleted));
        await test.DisposeAsync();
        foreach (Task task in pending)
            await Assert.ThrowsAsync<ObjectDisposedException>(() => task.WithCeiling());
        Assert.DoesNotContain(log, line => line.Contains("in flight", StringComparison.Ordinal));
    }

    private static TestGroup Create(
        int loopCount, int submissions, int completions, int buffers, int bufferSize, Action<string>? log = null) =>
        TestGroup.Create(DriverKind.IoUring, loopCount, options =>
        {
            options.IoUringSizes = new IoUringSizes(submissions, completions, buffers, bufferSize);
            options.DrainTimeout = TimeSpan.FromMilliseconds(100);
            options.Log = log;
        });

    private static Task<int> FreeBuffersAsync(TestGroup test) => test.Group[0]
        .RunAsync(() => ValueTask.FromResult(((IoUringDriver)EventLoop.Current!.Driver).GetBufferRing()!.FreeCount)).WithCeiling();

    [Pinned]
    private static async partial ValueTask EchoAsync(SocketConnection connection)
    {
        byte[] buffer = new byte[1_000];
        while (true)
        {
            using (ReceiveLease lease = await connection.ReceiveLeaseAsync())
            {
                if (lease.Length == 0)
                    return;
                await connection.SendAsync(lease.Memory);
            }

            int count = await connection.ReceiveAsync(buffer);
            if (count == 0)
                return;
            await connection.SendAsync(buffer.AsMemory(0, count));
        }
    }

    [Pinned]
    private static async partial ValueTask SwallowAsync(SocketConnection connection)
    {
        byte[] buffer = new byte[100];
        try
        {
            while (await connection.ReceiveAsync(buffer) > 0)
            {
                using ReceiveLease lease = await connection.ReceiveLeaseAsync();
                if (lease.Length == 0)
                    return;
                await connection.SendAsync(lease.Memory);
            }
        }
        catch (SocketException)
        {
            // Clients that reset.
        }
    }

    private static async Task LiveAsync(SocketServer server, int fate)
    {
        using Socket client = await PlainSocket.ConnectAsync(server.LocalEndPoint);
        if (fate == 0)
            return;

        await client.SendAllAsync(Pattern.Bytes(fate * 100));
        if (fate == 1)
            return;

        if (fate == 2)
        {
            client.Reset();
            return;
        }

        client.Shutdown(SocketShutdown.Send);
        byte[] buffer = new byte[1_000];
        while (await client.ReceiveAsync(buffer) > 0)
        {
        }
    }

    private static async Task EchoOnceAsync(Socket client, byte[] data)
    {
        Task sending = client.SendAllAsync(data);
        byte[] received = await client.ReceiveAllAsync(data.Length);
        Assert.True(data.AsSpan().SequenceEqual(received));
        await sending;
    }
}
