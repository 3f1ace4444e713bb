using System.Net.Sockets;
using IoPool;

namespace EchoServer;

/// <summary>What ends a connection without anybody being at fault.</summary>
internal static class ExpectedFailures
{
    /// <summary>For <see cref="EventLoopGroupOptions.UnhandledException"/>.</summary>
    internal static void ReportOthers(EventLoop loop, Exception exception)
    {
        if (!IsExpected(loop, exception))
            Console.Error.WriteLine($"{loop.Name}: {exception}");
    }

    /// <summary>
    /// A peer may reset or leave whenever it likes, and a handler that still waits for its peer at the drain deadline is
    /// ended by us.
    /// </summary>
    private static bool IsExpected(EventLoop loop, Exception exception) => exception switch
    {
        SocketException { SocketErrorCode: var code } => code is SocketError.ConnectionReset or SocketError.ConnectionAborted
            or SocketError.Shutdown or SocketError.NotConnected or SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable,
        ObjectDisposedException => loop.Group.ShutdownRequested.IsCancellationRequested,
        _ => false,
    };
}
