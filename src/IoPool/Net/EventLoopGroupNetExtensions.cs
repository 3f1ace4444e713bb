using System.Net;
using System.Net.Sockets;

namespace IoPool.Net;

/// <summary>Networking on a group of loops.</summary>
public static class EventLoopGroupNetExtensions
{
    /// <summary>
    /// Listens on an address and runs <paramref name="handler"/> for every connection, on the loop that the connection is
    /// placed on. Any thread.
    /// </summary>
    /// <param name="group">Whose loops serve.</param>
    /// <param name="endPoint">IPv4, IPv6 or Unix domain; port 0 lets the system choose.</param>
    /// <param name="handler">A pinned method, as a rule. The server owns the connection and disposes it when the handler
    /// returns or throws; an exception goes to the group's unhandled-exception handler.</param>
    /// <param name="options">Copied; <see langword="null"/> for the defaults.</param>
    /// <returns>The running server: dispose it to stop. The group's shutdown stops it too.</returns>
    /// <exception cref="SocketException">The address is in use, or not to be had.</exception>
    /// <exception cref="ArgumentException">An option makes no sense, or the end point is of no supported kind.</exception>
    /// <exception cref="ObjectDisposedException">The group is shutting down or has stopped.</exception>
    public static SocketServer Listen(
        this EventLoopGroup group, EndPoint endPoint, Func<SocketConnection, ValueTask> handler,
        SocketListenerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(handler);
        return SocketServer.Start(group, endPoint, handler, (options ?? new SocketListenerOptions()).Validated());
    }

    /// <summary>
    /// As <see cref="Listen(EventLoopGroup, EndPoint, Func{SocketConnection, ValueTask}, SocketListenerOptions?)"/>, on a
    /// listening socket from elsewhere (socket activation, hot restart), which the server owns from here on.
    /// </summary>
    public static SocketServer Listen(
        this EventLoopGroup group, SafeSocketHandle listeningSocket, Func<SocketConnection, ValueTask> handler,
        SocketListenerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(listeningSocket);
        ArgumentNullException.ThrowIfNull(handler);
        ObjectDisposedException.ThrowIf(listeningSocket.IsClosed, listeningSocket);
        if (listeningSocket.IsInvalid)
            throw new ArgumentException("The handle is invalid.", nameof(listeningSocket));

        return SocketServer.Start(group, listeningSocket, handler, (options ?? new SocketListenerOptions()).Validated());
    }
}
