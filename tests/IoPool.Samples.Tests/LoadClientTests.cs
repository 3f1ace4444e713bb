using System.Net;
using EchoServer;
using EchoServer.Load;
using IoPool.Net;
using IoPool.Samples.Tests.Support;

namespace IoPool.Samples.Tests;

/// <summary>The load client against servers that do not echo as they should.</summary>
public sealed partial class LoadClientTests
{
    [Fact]
    public async Task ChangedByteFailsTheRun()
    {
        SampleException exception = await DriveAgainstAsync(ChangeOneByteAsync);
        Assert.Equal("an echo of 100 bytes came back changed", exception.Message);
    }

    [Fact]
    public async Task ShortEchoFailsTheRun()
    {
        SampleException exception = await DriveAgainstAsync(EndEarlyAsync);
        Assert.Equal("an echo of 100 bytes ended after 7", exception.Message);
    }

    [Fact]
    public async Task ResetFailsTheRun()
    {
        SampleException exception = await DriveAgainstAsync(ResetAsync);
        Assert.StartsWith("client connection 0: ", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<SampleException> DriveAgainstAsync(Func<SocketConnection, ValueTask> handler)
    {
        await using var group = new EventLoopGroup(
            new EventLoopGroupOptions { LoopCount = 1, UnhandledException = static (_, _) => { } });
        await using SocketServer server = group.Listen(new IPEndPoint(IPAddress.Loopback, 0), handler);
        var client = new LoadClient(server, new PlacementLog(), size: 100, clientLoops: 1, serverLoops: 1);
        return await Assert.ThrowsAsync<SampleException>(
            async () => await (await client.StartAsync(group, connections: 1).WithCeiling()).WithCeiling());
    }

    [Pinned]
    private static async partial ValueTask ChangeOneByteAsync(SocketConnection connection)
    {
        // Right for some rounds, so that what is checked is every echo and not the first.
        var buffer = new byte[100];
        for (int round = 0; ; round++)
        {
            for (int length = 0; length < buffer.Length;)
            {
                int count = await connection.ReceiveAsync(buffer.AsMemory(length));
                if (count == 0)
                    return;
                length += count;
            }

            if (round == 5)
                buffer[99] ^= 1;
            await connection.SendAsync(buffer);
        }
    }

    [Pinned]
    private static async partial ValueTask EndEarlyAsync(SocketConnection connection)
    {
        var buffer = new byte[100];
        for (int length = 0; length < buffer.Length;)
            length += await connection.ReceiveAsync(buffer.AsMemory(length));
        await connection.SendAsync(buffer.AsMemory(0, 7));
    }

    [Pinned]
    private static async partial ValueTask ResetAsync(SocketConnection connection)
    {
        await connection.ReceiveAsync(new byte[1]);
        connection.Abort();
    }
}
