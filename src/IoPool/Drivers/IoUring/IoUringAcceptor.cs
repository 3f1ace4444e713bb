using IoPool.Drivers.Linux;
using IoPool.Drivers.Operations;
using IoPool.Interop;

namespace IoPool.Drivers.IoUring;

/// <summary>
/// Accepts for a listening socket with one entry that stays: it saves two calls a connection, the accept and the one that
/// finds nothing more. What nobody has asked for yet waits here, a few at most, and the others in the system's backlog.
/// </summary>
internal sealed class IoUringAcceptor(IoUringHandle handle, IoUringDriver driver)
{
    // Enough for what arrives between two turns of a server that takes all; few, since each holds a descriptor while a server
    // that is at its limit of connections takes none.
    private const int MaxWaiting = 64;

    private readonly Queue<int> _waiting = new();
    private AcceptOperation? _pending;
    private bool _cancelling;

    /// <summary>The kernel has the entry.</summary>
    internal bool IsArmed { get; private set; }

    internal bool Submit(AcceptOperation operation)
    {
        if (_waiting.TryDequeue(out int descriptor))
        {
            operation.Result = operation.SetAccepted(descriptor);
            return true;
        }

        _pending = operation;
        if (!IsArmed)
            Arm();
        return false;
    }

    /// <summary>The entry stays: what it accepts is for the next who asks.</summary>
    internal void Cancel(IoOperation operation)
    {
        if (!ReferenceEquals(_pending, operation))
            return;

        _pending = null;
        handle.EnqueueAborted(operation);
    }

    internal void OnAccepted(int result, bool more)
    {
        IsArmed = more;
        if (result >= 0)
            Take(result);
        else if (result != -Errno.ECANCELED)
            Complete(IoError.From(LinuxErrors.ToSocketError(-result)));

        // Cancelled when too many waited, and by now somebody asks again; or the completion queue was full.
        if (!IsArmed && _pending is not null && !handle.IsClosing)
            Arm();
    }

    /// <summary>The listener is closed: those who wait are reset, as those in the backlog are.</summary>
    internal void CloseWaiting()
    {
        while (_waiting.TryDequeue(out int descriptor))
            LinuxSocket.CloseAbortively(descriptor);
    }

    private void Arm()
    {
        IsArmed = true;
        _cancelling = false;
        driver.Accept(handle);
    }

    private void Take(int descriptor)
    {
        if (_pending is { } operation)
        {
            Complete(operation.SetAccepted(descriptor));
            return;
        }

        _waiting.Enqueue(descriptor);
        if (_waiting.Count < MaxWaiting || !IsArmed || _cancelling)
            return;

        _cancelling = true;
        driver.CancelAccept(handle);
    }

    // An error that nobody waits for comes again when somebody does.
    private void Complete(int result)
    {
        if (_pending is not { } operation)
            return;

        _pending = null;
        handle.Loop.BeginDispatch();
        operation.Complete(result);
        handle.Loop.EndDispatch();
    }
}
