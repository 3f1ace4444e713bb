using IoPool.Interop;
using IoPool.Scheduling;

namespace IoPool.Drivers.Linux;

/// <summary>
/// A socket whose operations are performed when the kernel says that it is ready: what is known of its readiness, and the
/// operations that wait for it. Reports are edges: each comes once.
/// </summary>
internal abstract class ReadinessHandle(EventLoop loop, int descriptor) : LinuxHandle(loop, descriptor)
{
    /// <summary>
    /// With EPOLLRDHUP a short read can be trusted to have drained the socket: a later end makes its own edge. EPOLLPRI tells
    /// of TCP's urgent mark, at which a read stops whatever is behind it.
    /// </summary>
    internal const uint ReadEvents =
        EpollFlags.EPOLLIN | EpollFlags.EPOLLPRI | EpollFlags.EPOLLRDHUP | EpollFlags.EPOLLET;

    private IoOperation? _read;
    private IoOperation? _write;
    private bool _readable;
    private bool _writable = true;
    private bool _readsToTheEnd;
    private bool _doubtsNextShortRead;

    internal override bool Submit(IoOperation operation)
    {
        // A write is tried at once: there is nearly always room. A read only if the socket is known to be readable, since
        // a try that finds nothing costs a system call.
        if (operation.IsWrite ? _writable : _readable)
        {
            int result = Perform(operation);
            if (result != -Errno.EAGAIN)
            {
                operation.Result = result;
                return true;
            }
        }

        if (operation.IsWrite)
        {
            WaitWritable(operation);
        }
        else
        {
            _read = operation;
            WatchReadable();
        }

        return false;
    }

    internal override void Cancel(IoOperation operation)
    {
        if (ReferenceEquals(_read, operation))
            _read = null;
        else if (ReferenceEquals(_write, operation))
            _write = null;
        else
            return;

        // The kernel holds nothing of a readiness operation: it can end as soon as the loop comes to it.
        EnqueueAborted(operation);
    }

    /// <summary>Ends an operation that nobody else completes any more.</summary>
    internal void EnqueueAborted(IoOperation operation) => Loop.Enqueue(new AbortedItem(operation));

    /// <summary>The operation is performed when the kernel reports room.</summary>
    protected void WaitWritable(IoOperation operation)
    {
        _writable = false;
        _write = operation;
        WatchWritable();
    }

    /// <summary>A read waits: the kernel has to report readability from now on.</summary>
    protected abstract void WatchReadable();

    /// <summary>A write waits: the kernel has to report writability from now on.</summary>
    protected abstract void WatchWritable();

    protected bool IsReadPending => _read is not null;

    protected bool IsWritePending => _write is not null;

    /// <summary>The kernel reported readiness. Runs what waited for it; from dispatch.</summary>
    internal void OnEvents(uint events)
    {
        const uint Broken = EpollFlags.EPOLLHUP | EpollFlags.EPOLLERR;
        const uint Ended = EpollFlags.EPOLLRDHUP | Broken;
        if ((events & (EpollFlags.EPOLLIN | EpollFlags.EPOLLPRI | Ended)) != 0)
        {
            // An urgent mark makes edges of its own. When nobody read since an earlier edge, one of the two may be such.
            _doubtsNextShortRead |= _readable || (events & EpollFlags.EPOLLPRI) != 0;
            _readable = true;
        }

        if ((events & Ended) != 0)
            _readsToTheEnd = true;
        if ((events & (EpollFlags.EPOLLOUT | Broken)) != 0)
            _writable = true;

        if (_readable && _read is { } read)
            Finish(read, ref _read);
        // The continuation of the read may have closed the socket; then the write waits for nothing any more.
        if (_writable && !IsClosed && _write is { } write)
            Finish(write, ref _write);
    }

    /// <summary>Edge-triggered: the kernel tells once, so the flag stays set until a call says EAGAIN or took all there was.</summary>
    private int Perform(IoOperation operation)
    {
        int result = operation.Perform(Descriptor);
        if (result == -Errno.EAGAIN)
        {
            if (operation.IsWrite)
                _writable = false;
            else
                _readable = false;
            return result;
        }

        if (result < 0)
            return IoError.From(LinuxErrors.ToSocketError(-result));

        if (!operation.IsWrite && operation.IsDrainedBy(result))
        {
            // After the peer's end has been reported there is no further edge: only reading on finds the end of the stream.
            // What a read that stopped at an urgent mark has left behind makes no edge either; there is one mark at a time,
            // so that the read after it can be trusted again.
            _readable = _readsToTheEnd || _doubtsNextShortRead;
            _doubtsNextShortRead = false;
        }

        return result;
    }

    private void Finish(IoOperation operation, ref IoOperation? waiting)
    {
        int result = Perform(operation);
        if (result == -Errno.EAGAIN)
            return;

        waiting = null;
        Loop.BeginDispatch();
        operation.Complete(result);
        Loop.EndDispatch();
    }

    private sealed class AbortedItem(IoOperation operation) : WorkItem
    {
        internal override void Execute(EventLoop loop) => operation.Complete(IoError.Aborted);

        internal override void Abandon(EventLoop loop) => operation.Handle.OnReturned();
    }
}
