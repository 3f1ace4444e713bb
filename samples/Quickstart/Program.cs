using System.Net;
using IoPool;
using IoPool.Net;

await using var group = new EventLoopGroup(new EventLoopGroupOptions { LoopCount = 4 });
await using var server = group.Listen(new IPEndPoint(IPAddress.Loopback, 7000), Echo.HandleAsync);
await server.Completion;

static partial class Echo
{
    [Pinned]
    public static async partial ValueTask HandleAsync(SocketConnection connection)
    {
        var buffer = new byte[4096];
        int count;
        while ((count = await connection.ReceiveAsync(buffer)) > 0)
            await connection.SendAsync(buffer.AsMemory(0, count));
    }
}
