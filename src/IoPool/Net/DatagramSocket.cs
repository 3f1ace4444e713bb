using System.Net;
using System.Net.Sockets;
using IoPool.Drivers;
using IoPool.Drivers.Operations;
using IoPool.Scheduling;

namespace IoPool.Net;

/// <summary>
/// A UDP socket that belongs to one event loop: only that loop may use it, <see cref="DisposeAsync"/> excepted. At most one
/// receive and one send at a time; the two do not hinder each other.
/// </summary>
/// <remarks>
/// Datagrams may be lost, doubled and reordered on the way, and those that find no room in the receive buffer are lost too.
/// Failures of the network are <see cref="SocketException"/>, and the socket stays usable: that nobody listens at the other end
/// (<see cref="SocketError.ConnectionRefused"/>), for example, which the system tells connected sockets only.
/// </remarks>
[LoopOwned]
public sealed class DatagramSocket : IAsyncDisposable, IHandleOwner
{
    private readonly IoHandle _handle;
    private readonly DatagramReceiveOperation _receive;
    private readonly DatagramSendOperation _send;
    private IoOperation.EndReason _closed;
    private bool _isConnected;

    private DatagramSocket(IoHandle handle)
    {
        _handle = handle;
        _receive = new DatagramReceiveOperation(handle);
        _send = new DatagramSendOperation(handle);
        handle.Owner = this;
    }

    /// <summary>The loop that the socket belongs to. Any thread.</summary>
    public EventLoop Loop => _handle.Loop;

    /// <summary>The address it is bound to, with the port that the system chose when 0 was asked for.</summary>
    public EndPoint? LocalEndPoint
    {
        get
        {
            ThrowIfUnusable();
            return _handle.LocalEndPoint;
        }
    }

    /// <summary>Opens a socket at an address of this machine, on the current loop.</summary>
    /// <param name="local">Where; a client that does not mind takes <see cref="IPAddress.Any"/> (or
    /// <see cref="IPAddress.IPv6Any"/>, which reaches both kinds) and port 0.</param>
    /// <param name="options"><see langword="null"/> for the defaults.</param>
    /// <exception cref="InvalidOperationException">The calling thread is no event loop's.</exception>
    /// <exception cref="SocketException">The address is in use, or not to be had.</exception>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="ObjectDisposedException">The group is shutting down.</exception>
    public static DatagramSocket Bind(IPEndPoint local, DatagramSocketOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(local);
        EventLoop loop = EventLoop.Require("DatagramSocket.Bind");
        if (!loop.Group.AcceptsWork)
            throw loop.Group.CreateShutDownException();

        return new DatagramSocket(loop.Driver.OpenDatagram(local, (options ?? new DatagramSocketOptions()).Validated()));
    }

    /// <summary>
    /// Sets the one address that datagrams come from and, without an address, go to. Nothing is sent. Once for a socket.
    /// </summary>
    /// <exception cref="InvalidOperationException">The socket is connected already, or the thread is not the owner's.</exception>
    /// <exception cref="SocketException">There is no way to that address.</exception>
    public void Connect(IPEndPoint remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        ThrowIfUnusable();
        // The base class library's sockets cannot, and what works on some drivers only would be a trap.
        if (_isConnected)
            throw new InvalidOperationException("The socket is connected already; open another one for another peer.");

        _handle.ConnectDatagram(remote);
        _isConnected = true;
    }

    /// <summary>Receives what is sent to a group, from now on.</summary>
    /// <param name="group">The group's address, of the socket's family.</param>
    /// <param name="interfaceIndex">The network interface; 0 leaves it to the system.</param>
    /// <exception cref="SocketException">It is no group's address, or the interface cannot.</exception>
    public void JoinMulticastGroup(IPAddress group, int interfaceIndex = 0)
    {
        ArgumentNullException.ThrowIfNull(group);
        ThrowIfUnusable();
        _handle.SetMulticastMembership(group, interfaceIndex, joins: true);
    }

    /// <summary>Receives no more what is sent to a group.</summary>
    /// <exception cref="SocketException">The socket is not in it.</exception>
    /// <inheritdoc cref="JoinMulticastGroup"/>
    public void LeaveMulticastGroup(IPAddress group, int interfaceIndex = 0)
    {
        ArgumentNullException.ThrowIfNull(group);
        ThrowIfUnusable();
        _handle.SetMulticastMembership(group, interfaceIndex, joins: false);
    }

    /// <summary>Receives a datagram, or waits until one comes.</summary>
    /// <param name="buffer">Where to. What a datagram has beyond it is lost.</param>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    /// <returns>Its length, whether it was truncated, and its sender.</returns>
    /// <exception cref="InvalidOperationException">Another receive is under way, or the thread is not the owner's.</exception>
    /// <exception cref="SocketException">The network failed, also on behalf of an earlier send.</exception>
    /// <exception cref="ObjectDisposedException">The socket was disposed, or the loop is being stopped.</exception>
    public ValueTask<ReceivedDatagram> ReceiveFromAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ReceiveFrom(buffer, null, cancellationToken);

