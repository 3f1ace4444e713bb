using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using IoPool.CompilerServices;
using IoPool.Drivers;
using IoPool.Drivers.Operations;

namespace IoPool.Net;

/// <summary>
/// A listening socket that belongs to one event loop: only that loop may use it, <see cref="DisposeAsync"/> excepted.
/// <see cref="SocketServer"/> is built on it and spreads connections over the group.
/// </summary>
[LoopOwned]
public sealed class SocketListener : IAsyncDisposable, IHandleOwner, IDrainable
{
    // Accept fails for want of descriptors or memory: it is tried again after these times, doubling.
    private static readonly TimeSpan s_firstBackOff = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_longestBackOff = TimeSpan.FromSeconds(1);

    private readonly IoHandle _handle;
    private readonly AcceptOperation _accept;
    private readonly bool _setsNoDelay;
    private CancellationTokenSource? _backOffEnd;
    private bool _accepting;
    private IoOperation.EndReason _closed;

    private SocketListener(IoHandle handle, bool setsNoDelay)
    {
        _handle = handle;
        _setsNoDelay = setsNoDelay && handle.AddressFamily != AddressFamily.Unix;
        _accept = new AcceptOperation(handle);
        handle.Owner = this;
        LocalEndPoint = handle.LocalEndPoint;
        // Too late means that the group shuts down, which the first accept reports.
        Loop.Group.TryRegister(this);
    }

    /// <summary>The loop that the listener belongs to. Any thread.</summary>
    public EventLoop Loop => _handle.Loop;

    /// <summary>The address it listens on, with the port that the system chose when 0 was asked for. Any thread.</summary>
    public EndPoint? LocalEndPoint { get; }

    /// <summary>Listens on an address, on the current loop.</summary>
    /// <exception cref="InvalidOperationException">The calling thread is no event loop's.</exception>
    /// <exception cref="SocketException">The address is in use, or not to be had.</exception>
    /// <exception cref="ArgumentException">An option makes no sense, or the end point is of no supported kind.</exception>
    /// <exception cref="ObjectDisposedException">The group is shutting down.</exception>
    public static SocketListener Bind(EndPoint endPoint, SocketListenerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        EventLoop loop = EventLoop.Require("SocketListener.Bind");
        if (!loop.Group.AcceptsWork)
            throw loop.Group.CreateShutDownException();

        SocketListenerOptions valid = (options ?? new SocketListenerOptions()).Validated();
        return Attach(loop, loop.Driver.OpenListener(endPoint, valid.ToSettings()), valid);
    }

    /// <summary>
    /// Makes a listener of a listening stream socket from elsewhere (socket activation, hot restart), on the current loop.
    /// The listener owns the socket from here on: do not use the handle any more, nor the <see cref="Socket"/> that it came
    /// from.
    /// </summary>
    /// <exception cref="InvalidOperationException">The calling thread is no event loop's.</exception>
    public static SocketListener Adopt(SafeSocketHandle handle, SocketListenerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handle);
        EventLoop loop = EventLoop.Require("SocketListener.Adopt");
        ObjectDisposedException.ThrowIf(handle.IsClosed, handle);
        if (handle.IsInvalid)
            throw new ArgumentException("The handle is invalid.", nameof(handle));

