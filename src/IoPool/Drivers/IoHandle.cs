using System.Net;
using System.Net.Sockets;

namespace IoPool.Drivers;

/// <summary>A socket that is attached to one loop's driver. Loop's thread only.</summary>
internal abstract class IoHandle(EventLoop loop)
{
    private int _takenCount;
    private bool _closing;
    private bool _abort;
    private bool _closed;

    internal EventLoop Loop { get; } = loop;

    /// <summary>Who has to hear that the loop is stopping.</summary>
    internal IHandleOwner? Owner { get; set; }

    /// <summary>The address family, in <see cref="System.Net.Sockets"/> terms.</summary>
    internal abstract AddressFamily AddressFamily { get; }

    internal abstract EndPoint? LocalEndPoint { get; }

    internal abstract EndPoint? RemoteEndPoint { get; }

    internal abstract bool NoDelay { get; set; }

    internal abstract LingerOption LingerState { get; set; }

    internal abstract int ReceiveBufferSize { get; set; }

    internal abstract int SendBufferSize { get; set; }

    /// <summary>The socket is closed.</summary>
    protected bool IsClosed => _closed;

    /// <summary>The socket is closed, or will be when its last operation has ended.</summary>
    internal bool IsClosing => _closing;

    /// <summary>
    /// Performs or takes an operation. <see langword="true"/>: it is finished and <see cref="IoOperation.Result"/> says
    /// how. <see langword="false"/>: the driver completes it later. At most one read and one write at a time.
    /// </summary>
    internal abstract bool Submit(IoOperation operation);

    /// <summary>
    /// Asks for a taken operation to end early. It still completes, soon, with what it transferred or with
    /// <see cref="IoError.Aborted"/>; never before this returns.
    /// </summary>
    internal abstract void Cancel(IoOperation operation);

    internal abstract void SetKeepAlive(bool enabled, TimeSpan time, TimeSpan interval, int retryCount);

    internal abstract void Shutdown(SocketShutdown how);

    /// <summary>Sets the peer of a datagram socket.</summary>
    internal abstract void ConnectDatagram(EndPoint remote);

    internal abstract void SetMulticastMembership(IPAddress group, int interfaceIndex, bool joins);

    /// <summary>An address in the form that this socket sends to: a dual-mode socket reaches IPv4 by the mapped address.</summary>
    internal SocketAddress ToAddress(IPEndPoint remote) =>
        AddressFamily == AddressFamily.InterNetworkV6 && remote.AddressFamily == AddressFamily.InterNetwork
            ? new IPEndPoint(remote.Address.MapToIPv6(), remote.Port).Serialize()
            : remote.Serialize();

    /// <summary>
    /// Closes the socket, now or when the last operation that the kernel may still be working on has ended: until then
    /// the descriptor is not free for reuse. Its operations have to be ended by the caller.
    /// </summary>
    /// <param name="abort">Reset the connection instead of closing it in order.</param>
    internal void Close(bool abort)
    {
        if (_closing)
            return;

        _closing = true;
        _abort = abort;
        if (_takenCount == 0)
            FinishClose();
    }

    /// <summary>An operation became the driver's.</summary>
    internal void OnTaken() => _takenCount++;

    /// <summary>An operation came back.</summary>
    internal void OnReturned()
    {
        if (--_takenCount == 0 && _closing)
            FinishClose();
    }

    /// <summary>Gives the descriptor back to the system. Called once, with no operation taken.</summary>
    protected abstract void CloseCore(bool abort);

    private void FinishClose()
    {
        if (_closed)
            return;

        _closed = true;
        CloseCore(_abort);
    }
}

/// <summary>Owner of a handle.</summary>
internal interface IHandleOwner
{
    /// <summary>Pending operations end with an exception that says so, and new ones fail. Loop's thread; may be repeated.</summary>
    void OnLoopStopping();
}
