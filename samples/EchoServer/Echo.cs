using IoPool;
using IoPool.Net;

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
