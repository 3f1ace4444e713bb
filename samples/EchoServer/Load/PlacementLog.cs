using System.Net;
using IoPool;
using IoPool.Net;

namespace EchoServer.Load;

/// <summary>
/// Notes which loop serves which client, so that the client's figures can be told by loop, and leaves the rest to
/// <see cref="Echo"/>: the handler that is measured is the one of the README.
/// </summary>
internal sealed partial class PlacementLog
{
    // One slot a client port, written once before the first echo and read after it: needs no lock.
    private readonly int[] _loopByPort = new int[ushort.MaxValue + 1];

    [Pinned]
    internal async partial ValueTask HandleAsync(SocketConnection connection)
    {
        if (connection.RemoteEndPoint is IPEndPoint client)
            Volatile.Write(ref _loopByPort[client.Port], connection.Loop.Index);
        await Echo.HandleAsync(connection);
    }

    /// <summary>The index of the loop that serves a client, which has had its first echo.</summary>
    internal int LoopOf(int clientPort) => Volatile.Read(ref _loopByPort[clientPort]);
}
