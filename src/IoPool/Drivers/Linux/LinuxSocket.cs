using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using IoPool.Interop;
using static IoPool.Interop.SocketConstants;

namespace IoPool.Drivers.Linux;

/// <summary>
/// Sockets by descriptor. What sets a socket up throws <see cref="SocketException"/>; what transfers bytes returns a count
/// or a negative errno.
/// </summary>
internal static unsafe partial class LinuxSocket
{
    // sizeof(struct sockaddr_storage)
    private const int MaxAddressSize = 128;

    // ---- transfers

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int ReceiveNonBlocking(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = &MemoryMarshal.GetReference(buffer))
        {
            nint result = DirectCall.recv(descriptor, start, (nuint)buffer.Length, MSG_DONTWAIT);
            return result >= 0 ? (int)result : ReceiveFailed(descriptor, start, buffer.Length, MSG_DONTWAIT);
        }
    }

    /// <summary>1 when there is something to receive, 0 when the peer has ended its side.</summary>
    internal static int PeekNonBlocking(int descriptor)
    {
        byte one;
        nint result = LibC.recv(descriptor, &one, 1, MSG_DONTWAIT | MSG_PEEK);
        return result >= 0 ? (int)result : ReceiveFailed(descriptor, &one, 1, MSG_DONTWAIT | MSG_PEEK);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int SendNonBlocking(int descriptor, ReadOnlySpan<byte> data)
    {
        fixed (byte* start = &MemoryMarshal.GetReference(data))
        {
            nint result;
            do
            {
                result = DirectCall.send(descriptor, start, (nuint)data.Length, MSG_DONTWAIT | MSG_NOSIGNAL);
            }
            while (result < 0 && Marshal.GetLastSystemError() == Errno.EINTR);
            return result >= 0 ? (int)result : -Marshal.GetLastSystemError();
        }
    }

    internal static int SendGather(int descriptor, ReadOnlySpan<IoVec> vectors)
    {
        fixed (IoVec* first = vectors)
        {
            MsgHdr message = default;
            message.Vectors = first;
            message.VectorCount = (nuint)vectors.Length;
            nint result;
            do
            {
                result = LibC.sendmsg(descriptor, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
            }
            while (result < 0 && Marshal.GetLastSystemError() == Errno.EINTR);
            return result >= 0 ? (int)result : -Marshal.GetLastSystemError();
        }
    }

    internal static int Accept(int descriptor)
    {
        int result;
        do
        {
            result = LibC.accept4(descriptor, null, null, SOCK_NONBLOCK | SOCK_CLOEXEC);
        }
        while (result < 0 && Marshal.GetLastSystemError() == Errno.EINTR);
        return result >= 0 ? result : -Marshal.GetLastSystemError();
    }

    /// <summary>0 when connected at once, else a negative errno: EINPROGRESS as a rule.</summary>
    internal static int Connect(int descriptor, EndPoint remote)
    {
        SocketAddress address = ToAddress(descriptor, remote);
        fixed (byte* bytes = address.Buffer.Span)
        {
            // Interrupted, the connect goes on in the background, as if it were in progress.
            if (LibC.connect(descriptor, bytes, (uint)address.Size) == 0)
                return 0;

            int errno = Marshal.GetLastSystemError();
            return errno == Errno.EINTR ? -Errno.EINPROGRESS : -errno;
        }
    }

    /// <summary>The socket's pending error, which reading clears; 0 when there is none.</summary>
    internal static int TakeError(int descriptor) => GetOption(descriptor, SOL_SOCKET, SO_ERROR);

    // ---- set-up

    /// <summary>A stream socket for the family of an end point: non-blocking, closed on exec.</summary>
    internal static int OpenStream(EndPoint endPoint, bool dualMode)
    {
        int domain = endPoint.AddressFamily switch
        {
            AddressFamily.InterNetwork => AF_INET,
            AddressFamily.InterNetworkV6 => AF_INET6,
            AddressFamily.Unix => AF_UNIX,
            _ => throw new ArgumentException(
                $"An end point of the family {endPoint.AddressFamily} is not supported; IPv4, IPv6 and Unix domain are.",
                nameof(endPoint)),
        };
        int descriptor = LibC.socket(domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (descriptor < 0)
            throw LinuxErrors.CreateSocketException(Marshal.GetLastSystemError(), "socket");
        if (domain == AF_INET6)
            SetOption(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, dualMode ? 0 : 1);
        return descriptor;
    }

    internal static void Bind(int descriptor, EndPoint endPoint)
    {
        SocketAddress address = endPoint.Serialize();
        fixed (byte* bytes = address.Buffer.Span)
        {
            // The error is taken before anything else runs: building the message would overwrite errno.
            int error = LibC.bind(descriptor, bytes, (uint)address.Size) < 0 ? Marshal.GetLastSystemError() : 0;
            if (error != 0)
                throw LinuxErrors.CreateSocketException(error, $"bind to {endPoint}");
        }
    }

    /// <summary>The file that a socket bound there has; <see langword="null"/> for other kinds of addresses.</summary>
    internal static string? GetPath(EndPoint endPoint)
    {
        if (endPoint.AddressFamily != AddressFamily.Unix)
            return null;

        SocketAddress address = endPoint.Serialize();
        ReadOnlySpan<byte> path = address.Buffer.Span[sizeof(ushort)..address.Size];
        int end = path.IndexOf((byte)0);
        path = end < 0 ? path : path[..end];
        // The working directory may be another one when the file is to go.
        return path.IsEmpty ? null : Path.GetFullPath(Encoding.UTF8.GetString(path));
    }

    /// <summary>Removes the file of a Unix domain listener that was closed. That somebody else did so is no error.</summary>
    internal static void RemoveFile(string? path)
    {
        if (path is null)
            return;

        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It stays, as after a crash; binding there says so.
        }
    }

    /// <summary>Closes a connection that nobody took, with a reset.</summary>
    internal static void CloseAbortively(int descriptor)
    {
        var reset = new LingerValue { OnOff = 1, Seconds = 0 };
        LibC.setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, (uint)sizeof(LingerValue));
        LibC.close(descriptor);
    }

    internal static void Listen(int descriptor, int backlog) => Check(LibC.listen(descriptor, backlog), "listen");

    internal static EndPoint? GetLocalEndPoint(int descriptor)
    {
        byte* address = stackalloc byte[MaxAddressSize];
        uint length = MaxAddressSize;
        Check(LibC.getsockname(descriptor, address, &length), "getsockname");
        return ToEndPoint(address, (int)length);
    }

    /// <summary>The peer's address; <see langword="null"/> when the socket is not connected.</summary>
    internal static EndPoint? GetRemoteEndPoint(int descriptor)
    {
        byte* address = stackalloc byte[MaxAddressSize];
        uint length = MaxAddressSize;
        return LibC.getpeername(descriptor, address, &length) == 0 ? ToEndPoint(address, (int)length) : null;
    }

    internal static AddressFamily GetAddressFamily(int descriptor) => GetOption(descriptor, SOL_SOCKET, SO_DOMAIN) switch
    {
        AF_INET => AddressFamily.InterNetwork,
        AF_INET6 => AddressFamily.InterNetworkV6,
        AF_UNIX => AddressFamily.Unix,
        _ => AddressFamily.Unknown,
    };

    /// <summary>Another descriptor of the same socket, closed on exec.</summary>
    internal static int Duplicate(int descriptor)
    {
        int duplicate = LibC.fcntl(descriptor, FileControl.F_DUPFD_CLOEXEC, 0);
        Check(duplicate, "fcntl");
        return duplicate;
    }

    /// <summary>For descriptors that came from outside.</summary>
    internal static void SetNonBlocking(int descriptor)
    {
        int status = LibC.fcntl(descriptor, FileControl.F_GETFL, 0);
        Check(status, "fcntl");
        Check(LibC.fcntl(descriptor, FileControl.F_SETFL, status | FileControl.O_NONBLOCK), "fcntl");
    }

    /// <summary>Ends one or both directions; a peer that is gone already is no error.</summary>
    internal static void Shutdown(int descriptor, SocketShutdown how)
    {
        if (LibC.shutdown(descriptor, (int)how) != 0 && Marshal.GetLastSystemError() != Errno.ENOTCONN)
            throw LinuxErrors.CreateSocketException(Marshal.GetLastSystemError(), "shutdown");
    }

    // ---- options

    internal static bool GetNoDelay(int descriptor) =>
        GetAddressFamily(descriptor) != AddressFamily.Unix && GetOption(descriptor, IPPROTO_TCP, TCP_NODELAY) != 0;

    internal static void SetNoDelay(int descriptor, bool value) => SetOption(descriptor, IPPROTO_TCP, TCP_NODELAY, value ? 1 : 0);

    internal static void SetKeepAlive(int descriptor, bool enabled, int timeSeconds, int intervalSeconds, int retryCount)
    {
        SetOption(descriptor, SOL_SOCKET, SO_KEEPALIVE, enabled ? 1 : 0);
        if (!enabled)
            return;

        SetOption(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, timeSeconds);
        SetOption(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, intervalSeconds);
        SetOption(descriptor, IPPROTO_TCP, TCP_KEEPCNT, retryCount);
    }

    internal static LingerOption GetLinger(int descriptor)
    {
        LingerValue value;
        uint length = (uint)sizeof(LingerValue);
        Check(LibC.getsockopt(descriptor, SOL_SOCKET, SO_LINGER, &value, &length), "getsockopt");
        return new LingerOption(value.OnOff != 0, value.Seconds);
    }

    internal static void SetLinger(int descriptor, bool enabled, int seconds)
    {
        var value = new LingerValue { OnOff = enabled ? 1 : 0, Seconds = seconds };
        Check(LibC.setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &value, (uint)sizeof(LingerValue)), "setsockopt");
    }

    internal static void SetReuseAddress(int descriptor, bool value) => SetOption(descriptor, SOL_SOCKET, SO_REUSEADDR, value ? 1 : 0);

    internal static void SetReusePort(int descriptor, bool value) => SetOption(descriptor, SOL_SOCKET, SO_REUSEPORT, value ? 1 : 0);

    internal static int GetReceiveBufferSize(int descriptor) => GetOption(descriptor, SOL_SOCKET, SO_RCVBUF);

    internal static void SetReceiveBufferSize(int descriptor, int bytes) => SetOption(descriptor, SOL_SOCKET, SO_RCVBUF, bytes);

    internal static int GetSendBufferSize(int descriptor) => GetOption(descriptor, SOL_SOCKET, SO_SNDBUF);

    internal static void SetSendBufferSize(int descriptor, int bytes) => SetOption(descriptor, SOL_SOCKET, SO_SNDBUF, bytes);

    // ---- helpers

    private static int ReceiveFailed(int descriptor, byte* start, int length, int flags)
    {
        int errno = Marshal.GetLastSystemError();
        while (errno == Errno.EINTR)
        {
            nint result = DirectCall.recv(descriptor, start, (nuint)length, flags);
            if (result >= 0)
                return (int)result;

            errno = Marshal.GetLastSystemError();
        }

        return -errno;
    }

    private static int GetOption(int descriptor, int level, int option)
    {
        int value = 0;
        uint length = sizeof(int);
        Check(LibC.getsockopt(descriptor, level, option, &value, &length), "getsockopt");
        return value;
    }

    private static void SetOption(int descriptor, int level, int option, int value) =>
        Check(LibC.setsockopt(descriptor, level, option, &value, sizeof(int)), "setsockopt");

    private static SocketAddress ToAddress(int descriptor, EndPoint remote)
    {
        // A dual-mode socket reaches IPv4 by the mapped address.
        if (remote is IPEndPoint { AddressFamily: AddressFamily.InterNetwork } ip
            && GetAddressFamily(descriptor) == AddressFamily.InterNetworkV6)
            remote = new IPEndPoint(ip.Address.MapToIPv6(), ip.Port);
        return remote.Serialize();
    }

    private static EndPoint ToEndPoint(byte* bytes, int length) => ToEndPoint(new ReadOnlySpan<byte>(bytes, length));

    /// <summary>The end point of an address in the system's form.</summary>
    internal static EndPoint ToEndPoint(ReadOnlySpan<byte> bytes)
    {
        AddressFamily family = SocketAddressFamily(bytes);
        var address = new SocketAddress(family, Math.Max(bytes.Length, 2));
        bytes.CopyTo(address.Buffer.Span);
        EndPoint prototype = family switch
        {
            AddressFamily.InterNetwork => new IPEndPoint(IPAddress.Any, 0),
            AddressFamily.InterNetworkV6 => new IPEndPoint(IPAddress.IPv6Any, 0),
            _ => new UnixDomainSocketEndPoint("/"),
        };
        return prototype.Create(address);
    }

    // Through the base class library, whose portable driver has the system's form too.
    private static AddressFamily SocketAddressFamily(ReadOnlySpan<byte> bytes) => BitConverter.ToUInt16(bytes) switch
    {
        AF_INET => AddressFamily.InterNetwork,
        AF_INET6 or (ushort)AddressFamily.InterNetworkV6 => AddressFamily.InterNetworkV6,
        _ => AddressFamily.Unix,
    };

    private static void Check(int result, string call)
    {
        if (result < 0)
            throw LinuxErrors.CreateSocketException(Marshal.GetLastSystemError(), call);
    }
}
