using System.Net.Sockets;

namespace IoPool.Drivers;

/// <summary>
/// The result of an operation is a count (zero and up) or an error below zero, the same on every driver: the negative
/// <see cref="SocketError"/>.
/// </summary>
internal static class IoError
{
    /// <summary>The operation ended because somebody asked for it.</summary>
    internal const int Aborted = -(int)SocketError.OperationAborted;

    // SocketError.SocketError is -1 itself, which would look like a count.
    private const int Unknown = int.MinValue;

    internal static int From(SocketError error) => error == SocketError.SocketError ? Unknown : -(int)error;

    internal static SocketError ToSocketError(int result) => result == Unknown ? SocketError.SocketError : (SocketError)(-result);

    internal static SocketException ToException(int result) => new((int)ToSocketError(result));
}
