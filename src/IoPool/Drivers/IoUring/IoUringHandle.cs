using IoPool.Drivers.Linux;
using IoPool.Drivers.Operations;
using IoPool.Interop;

namespace IoPool.Drivers.IoUring;

/// <summary>
/// A socket on an io_uring driver. Reads are performed when a multishot poll reports readiness: nothing is pinned, nothing
/// is lost on a cancel, and an idle connection costs no buffer. Sends are queued to the ring and leave in batches.
/// </summary>
internal sealed class IoUringHandle(IoUringDriver driver, int descriptor, int slot, uint generation)
    : ReadinessHandle(driver.Loop, descriptor)
{
    private readonly IoUringSend _sendState = new();
    private SendOperation? _send;
    private IoUringAcceptor? _acceptor;
    private IoUringReceiver? _receiver;
    private bool _pollsReads;
    private bool _pollsWrites;

    internal int Slot { get; } = slot;

    internal uint Generation { get; } = generation;

    internal override bool Submit(IoOperation operation)
    {
        switch (operation)
        {
            case SendOperation send when send.TryGetMemory(out ReadOnlyMemory<byte> data):
                _send = send;
                driver.Send(this, _sendState, data);
                return false;
            case ReceiveOperation receive when receive.WantsLease || _receiver is not null:
                return SubmitReceive(receive);
            case AcceptOperation accept:
                return (_acceptor ??= new IoUringAcceptor(this, driver)).Submit(accept);
            default:
                return base.Submit(operation);
        }
    }

    internal override void Cancel(IoOperation operation)
    {
        if (ReferenceEquals(_send, operation))
            driver.CancelSend(this);
        else if (_acceptor is { } acceptor)
            acceptor.Cancel(operation);
        else if (_receiver is null || !_receiver.TryCancel(operation))
            base.Cancel(operation);
    }

    /// <summary>The send entry completed; from dispatch.</summary>
    internal void OnSent(int result)
    {
        SendOperation send = _send!;
        _send = null;
        driver.ReleaseSend(_sendState);
        if (result >= 0 && send.Advance(result))
            result = -Errno.EAGAIN;
        if (result == -Errno.EAGAIN && !send.IsEnding)
        {
            // The socket's buffer is full: the rest goes out when there is room.
            WaitWritable(send);
            return;
        }

        Loop.BeginDispatch();
        send.Complete(
            result >= 0 ? send.SentCount
            : result == -Errno.EAGAIN ? IoError.Aborted
            : IoError.From(LinuxErrors.ToSocketError(-result)));
        Loop.EndDispatch();
    }

    /// <summary>The accept entry has a connection, or ended; from dispatch.</summary>
    internal void OnAccepted(int result, bool more) => _acceptor!.OnAccepted(result, more);

    /// <summary>The receive entry has bytes, or ended; from dispatch.</summary>
    internal void OnReceived(int result, uint flags) => _receiver!.OnReceived(result, flags);

    /// <summary>A receive entry takes the bytes: what the poll has to say interests nobody.</summary>
    internal void StopPollingReads()
    {
        if (_pollsReads)
            driver.CancelPollReads(this);
    }

    /// <summary>Receives as if there were no buffers of the kernel's.</summary>
    internal bool SubmitByReadiness(ReceiveOperation operation) => base.Submit(operation);

    private bool SubmitReceive(ReceiveOperation operation)
    {
        if (_receiver is null && driver.GetBufferRing() is { } buffers)
            _receiver = new IoUringReceiver(this, driver, buffers);
        return _receiver is { } receiver && (receiver.IsActive || (operation.WantsLease && receiver.HasBuffers))
            ? receiver.Submit(operation)
            : base.Submit(operation);
    }

    /// <summary>The poll for reads reports; from dispatch.</summary>
    internal void OnReadable(int result, bool more)
    {
        _pollsReads = more;
        if (result == -Errno.ECANCELED)
        {
            // A receive entry took its place, and ended meanwhile.
            if (IsReadPending)
                WatchReadable();
            return;
        }

        OnPolled(result >= 0 ? EventsOf((uint)result) : EpollFlags.EPOLLERR);
    }

    /// <summary>The poll for writes reports; from dispatch.</summary>
    internal void OnWritable(int result)
    {
        _pollsWrites = false;
        OnPolled(result >= 0 ? (uint)result : EpollFlags.EPOLLERR);
    }

    private void OnPolled(uint events)
    {
        OnEvents(events);
        if (IsClosed)
            return;

        if (IsReadPending)
            WatchReadable();
        if (IsWritePending)
            WatchWritable();
    }

    /// <summary>
    /// A poll that was woken once reports what it was woken with, and the kernel wakes readers of a socket with everything that
    /// could interest one, EPOLLRDBAND and EPOLLPRI included: then EPOLLPRI says nothing. It need not, since an urgent mark wakes
    /// twice, once for itself and once for the bytes. A poll that was woken twice asks the socket, which knows no EPOLLRDBAND.
    /// </summary>
    private static uint EventsOf(uint mask) =>
        (mask & EpollFlags.EPOLLRDBAND) != 0 ? mask & ~(EpollFlags.EPOLLRDBAND | EpollFlags.EPOLLPRI) : mask;

    protected override void WatchReadable()
    {
        if (_pollsReads)
            return;

        _pollsReads = true;
        driver.PollReads(this);
    }

    protected override void WatchWritable()
    {
        if (_pollsWrites)
            return;

        _pollsWrites = true;
        driver.PollWrites(this);
    }

    protected override void CloseCore(bool abort)
    {
        // A poll holds the open file: the peer would not hear of the close before it is gone.
        driver.Release(this, _pollsReads, _pollsWrites, _acceptor is { IsArmed: true }, _receiver is { IsArmed: true });
        _acceptor?.CloseWaiting();
        _receiver?.ReturnUnread();
        base.CloseCore(abort);
    }
}
