using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using IoPool.CompilerServices;
using IoPool.Drivers;
using IoPool.Drivers.Operations;

namespace IoPool.Net;

/// <summary>
/// A connected stream socket (TCP or Unix domain) that belongs to one event loop: only that loop may use it. At most one
/// receive and one send at a time; the two do not hinder each other.
/// </summary>
/// <remarks>
/// <para>Failures of the network are <see cref="SocketException"/>. After the connection was closed, every member throws
/// <see cref="ObjectDisposedException"/>; used from another loop or thread, <see cref="InvalidOperationException"/>.
/// <see cref="DisposeAsync"/> alone may be called from anywhere.</para>
/// <para>Buffers are the caller's, and the connection's only while the call that got them is under way.</para>
/// </remarks>
[LoopOwned]
public sealed partial class SocketConnection : IAsyncDisposable, IHandleOwner
{
    private readonly IoHandle _handle;
    private readonly ReceiveOperation _receive;
    private readonly SendOperation _send;
    private ConnectionTimeouts? _timeouts;
    private State _state;

    internal SocketConnection(IoHandle handle, SocketServer? server = null)
    {
        _handle = handle;
        Server = server;
        _receive = new ReceiveOperation(handle);
        _send = new SendOperation(handle);
        handle.Owner = this;
    }

    private enum State
    {
        Open,
        Disposed,
        Aborted,
        IdleTimedOut,
        LoopStopped,
    }

    /// <summary>The loop that the connection belongs to. Any thread.</summary>
    public EventLoop Loop => _handle.Loop;

    /// <summary>This side's address. <see langword="null"/> if the system does not tell.</summary>
    public EndPoint? LocalEndPoint
    {
        get
        {
            ThrowIfUnusable();
            return _handle.LocalEndPoint;
        }
    }

    /// <summary>The peer's address. <see langword="null"/> when the peer is gone already.</summary>
    public EndPoint? RemoteEndPoint
    {
        get
        {
            ThrowIfUnusable();
            return _handle.RemoteEndPoint;
        }
    }

    /// <summary>The server that accepted the connection, which ends it when it is disposed itself.</summary>
    internal SocketServer? Server { get; }

    /// <summary>
    /// Makes a connection of a connected stream socket from elsewhere (another process, another library). On the loop that
    /// shall own it. The connection owns the socket from here on: do not use the handle any more, nor the
    /// <see cref="Socket"/> that it came from.
    /// </summary>
    /// <exception cref="InvalidOperationException">The calling thread is no event loop's.</exception>
    public static SocketConnection Adopt(SafeSocketHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        EventLoop loop = EventLoop.Require("SocketConnection.Adopt");
        ObjectDisposedException.ThrowIf(handle.IsClosed, handle);
        if (handle.IsInvalid)
            throw new ArgumentException("The handle is invalid.", nameof(handle));

        return new SocketConnection(loop.Driver.Attach(loop.Driver.TakeOver(handle)));
    }