        return Attach(loop, loop.Driver.TakeOver(handle), (options ?? new SocketListenerOptions()).Validated(), adopted: true);
    }

    /// <summary>Accepts a connection, which belongs to this loop. One accept at a time.</summary>
    /// <remarks>
    /// When the process has no descriptor left, it waits and tries again, after 10 ms at first and a second at most. A client
    /// that left before it was accepted is skipped.
    /// </remarks>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidOperationException">Another accept is under way, or the thread is not the owner's.</exception>
    /// <exception cref="ObjectDisposedException">The listener was disposed, or the group is shutting down.</exception>
    public ValueTask<SocketConnection> AcceptAsync(CancellationToken cancellationToken = default)
    {
        Loop.ThrowIfNotCurrent("The listener");
        return AcceptConnectionAsync(cancellationToken);
    }

    /// <summary>
    /// As <see cref="AcceptAsync"/>, without giving the connection to a loop: pass the handle to the loop that shall own it
    /// and call <see cref="SocketConnection.Adopt"/> there. The caller owns the handle.
    /// </summary>
    /// <inheritdoc cref="AcceptAsync"/>
    public ValueTask<SafeSocketHandle> AcceptHandleAsync(CancellationToken cancellationToken = default)
    {
        Loop.ThrowIfNotCurrent("The listener");
        return AcceptUnownedAsync(cancellationToken);
    }

    /// <summary>
    /// Stops listening; what waits in the backlog is reset by the system, and the file of a Unix domain address is
    /// removed. A pending accept ends with <see cref="ObjectDisposedException"/>. Any thread.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        if (Loop.IsCurrent)
        {
            Close(IoOperation.EndReason.Closed);
            return default;
        }

        var close = new CloseItem(this, IoOperation.EndReason.Closed);
        return Loop.TryPost(close) ? new ValueTask(close.Done) : default;
    }

    void IHandleOwner.OnLoopStopping() => Close(IoOperation.EndReason.LoopStopped);

    // When the loop has stopped, it closed the socket.
    void IDrainable.BeginDrain() => Loop.TryPost(new CloseItem(this, IoOperation.EndReason.GroupShutDown));

    internal static SocketListener Attach(
        EventLoop loop, UnattachedSocket socket, SocketListenerOptions options, bool adopted = false) =>
        new(loop.Driver.Attach(socket), SetsNoDelay(loop.Driver, options, adopted));

    /// <summary>Whether accepted sockets have to be told, since they do not inherit it from the listener.</summary>
    internal static bool SetsNoDelay(IoDriver driver, SocketListenerOptions options, bool adopted) =>
        options.NoDelay && (adopted || !driver.AcceptedSocketsInheritOptions);

    /// <summary>Makes an accepted socket a connection of the current loop.</summary>
    internal static SocketConnection Connect(EventLoop loop, UnattachedSocket socket, bool setNoDelay, SocketServer? server)
    {
        IoHandle handle = loop.Driver.Attach(socket);
        try
        {
            if (setNoDelay)
                handle.NoDelay = true;
            return new SocketConnection(handle, server);
        }
        catch
        {
            // A client that left between the accept and here makes setting an option fail on some systems.
            handle.Close(abort: false);
            throw;
        }
    }

    [AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder<>))]
    internal async ValueTask<UnattachedSocket> AcceptSocketAsync(CancellationToken cancellationToken)
    {
        if (_accepting)
            throw new InvalidOperationException("Another accept is under way on this listener; one at a time.");

        _accepting = true;
        try
        {
            TimeSpan backOff = s_firstBackOff;
            while (true)
            {
                ThrowIfClosed();
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    await _accept.Accept(cancellationToken);
                    return _accept.TakeAccepted();
                }
                catch (SocketException exception) when (IsShortage(exception.SocketErrorCode))
                {
                    await BackOffAsync(backOff, cancellationToken);
                    backOff = TimeSpan.FromTicks(Math.Min(backOff.Ticks * 2, s_longestBackOff.Ticks));
                }
                catch (SocketException exception) when (IsOfThatClient(exception.SocketErrorCode))
                {
                    // accept(2) reports errors of the new connection as its own: the next client may be well.
                }
            }
        }
        finally
        {
            _accepting = false;
        }
    }

    [AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder<>))]
    private async ValueTask<SocketConnection> AcceptConnectionAsync(CancellationToken cancellationToken) =>
        Connect(Loop, await AcceptSocketAsync(cancellationToken), _setsNoDelay, server: null);

    [AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder<>))]
    private async ValueTask<SafeSocketHandle> AcceptUnownedAsync(CancellationToken cancellationToken) =>
        (await AcceptSocketAsync(cancellationToken)).ToSafeHandle();

    private static bool IsShortage(SocketError error) =>
        error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable;

    private static bool IsOfThatClient(SocketError error) => error is SocketError.ConnectionAborted
        or SocketError.ConnectionReset or SocketError.NetworkDown or SocketError.HostDown or SocketError.HostUnreachable
        or SocketError.NetworkUnreachable or SocketError.ProtocolOption or SocketError.AccessDenied;

    [AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]
    private async ValueTask BackOffAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _backOffEnd = end;
        try
        {
            await EventLoop.Delay(time, end.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The listener was closed meanwhile, which the caller finds out.
        }
        finally
        {
            _backOffEnd = null;
        }
    }

    private void Close(IoOperation.EndReason reason)
    {
        if (_closed != IoOperation.EndReason.None)
            return;

        _closed = reason;
        Loop.Group.Unregister(this);
        _accept.End(reason);
        _backOffEnd?.Cancel();
        _handle.Close(abort: false);
    }

    private void ThrowIfClosed()
    {
        if (_closed == IoOperation.EndReason.LoopStopped)
            throw Loop.CreateStoppedException();
        if (!Loop.Group.AcceptsWork)
            throw Loop.Group.CreateShutDownException();

        ObjectDisposedException.ThrowIf(_closed != IoOperation.EndReason.None, this);
    }

    private sealed class CloseItem(SocketListener listener, IoOperation.EndReason reason) : Scheduling.WorkItem
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task Done => _done.Task;

        internal override void Execute(EventLoop loop)
        {
            listener.Close(reason);
            _done.SetResult();
        }

        internal override void Abandon(EventLoop loop) => _done.SetResult();
    }
}
