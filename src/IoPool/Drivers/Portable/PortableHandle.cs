using System.Net;
using System.Net.Sockets;

namespace IoPool.Drivers.Portable;

/// <summary>A socket of the base class library on a loop.</summary>
internal sealed class PortableHandle : IoHandle
{
    private readonly PortableDriver _driver;
    private readonly Socket _socket;
    private readonly PortableRequest _read;
    private readonly PortableRequest _write;
    private bool _closeMayBlock;

    internal PortableHandle(PortableDriver driver, Socket socket, int slot)
        : base(driver.Loop)
    {
        _driver = driver;
        _socket = socket;
        Slot = slot;
        _read = new PortableRequest(driver, socket);
        _write = new PortableRequest(driver, socket);
    }

    internal int Slot { get; }

    internal override AddressFamily AddressFamily => _socket.AddressFamily;

    internal override EndPoint? LocalEndPoint => _socket.LocalEndPoint;

    internal override EndPoint? RemoteEndPoint
    {
        get
        {
            try
            {
                return _socket.RemoteEndPoint;
            }
            catch (SocketException)
            {
                // The peer is gone.
                return null;
            }
        }
    }

    internal override bool NoDelay
    {
        get => AddressFamily != AddressFamily.Unix && _socket.NoDelay;
        set => _socket.NoDelay = value;
    }

    internal override LingerOption LingerState
    {
        get => _socket.LingerState!;
        set
        {
            _socket.LingerState = value;
            _closeMayBlock = value.Enabled && value.LingerTime > 0;
        }
    }

    internal override int ReceiveBufferSize
    {
        get => _socket.ReceiveBufferSize;
        set => _socket.ReceiveBufferSize = value;
    }

    internal override int SendBufferSize
    {
        get => _socket.SendBufferSize;
        set => _socket.SendBufferSize = value;
    }

    internal override bool Submit(IoOperation operation) => (operation.IsWrite ? _write : _read).Begin(operation);

    internal override void Cancel(IoOperation operation)
    {
        PortableRequest request = operation.IsWrite ? _write : _read;
        if (request.Serves(operation))
            request.Cancel();
    }

    internal override void SetKeepAlive(bool enabled, TimeSpan time, TimeSpan interval, int retryCount)
    {
        _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, enabled);
        if (!enabled)
            return;

        _socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)time.TotalSeconds);
        _socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, (int)interval.TotalSeconds);
        _socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, retryCount);
    }

    internal override void Shutdown(SocketShutdown how)
    {
        try
        {
            _socket.Shutdown(how);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.NotConnected)
        {
            // The peer is gone, and with it the direction that was to be ended.
        }
    }

    internal override void ConnectDatagram(EndPoint remote) => _socket.Connect(remote);

    internal override void SetMulticastMembership(IPAddress group, int interfaceIndex, bool joins)
    {
        SocketOptionName option = joins ? SocketOptionName.AddMembership : SocketOptionName.DropMembership;
        if (group.AddressFamily == AddressFamily.InterNetworkV6)
            _socket.SetSocketOption(SocketOptionLevel.IPv6, option, new IPv6MulticastOption(group, interfaceIndex));
        else
            _socket.SetSocketOption(SocketOptionLevel.IP, option, new MulticastOption(group, interfaceIndex));
    }

    protected override void CloseCore(bool abort)
    {
        _driver.Release(this);
        if (abort && _socket.Connected)
        {
            _socket.LingerState = new LingerOption(true, 0);
        }
        else if (_closeMayBlock)
        {
            // Closing then waits until the peer has everything, or the linger time is over.
            ThreadPool.UnsafeQueueUserWorkItem(static socket => socket.Dispose(), _socket, preferLocal: false);
            return;
        }

        _socket.Dispose();
    }
}