    /// <summary>Receives what is there, or waits until something is.</summary>
    /// <param name="buffer">Where to. Empty: wait until there is something to receive or the peer has ended, take nothing
    /// and return 0; <see cref="WaitToReceiveAsync"/> tells the two apart.</param>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>. Bytes that arrived
    /// before are returned instead. The connection stays usable.</param>
    /// <returns>How many bytes; 0 when the peer has ended its side.</returns>
    /// <exception cref="InvalidOperationException">Another receive is under way, or the thread is not the owner's.</exception>
    /// <exception cref="SocketException">The connection is broken, by the peer's reset for example. The system tells a reset
    /// once: when a send has thrown it, a receive may return 0.</exception>
    /// <exception cref="TimeoutException"><see cref="ReceiveTimeout"/> or <see cref="IdleTimeout"/> has passed.</exception>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable();
        if (_receive.IsInUse)
            ThrowReceiveInUse();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);

        ValueTask<int> call = _receive.Receive(buffer, cancellationToken);
        _timeouts?.OnReceive(_receive.IsWaiting);
        return call;
    }

    /// <summary>
    /// Receives what is there, or waits until something is, into a buffer that is lent to the caller. A connection that waits
    /// holds no buffer; on io_uring the kernel picks one when bytes arrive, and nothing is copied.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>. Bytes that arrived
    /// before are returned instead, or by the next receive of either kind. The connection stays usable.</param>
    /// <returns>The bytes, which the caller disposes; empty when the peer has ended its side.</returns>
    /// <inheritdoc cref="ReceiveAsync"/>
    public ValueTask<ReceiveLease> ReceiveLeaseAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable();
        if (_receive.IsInUse)
            ThrowReceiveInUse();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReceiveLease>(cancellationToken);

        ValueTask<ReceiveLease> call = _receive.ReceiveLease(cancellationToken);
        _timeouts?.OnReceive(_receive.IsWaiting);
        return call;
    }

    /// <summary>
    /// Waits until there is something to receive, and takes nothing: an idle connection needs no buffer.
    /// </summary>
    /// <returns><see langword="true"/> when bytes are there, <see langword="false"/> when the peer has ended its side.</returns>
    /// <inheritdoc cref="ReceiveAsync"/>
    public ValueTask<bool> WaitToReceiveAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable();
        if (_receive.IsInUse)
            ThrowReceiveInUse();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<bool>(cancellationToken);

        ValueTask<int> call = _receive.WaitReadable(cancellationToken);
        _timeouts?.OnReceive(_receive.IsWaiting);
        return IsNotZeroAsync(call);
    }

    /// <summary>Sends all of the data; completes when the system has taken it.</summary>
    /// <param name="data">The connection's until the call completes.</param>
    /// <param name="cancellationToken">Ends the send with <see cref="OperationCanceledException"/>. If a part was sent, the
    /// connection cannot be used for sending any more, and the exception says so.</param>
    /// <exception cref="InvalidOperationException">Another send is under way, an earlier one ended half-way, or the thread is
    /// not the owner's.</exception>
    /// <exception cref="SocketException">The connection is broken, or its sending side has been shut down.</exception>
    /// <exception cref="TimeoutException"><see cref="SendTimeout"/> or <see cref="IdleTimeout"/> has passed.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        ThrowIfCannotSend();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);

        ValueTask call = _send.Send(data, cancellationToken);
        _timeouts?.OnSend(_send.IsWaiting);
        return call;
    }

    /// <summary>Sends all segments of a sequence, several with one system call.</summary>
    /// <inheritdoc cref="SendAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public ValueTask SendAsync(in ReadOnlySequence<byte> data, CancellationToken cancellationToken = default)
    {
        ThrowIfCannotSend();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);

        ValueTask call = _send.Send(data, cancellationToken);
        _timeouts?.OnSend(_send.IsWaiting);
        return call;
    }

    /// <summary>Ends the sending side: the peer receives the end of the stream. Receiving goes on.</summary>
    /// <exception cref="InvalidOperationException">A send is under way, or the thread is not the owner's.</exception>
    public void ShutdownSend()
    {
        ThrowIfUnusable();
        if (_send.IsInUse)
            throw new InvalidOperationException("A send is under way on this connection; await it before ending the sending side.");

        _handle.Shutdown(SocketShutdown.Send);
    }

    /// <summary>
    /// Resets the connection: what was not sent is dropped, the peer's next call fails. Pending calls end with
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Abort()
    {
        Loop.ThrowIfNotCurrent("The connection");
        Close(State.Aborted);
    }

    /// <summary>
    /// Closes the connection in order: the system goes on sending what it has taken. Pending calls end with
    /// <see cref="ObjectDisposedException"/>. Any thread; on the owner's loop it closes before it returns, unless a pending
    /// call has to end first.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        if (Loop.IsCurrent)
        {
            Close(State.Disposed);
            return default;
        }

        var close = new CloseItem(this);
        // When the loop has stopped, it closed the socket.
        return Loop.TryPost(close) ? new ValueTask(close.Done) : default;
    }

    void IHandleOwner.OnLoopStopping() => Close(State.LoopStopped);

    /// <summary>The server is disposed and its patience is over.</summary>
    internal void CloseByServer() => Close(State.Disposed);

    /// <summary>The idle time is over.</summary>
    internal void CloseIdle() => Close(State.IdleTimedOut);

    /// <summary>Ends operations whose own timeout has passed; the connection stays open.</summary>
    internal void EndTimedOut(bool receive, bool send)
    {
        if (receive)
            _receive.End(IoOperation.EndReason.TimedOut);
        if (send)
            _send.End(IoOperation.EndReason.TimedOut);
    }

    internal bool IsReceivePending => _receive.IsWaiting;

    /// <summary>How much the present or latest send has sent; grows while it is pending.</summary>
    internal int SentCount => _send.SentCount;

    internal bool IsSendPending => _send.IsWaiting;

    private void Close(State state)
    {
        if (_state != State.Open)
            return;

        _state = state;
        IoOperation.EndReason reason = state switch
        {
            State.IdleTimedOut => IoOperation.EndReason.IdleTimedOut,
            State.LoopStopped => IoOperation.EndReason.LoopStopped,
            _ => IoOperation.EndReason.Closed,
        };
        _receive.End(reason);
        _send.End(reason);
        _timeouts?.Stop();
        _handle.Close(abort: state is State.Aborted or State.IdleTimedOut);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ThrowIfUnusable()
    {
        if (!_handle.Loop.IsCurrent || _state != State.Open)
            ThrowUnusable();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ThrowIfCannotSend()
    {
        ThrowIfUnusable();
        if (_send.IsInUse || _send.IsBroken)
            ThrowCannotSend();
    }

    private void ThrowUnusable()
    {
        Loop.ThrowIfNotCurrent("The connection");
        throw _state switch
        {
            State.IdleTimedOut => new TimeoutException(IoOperation.IdleTimeoutMessage),
            State.LoopStopped => Loop.CreateStoppedException(),
            State.Aborted => new ObjectDisposedException(nameof(SocketConnection), "The connection was aborted."),
            _ => new ObjectDisposedException(nameof(SocketConnection)),
        };
    }

    [AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder<>))]
    private static async ValueTask<bool> IsNotZeroAsync(ValueTask<int> call) => await call != 0;

    private void ThrowCannotSend() => throw new InvalidOperationException(_send.IsBroken
        ? "An earlier send ended half-way: the peer has a part of it, so the connection cannot be used for sending any more."
        : "Another send is under way on this connection (or has not been awaited yet). One send at a time.");

    private static void ThrowReceiveInUse() => throw new InvalidOperationException(
        "Another receive is under way on this connection (or has not been awaited yet). One receive at a time.");

    private sealed class CloseItem(SocketConnection connection) : Scheduling.WorkItem
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task Done => _done.Task;

        internal override void Execute(EventLoop loop)
        {
            connection.Close(State.Disposed);
            _done.SetResult();
        }

        internal override void Abandon(EventLoop loop) => _done.SetResult();
    }
}
