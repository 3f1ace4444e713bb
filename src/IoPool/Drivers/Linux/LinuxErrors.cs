using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using IoPool.Interop;

namespace IoPool.Drivers.Linux;

/// <summary>Turns error numbers into the errors that .NET's own sockets report for them (dotnet/runtime, SocketErrorPal).</summary>
internal static class LinuxErrors
{
    internal static SocketError ToSocketError(int errno) => errno switch
    {
        0 => SocketError.Success,
        Errno.EACCES => SocketError.AccessDenied,
        Errno.EPERM => SocketError.AccessDenied,
        Errno.EADDRINUSE => SocketError.AddressAlreadyInUse,
        Errno.EADDRNOTAVAIL => SocketError.AddressNotAvailable,
        Errno.EAFNOSUPPORT => SocketError.AddressFamilyNotSupported,
        Errno.EAGAIN => SocketError.WouldBlock,
        Errno.EALREADY => SocketError.AlreadyInProgress,
        Errno.EBADF => SocketError.OperationAborted,
        Errno.ECANCELED => SocketError.OperationAborted,
        Errno.ECONNABORTED => SocketError.ConnectionAborted,
        Errno.ECONNREFUSED => SocketError.ConnectionRefused,
        Errno.ECONNRESET => SocketError.ConnectionReset,
        Errno.EDESTADDRREQ => SocketError.DestinationAddressRequired,
        Errno.EFAULT => SocketError.Fault,
        Errno.EHOSTDOWN => SocketError.HostDown,
        Errno.EHOSTUNREACH => SocketError.HostUnreachable,
        Errno.EINPROGRESS => SocketError.InProgress,
        Errno.EINTR => SocketError.Interrupted,
        Errno.EINVAL => SocketError.InvalidArgument,
        Errno.EISCONN => SocketError.IsConnected,
        Errno.EMFILE => SocketError.TooManyOpenSockets,
        Errno.ENFILE => SocketError.TooManyOpenSockets,
        Errno.EMSGSIZE => SocketError.MessageSize,
        Errno.ENETDOWN => SocketError.NetworkDown,
        Errno.ENETRESET => SocketError.NetworkReset,
        Errno.ENETUNREACH => SocketError.NetworkUnreachable,
        Errno.ENOBUFS => SocketError.NoBufferSpaceAvailable,
        Errno.ENOMEM => SocketError.NoBufferSpaceAvailable,
        // A Unix domain socket whose path does not exist.
        Errno.ENOENT => SocketError.AddressNotAvailable,
        Errno.ENOPROTOOPT => SocketError.ProtocolOption,
        Errno.ENOTCONN => SocketError.NotConnected,
        Errno.ENOTSOCK => SocketError.NotSocket,
        Errno.EOPNOTSUPP => SocketError.OperationNotSupported,
        Errno.EPFNOSUPPORT => SocketError.ProtocolFamilyNotSupported,
        Errno.EPIPE => SocketError.Shutdown,
        Errno.EPROTONOSUPPORT => SocketError.ProtocolNotSupported,
        Errno.EPROTOTYPE => SocketError.ProtocolType,
        Errno.ESHUTDOWN => SocketError.Disconnecting,
        Errno.ESOCKTNOSUPPORT => SocketError.SocketNotSupported,
        Errno.ETIMEDOUT => SocketError.TimedOut,
        _ => SocketError.SocketError,
    };

    /// <summary>For what fails while a socket is being set up.</summary>
    internal static SocketException CreateSocketException(int errno, string call) =>
        new((int)ToSocketError(errno), $"{call}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})");

    /// <summary>For what fails on a file: what <see cref="RandomAccess"/> throws (dotnet/runtime, Interop.IOErrors).</summary>
    internal static Exception CreateFileException(int errno)
    {
        string message = Marshal.GetPInvokeErrorMessage(errno);
        return errno switch
        {
            Errno.EACCES or Errno.EBADF or Errno.EPERM => new UnauthorizedAccessException(message, new IOException(message, errno)),
            _ => new IOException(message, errno),
        };
    }

    /// <summary>For what fails in a driver itself.</summary>
    internal static Win32Exception CreateException(int errno, string call) =>
        new(errno, $"{call}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})");
}