    /// <summary>As the other overload, and allocates nothing: the sender's address goes to an object of the caller's.</summary>
    /// <param name="buffer">Where to. What a datagram has beyond it is lost.</param>
    /// <param name="sender">Is filled; of the socket's family. The socket's until the call completes.</param>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    /// <returns>Its length and whether it was truncated.</returns>
    /// <inheritdoc cref="ReceiveFromAsync(Memory{byte}, CancellationToken)"/>
    public ValueTask<ReceivedDatagram> ReceiveFromAsync(
        Memory<byte> buffer, SocketAddress sender, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sender);
        if (sender.Buffer.Length < SocketAddress.GetMaximumAddressSize(_handle.AddressFamily))
            throw new ArgumentException("The address has not enough room for the socket's family.", nameof(sender));

        return ReceiveFrom(buffer, sender, cancellationToken);
    }

    /// <summary>
    /// Receives as many datagrams as there are, up to the batch's capacity, or waits until one comes. By one system call on
    /// io_uring and epoll; the portable driver receives one at a time.
    /// </summary>
    /// <param name="batch">Is filled. The socket's until the call completes.</param>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    /// <returns>How many.</returns>
    /// <inheritdoc cref="ReceiveFromAsync(Memory{byte}, CancellationToken)"/>
    public ValueTask<int> ReceiveBatchAsync(DatagramBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ThrowIfCannotReceive();
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<int>(cancellationToken)
            : _receive.Receive(batch, cancellationToken);
    }

    /// <summary>Sends a datagram to where the socket is connected to; completes when the system has taken it.</summary>
    /// <param name="data">The socket's until the call completes.</param>
    /// <param name="cancellationToken">Ends the wait for room with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidOperationException">Another send is under way, or the thread is not the owner's.</exception>
    /// <exception cref="SocketException">It is too long (<see cref="SocketError.MessageSize"/>), or there is no way.</exception>
    /// <exception cref="ObjectDisposedException">The socket was disposed, or the loop is being stopped.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
        SendTo(data, null, cancellationToken);

    /// <summary>Sends a datagram to an address. <see cref="IPEndPoint"/>s are converted, which allocates.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public ValueTask SendToAsync(ReadOnlyMemory<byte> data, IPEndPoint remote, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(remote);
        ThrowIfCannotSend();
        return SendTo(data, _handle.ToAddress(remote), cancellationToken);
    }

    /// <summary>Sends a datagram to an address, such as one that a receive filled. Allocates nothing.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public ValueTask SendToAsync(ReadOnlyMemory<byte> data, SocketAddress remote, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(remote);
        return SendTo(data, remote, cancellationToken);
    }

    /// <summary>
    /// Sends all datagrams of a batch, many by one system call on io_uring and epoll. When one fails, those before it have been
    /// sent.
    /// </summary>
    /// <param name="batch">The socket's until the call completes.</param>
    /// <param name="cancellationToken">Ends the wait for room with <see cref="OperationCanceledException"/>.</param>
    /// <inheritdoc cref="SendAsync"/>
    public ValueTask SendBatchAsync(DatagramBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ThrowIfCannotSend();
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : _send.Send(batch, cancellationToken);
    }

    /// <summary>
    /// Closes the socket. Pending calls end with <see cref="ObjectDisposedException"/>. Any thread; on the owner's loop it
    /// closes before it returns, unless a pending call has to end first.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        if (Loop.IsCurrent)
        {
            Close(IoOperation.EndReason.Closed);
            return default;
        }

        var close = new CloseItem(this);
        // When the loop has stopped, it closed the socket.
        return Loop.TryPost(close) ? new ValueTask(close.Done) : default;
    }

    void IHandleOwner.OnLoopStopping() => Close(IoOperation.EndReason.LoopStopped);

    private ValueTask<ReceivedDatagram> ReceiveFrom(Memory<byte> buffer, SocketAddress? sender, CancellationToken cancellationToken)
    {
        ThrowIfCannotReceive();
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<ReceivedDatagram>(cancellationToken)
            : _receive.Receive(buffer, sender, cancellationToken);
    }

    private ValueTask SendTo(ReadOnlyMemory<byte> data, SocketAddress? remote, CancellationToken cancellationToken)
    {
        ThrowIfCannotSend();
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : _send.Send(data, remote, cancellationToken);
    }

    private void Close(IoOperation.EndReason reason)
    {
        if (_closed != IoOperation.EndReason.None)
            return;

        _closed = reason;
        _receive.End(reason);
        _send.End(reason);
        _handle.Close(abort: false);
    }

    private void ThrowIfCannotReceive()
    {
        ThrowIfUnusable();
        if (_receive.IsInUse)
        {
            throw new InvalidOperationException(
                "Another receive is under way on this socket (or has not been awaited yet). One receive at a time.");
        }
    }

    private void ThrowIfCannotSend()
    {
        ThrowIfUnusable();
        if (_send.IsInUse)
            throw new InvalidOperationException("Another send is under way on this socket (or has not been awaited yet). One send at a time.");
    }

    private void ThrowIfUnusable()
    {
        Loop.ThrowIfNotCurrent("The socket");
        if (_closed == IoOperation.EndReason.LoopStopped)
            throw Loop.CreateStoppedException();

        ObjectDisposedException.ThrowIf(_closed != IoOperation.EndReason.None, this);
    }

    private sealed class CloseItem(DatagramSocket socket) : WorkItem
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task Done => _done.Task;

        internal override void Execute(EventLoop loop)
        {
            socket.Close(IoOperation.EndReason.Closed);
            _done.SetResult();
        }

        internal override void Abandon(EventLoop loop) => _done.SetResult();
    }
}
