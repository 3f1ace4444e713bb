using IoPool.Drivers.Linux;
using IoPool.Drivers.Operations;
using IoPool.Interop;

namespace IoPool.Drivers.IoUring;

/// <summary>
/// Receives for one connection with an entry that stays and takes buffers of the kernel's ring, for leases. While bytes may be
/// here or on their way, all receives of the connection come here, those into the caller's memory too: read from the socket,
/// they would overtake.
/// </summary>
internal sealed class IoUringReceiver(IoUringHandle handle, IoUringDriver driver, IoUringBufferRing buffers)
{
    // A client that sends to somebody who does not read gets that many of the loop's buffers, and those that the kernel fills in
    // the same turn. Then the entry is cancelled, and the bytes wait in the socket, whose window closes.
    private const int MaxUnread = 8;

    // Neither ended nor failed.
    private const int Open = int.MaxValue;

    private readonly Queue<LeaseBuffer> _unread = new();
    private ReceiveOperation? _pending;
    private int _end = Open;
    private bool _cancelling;

    /// <summary>The kernel has the entry.</summary>
    internal bool IsArmed { get; private set; }

    /// <summary>Bytes are here or may be on their way.</summary>
    internal bool IsActive => IsArmed || _unread.Count != 0 || _end != Open;

    /// <summary>A lease would get a buffer of the kernel's.</summary>
    internal bool HasBuffers => buffers.FreeCount > 0;

    internal bool Submit(ReceiveOperation operation)
    {
        if (TryServe(operation))
            return true;

        _pending = operation;
        if (!IsArmed)
            Arm();
        return false;
    }

    /// <summary>The entry stays: what it receives is for the next who asks.</summary>
    internal bool TryCancel(IoOperation operation)
    {
        if (!ReferenceEquals(_pending, operation))
            return false;

        _pending = null;
        handle.EnqueueAborted(operation);
        return true;
    }

    internal void OnReceived(int result, uint flags)
    {
        IsArmed = (flags & IoUringConstants.IORING_CQE_F_MORE) != 0;
        TakeBuffer(result, flags);
        if (result == 0 || (result < 0 && result is not (-Errno.ECANCELED or -Errno.ENOBUFS)))
            _end = result == 0 ? 0 : IoError.From(LinuxErrors.ToSocketError(-result));

        if (_pending is { } operation)
            Continue(operation, isStarved: result == -Errno.ENOBUFS);
        if (_unread.Count >= MaxUnread && IsArmed && !_cancelling && !handle.IsClosing)
        {
            _cancelling = true;
            driver.CancelReceive(handle);
        }
    }

    /// <summary>The connection is closed: unread bytes are nobody's.</summary>
    internal void ReturnUnread()
    {
        while (_unread.TryDequeue(out LeaseBuffer? unread))
            unread.Return();
    }

    private void Continue(ReceiveOperation operation, bool isStarved)
    {
        if (TryServe(operation))
        {
            _pending = null;
            Complete(operation);
        }
        else if (isStarved)
        {
            // Others hold all buffers, perhaps for long. Asking again at once would keep the loop busy with the answer "none":
            // the bytes are taken from the socket instead.
            _pending = null;
            if (handle.SubmitByReadiness(operation))
                Complete(operation);
        }
        else if (!IsArmed && !handle.IsClosing)
        {
            // Cancelled when too much was unread, and by now it is read; or the completion queue was full.
            Arm();
        }
    }

    private bool TryServe(ReceiveOperation operation)
    {
        if (_unread.Count != 0)
        {
            operation.Result = operation.WantsLease ? Lend(operation) : Copy(operation);
            return true;
        }

        if (_end == Open)
            return false;

        operation.Result = _end;
        // The end stays the end. An error is told once, as the system tells it.
        if (_end < 0)
            _end = Open;
        return true;
    }

    private int Lend(ReceiveOperation operation)
    {
        LeaseBuffer buffer = _unread.Dequeue();
        operation.SetLease(buffer);
        return buffer.UnreadLength;
    }

    private int Copy(ReceiveOperation operation)
    {
        // Waits for bytes, and takes none.
        if (operation.Buffer.IsEmpty)
            return 1;

        Span<byte> target = operation.Buffer.Span;
        int copied = 0;
        while (copied < target.Length && _unread.TryPeek(out LeaseBuffer? unread))
        {
            copied += unread.Read(target[copied..]);
            if (unread.UnreadLength == 0)
                _unread.Dequeue().Return();
        }

        return copied;
    }

    private void TakeBuffer(int result, uint flags)
    {
        if ((flags & IoUringConstants.IORING_CQE_F_BUFFER) == 0)
            return;

        LeaseBuffer buffer = buffers.Take((int)(flags >> IoUringConstants.IORING_CQE_BUFFER_SHIFT));
        if (result > 0)
        {
            buffer.SetReceived(result);
            _unread.Enqueue(buffer);
        }
        else
        {
            buffer.Return();
        }
    }

    private void Complete(ReceiveOperation operation)
    {
        handle.Loop.BeginDispatch();
        operation.Complete(operation.Result);
        handle.Loop.EndDispatch();
    }

    private void Arm()
    {
        IsArmed = true;
        _cancelling = false;
        handle.StopPollingReads();
        driver.Receive(handle);
    }
}
