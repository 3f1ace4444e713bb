using System.Net;
using System.Net.Sockets;
using IoPool.Drivers.Linux;
using IoPool.Interop;

namespace IoPool.Drivers;

/// <summary>
/// A socket that no loop owns yet: accepted by one loop for another, or opened before its loop is known. A descriptor or,
/// on the portable driver, a <see cref="System.Net.Sockets.Socket"/>. Whoever holds it attaches it or closes it.
/// </summary>
internal readonly record struct UnattachedSocket
{
    private UnattachedSocket(int descriptor, Socket? socket)
    {
        Descriptor = descriptor;
        Socket = socket;
    }

    internal int Descriptor { get; }

    internal Socket? Socket { get; }

    internal EndPoint? LocalEndPoint => Socket is not null ? Socket.LocalEndPoint : LinuxSocket.GetLocalEndPoint(Descriptor);

    /// <summary>The file of a Unix domain listener that was opened here: whoever closes it removes the file, as
    /// <see cref="System.Net.Sockets.Socket"/> does it by itself.</summary>
    internal string? BoundPath { get; init; }

    internal static UnattachedSocket Of(int descriptor) => new(descriptor, null);

    internal static UnattachedSocket Of(Socket socket) => new(-1, socket);

    internal void Close()
    {
        if (Socket is not null)
        {
            Socket.Dispose();
            return;
        }

        LibC.close(Descriptor);
        LinuxSocket.RemoveFile(BoundPath);
    }

    /// <summary>Gives the socket away as a handle of the base class library, which its new holder closes.</summary>
    internal SafeSocketHandle ToSafeHandle()
    {
        if (Socket is null)
            return new SafeSocketHandle(Descriptor, ownsHandle: true);

        // The Socket object has no way to let go of its handle; the handle keeps working without it.
        GC.SuppressFinalize(Socket);
        return Socket.SafeHandle;
    }
}
