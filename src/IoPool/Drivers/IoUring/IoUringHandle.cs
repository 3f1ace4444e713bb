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
        else
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

    /// <summary>The poll for reads reports; from dispatch.</summary>
    internal void OnReadable(int result, bool more)
    {
        _pollsReads = more;
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
        driver.Release(this, _pollsReads, _pollsWrites, _acceptor is { IsArmed: true });
        _acceptor?.CloseWaiting();
        base.CloseCore(abort);
    }
}
