using IoPool;
using IoPool.Net;

namespace EchoServer.Http;

/// <summary>The HTTP handler, and which sessions each loop has: a drain closes those that wait for a next request.</summary>
internal sealed partial class HttpServer(EventLoopGroup group)
{
    // A set a loop, touched on that loop only: no lock.
    private readonly LoopSessions[] _byLoop = [.. group.Select(_ => new LoopSessions())];

    /// <summary>Any thread. Call it before the group's shutdown, which waits for the sessions.</summary>
    internal void BeginDrain()
    {
        foreach (EventLoop loop in group)
            loop.Post(static sessions => sessions.BeginDrain(), _byLoop[loop.Index]);
    }

    [Pinned]
    internal async partial ValueTask HandleAsync(SocketConnection connection)
    {
        LoopSessions sessions = _byLoop[connection.Loop.Index];
        var session = new HttpSession(connection);
        sessions.Add(session);
        try
        {
            await session.ServeAsync();
        }
        catch (ObjectDisposedException) when (session.IsDraining)
        {
            // It was idle, and the drain has closed it.
        }
        finally
        {
            sessions.Remove(session);
        }
    }

    [LoopOwned]
    private sealed class LoopSessions
    {
        private readonly HashSet<HttpSession> _sessions = [];
        private bool _draining;

        internal void Add(HttpSession session)
        {
            _sessions.Add(session);
            if (_draining)
                session.BeginDrain();
        }

        internal void Remove(HttpSession session) => _sessions.Remove(session);

        internal void BeginDrain()
        {
            _draining = true;
            foreach (HttpSession session in _sessions)
                session.BeginDrain();
        }
    }
}
