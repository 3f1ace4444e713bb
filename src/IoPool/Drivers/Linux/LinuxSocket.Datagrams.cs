using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using IoPool.Interop;
using IoPool.Net;
using static IoPool.Interop.SocketConstants;

namespace IoPool.Drivers.Linux;

// Datagrams.
internal static unsafe partial class LinuxSocket
{
    /// <summary>A bound UDP socket: non-blocking, closed on exec.</summary>
    internal static int OpenDatagram(IPEndPoint local, DatagramSocketOptions options)
    {
        bool isV6 = local.AddressFamily == AddressFamily.InterNetworkV6;
        int descriptor = LibC.socket(isV6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (descriptor < 0)
            throw LinuxErrors.CreateSocketException(Marshal.GetLastSystemError(), "socket");

        try
        {
            if (isV6)
                SetOption(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, options.DualMode ? 0 : 1);
            if (options.ReuseAddress)
                SetReuseAddress(descriptor, true);
            if (options.Broadcast)
                SetOption(descriptor, SOL_SOCKET, SO_BROADCAST, 1);
            if (options.ReceiveBufferSize is { } receive)
                SetReceiveBufferSize(descriptor, receive);
            if (options.SendBufferSize is { } send)
                SetSendBufferSize(descriptor, send);
            Bind(descriptor, local);
            return descriptor;
        }
        catch
        {
            LibC.close(descriptor);
            throw;
        }
    }

    internal static void SetMulticastMembership(int descriptor, IPAddress group, int interfaceIndex, bool joins)
    {
        byte* request = stackalloc byte[20];
        if (group.AddressFamily == AddressFamily.InterNetwork)
        {
            // struct ip_mreqn { group; address; index }
            group.TryWriteBytes(new Span<byte>(request, 4), out _);
            *(int*)(request + 4) = 0;
            *(int*)(request + 8) = interfaceIndex;
            Check(LibC.setsockopt(descriptor, IPPROTO_IP, joins ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP, request, 12), "setsockopt");
            return;
        }

        // struct ipv6_mreq { group; index }
        group.TryWriteBytes(new Span<byte>(request, 16), out _);
        *(int*)(request + 16) = interfaceIndex;
        Check(LibC.setsockopt(descriptor, IPPROTO_IPV6, joins ? IPV6_ADD_MEMBERSHIP : IPV6_DROP_MEMBERSHIP, request, 20), "setsockopt");
    }

    internal static int ReceiveFrom(int descriptor, Span<byte> buffer, SocketAddress sender, out bool isTruncated)
    {
        Span<byte> address = sender.Buffer.Span;
        fixed (byte* start = &MemoryMarshal.GetReference(buffer), name = address)
        {
            var vector = new IoVec { Base = start, Length = (nuint)buffer.Length };
            MsgHdr message = default;
            message.Vectors = &vector;
            message.VectorCount = 1;
            nint result;
            int errno = 0;
            do
            {
                message.Name = name;
                message.NameLength = (uint)address.Length;
                result = LibC.recvmsg(descriptor, &message, MSG_DONTWAIT);
                if (result < 0)
                    errno = Marshal.GetLastSystemError();
            }
            while (result < 0 && errno == Errno.EINTR);
            isTruncated = result >= 0 && (message.Flags & MSG_TRUNC) != 0;
            if (result < 0)
                return -errno;

            sender.Size = (int)message.NameLength;
            return (int)result;
        }
    }

    internal static int ReceiveMany(int descriptor, DatagramBatch batch)
    {
        while (true)
        {
            int result = LibC.recvmmsg(descriptor, batch.Headers, (uint)batch.Capacity, MSG_DONTWAIT, null);
            if (result >= 0)
                return result;

            int errno = Marshal.GetLastSystemError();
            if (errno != Errno.EINTR)
                return -errno;
        }
    }

    internal static int SendTo(int descriptor, ReadOnlySpan<byte> data, SocketAddress? remote)
    {
        ReadOnlySpan<byte> address = remote is null ? default : remote.Buffer.Span[..remote.Size];
        fixed (byte* start = &MemoryMarshal.GetReference(data), name = address)
        {
            while (true)
            {
                nint result = LibC.sendto(descriptor, start, (nuint)data.Length, MSG_DONTWAIT | MSG_NOSIGNAL, name, (uint)address.Length);
                if (result >= 0)
                    return (int)result;

                int errno = Marshal.GetLastSystemError();
                if (errno != Errno.EINTR)
                    return -errno;
            }
        }
    }

    internal static int SendMany(int descriptor, DatagramBatch batch, int from)
    {
        while (true)
        {
            int result = LibC.sendmmsg(descriptor, batch.Headers + from, (uint)(batch.Count - from), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (result >= 0)
                return result;

            int errno = Marshal.GetLastSystemError();
            if (errno != Errno.EINTR)
                return -errno;
        }
    }
}
