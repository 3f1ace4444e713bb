using System.Net;
using System.Net.Sockets;
using IoPool.Interop;

namespace IoPool.Drivers.Linux;

/// <summary>
/// A socket by descriptor: what the Linux drivers have in common. The driver's table holds every handle until it is closed,
/// so that none can be forgotten, and a finalizer for each connection would be for nothing.
/// </summary>
internal abstract class LinuxHandle(EventLoop loop, int descriptor) : IoHandle(loop)
{
    private AddressFamily? _addressFamily;
    private bool _closeMayBlock;

    /// <summary>Valid until <see cref="CloseCore"/>, which runs on the same thread as everything that uses it.</summary>
    internal int Descriptor { get; } = descriptor;

    /// <summary>See <see cref="UnattachedSocket.BoundPath"/>.</summary>
    internal string? BoundPath { get; init; }

    internal override AddressFamily AddressFamily => _addressFamily ??= LinuxSocket.GetAddressFamily(Descriptor);

    internal override EndPoint? LocalEndPoint => LinuxSocket.GetLocalEndPoint(Descriptor);

    internal override EndPoint? RemoteEndPoint => LinuxSocket.GetRemoteEndPoint(Descriptor);

    internal override bool NoDelay
    {
        get => LinuxSocket.GetNoDelay(Descriptor);
        set => LinuxSocket.SetNoDelay(Descriptor, value);
    }

    internal override LingerOption LingerState
    {
        get => LinuxSocket.GetLinger(Descriptor);
        set
        {
            LinuxSocket.SetLinger(Descriptor, value.Enabled, value.LingerTime);
            _closeMayBlock = value.Enabled && value.LingerTime > 0;
        }
    }

    internal override int ReceiveBufferSize
    {
        get => LinuxSocket.GetReceiveBufferSize(Descriptor);
        set => LinuxSocket.SetReceiveBufferSize(Descriptor, value);
    }

    internal override int SendBufferSize
    {
        get => LinuxSocket.GetSendBufferSize(Descriptor);
        set => LinuxSocket.SetSendBufferSize(Descriptor, value);
    }

    internal override void SetKeepAlive(bool enabled, TimeSpan time, TimeSpan interval, int retryCount) =>
        LinuxSocket.SetKeepAlive(Descriptor, enabled, (int)time.TotalSeconds, (int)interval.TotalSeconds, retryCount);

    internal override void Shutdown(SocketShutdown how) => LinuxSocket.Shutdown(Descriptor, how);

    internal override void ConnectDatagram(EndPoint remote)
    {
        int result = LinuxSocket.Connect(Descriptor, remote);
        if (result < 0)
            throw LinuxErrors.CreateSocketException(-result, $"connect to {remote}");
    }

    internal override void SetMulticastMembership(IPAddress group, int interfaceIndex, bool joins) =>
        LinuxSocket.SetMulticastMembership(Descriptor, group, interfaceIndex, joins);

    /// <summary>A listening socket. Any thread.</summary>
    internal static UnattachedSocket OpenListener(EndPoint endPoint, ListenSettings settings)
    {
        UnattachedSocket socket = UnattachedSocket.Of(LinuxSocket.OpenStream(endPoint, settings.DualMode));
        try
        {
            Bind(socket.Descriptor, endPoint, settings);
        }
        catch
        {
            socket.Close();
            throw;
        }

        // From here on the file at the path is this socket's.
        socket = socket with { BoundPath = LinuxSocket.GetPath(endPoint) };
        try
        {
            LinuxSocket.Listen(socket.Descriptor, settings.Backlog);
            return socket;
        }
        catch
        {
            socket.Close();
            throw;
        }
    }

    /// <summary>Takes the socket out of a handle of the base class library. Any thread.</summary>
    /// <remarks>
    /// By a descriptor of its own, so that the handle can be closed properly. Merely marked invalid, it would make the
    /// disposal of the <see cref="Socket"/> that it came from wait for its release for ever, and meanwhile shut down
    /// whatever has its number by then.
    /// </remarks>
    internal static UnattachedSocket TakeOver(SafeSocketHandle handle)
    {
        UnattachedSocket socket = UnattachedSocket.Of(LinuxSocket.Duplicate((int)handle.DangerousGetHandle()));
        try
        {
            LinuxSocket.SetNonBlocking(socket.Descriptor);
            LingerOption linger = LinuxSocket.GetLinger(socket.Descriptor);
            // Sets the socket to reset the connection on close, which goes for every descriptor of it.
            handle.Dispose();
            LinuxSocket.SetLinger(socket.Descriptor, linger.Enabled, linger.LingerTime);
            return socket;
        }
        catch
        {
            socket.Close();
            throw;
        }
    }

    protected override void CloseCore(bool abort)
    {
        if (abort)
        {
            LinuxSocket.SetLinger(Descriptor, true, 0);
        }
        else if (_closeMayBlock)
        {
            // close(2) then waits until the peer has everything, or the linger time is over.
            ThreadPool.UnsafeQueueUserWorkItem(static descriptor => LibC.close(descriptor), Descriptor, preferLocal: false);
            return;
        }

        // On Linux the descriptor is gone even when close says EINTR: trying again could close somebody else's.
        LibC.close(Descriptor);
        LinuxSocket.RemoveFile(BoundPath);
    }

    private static void Bind(int descriptor, EndPoint endPoint, ListenSettings settings)
    {
        if (endPoint.AddressFamily != AddressFamily.Unix)
        {
            // A server that restarts must not wait for the connections of its predecessor to leave TIME_WAIT.
            LinuxSocket.SetReuseAddress(descriptor, true);
            if (settings.ReusePort)
                LinuxSocket.SetReusePort(descriptor, true);
            if (settings.NoDelay)
                LinuxSocket.SetNoDelay(descriptor, true);
        }

        if (settings.ReceiveBufferSize is { } receive)
            LinuxSocket.SetReceiveBufferSize(descriptor, receive);
        if (settings.SendBufferSize is { } send)
            LinuxSocket.SetSendBufferSize(descriptor, send);
        LinuxSocket.Bind(descriptor, endPoint);
    }
}
