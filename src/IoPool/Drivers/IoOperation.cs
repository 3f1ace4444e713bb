using System.Net.Sockets;
using IoPool.Scheduling;

namespace IoPool.Drivers;

/// <summary>
/// One request to the kernel, from submit to its completion. Connections own one a direction and reuse it. Each operation
/// is one file that holds its form for every driver, so that drivers cannot drift apart.
/// </summary>
internal abstract class IoOperation : LoopSource<int>, ICancellableOperation
{
    internal const string IdleTimeoutMessage =
        "The connection was reset: nothing was received or sent for as long as its idle timeout allows.";

    private readonly bool _isWrite;
    private CancellationTokenRegistration _registration;
    private CancellationToken _cancellationToken;
    private EndReason _endReason;
    private bool _inUse;
    private bool _taken;

    protected IoOperation(IoHandle handle, bool isWrite)
        : base(handle.Loop)
    {
        Handle = handle;
        _isWrite = isWrite;
    }

    /// <summary>Why an operation was asked to end early.</summary>
    internal enum EndReason
    {
        None,
        Cancelled,
        TimedOut,
        IdleTimedOut,
        Closed,
        GroupShutDown,
        LoopStopped,
    }

    internal IoHandle Handle { get; }

    internal bool IsWrite => _isWrite;

    /// <summary>The count or error (see <see cref="IoError"/>) of an operation that the driver finished.</summary>
    internal int Result { get; set; }

    /// <summary>Under way, or ended and not yet consumed: not to be started again.</summary>
    internal bool IsInUse => _inUse || IsQueued;

    /// <summary>Somebody asked for it to end early.</summary>
    internal bool IsEnding => _endReason != EndReason.None;

    /// <summary>The driver has it, and nobody has asked for its end yet.</summary>
    internal bool IsWaiting => _taken && _endReason == EndReason.None;

    EventLoop ICancellableOperation.Loop => Loop;

    // ---- the forms of the drivers

    /// <summary>
    /// Readiness form: performs the system call without waiting. A count, a negative errno, or
    /// <see cref="Interop.Errno.EAGAIN"/> negative when it has to wait for readiness.
    /// </summary>
    internal abstract int Perform(int descriptor);

    /// <summary>Whether that result left nothing to be had, so that the next call would only find out EAGAIN.</summary>
    internal abstract bool IsDrainedBy(int result);

    /// <summary>
    /// Portable form: the operation by the base class library, whose end may come on any thread. Continuations inside are
    /// not to come back to the loop.
    /// </summary>
    internal abstract ValueTask<int> Start(Socket socket, CancellationToken cancellationToken);

    // ---- the life of a call

    /// <summary>Hands the prepared operation to the driver. Loop's thread.</summary>
    protected ValueTask<int> Submit(CancellationToken cancellationToken)
    {
        if (!TrySubmit(cancellationToken, out int result))
            return new ValueTask<int>(this, Version);

        Release();
        return result >= 0
            ? new ValueTask<int>(ToPublicResult(result))
            : ValueTask.FromException<int>(CreateException(result));
    }

    /// <summary>As <see cref="Submit"/>, for callers that want no count.</summary>
    protected ValueTask SubmitWithoutResult(CancellationToken cancellationToken)
    {
        if (!TrySubmit(cancellationToken, out int result))
            return new ValueTask(this, Version);

        Release();
        return result >= 0 ? default : ValueTask.FromException(CreateException(result));
    }

    /// <summary>
    /// <see langword="true"/> when the operation is over already, and the caller takes the result and calls
    /// <see cref="Release"/>; else this object completes later.
    /// </summary>
    protected bool TrySubmit(CancellationToken cancellationToken, out int result)
    {
        _endReason = EndReason.None;
        result = 0;
        if (!Handle.Submit(this))
        {
            _inUse = _taken = true;
            Handle.OnTaken();
            if (cancellationToken.CanBeCanceled)
            {
                _cancellationToken = cancellationToken;
                _registration = LoopCancellation.Register(this, cancellationToken);
            }

            return false;
        }

        result = Result;
        if (Loop.TrySpendBudget())
            return true;

        // Others are waiting: the caller goes on when the loop comes back to it.
        _inUse = true;
        CompleteAfterYield(result);
        return false;
    }

    /// <summary>The driver is done with a taken operation. Loop's thread, from dispatch.</summary>
    internal void Complete(int result)
    {
        _taken = false;
        Handle.OnReturned();
        if (_cancellationToken.CanBeCanceled)
        {
            // Not Dispose: it would wait for a callback that is running on another thread.
            _registration.Unregister();
            _registration = default;
        }

        if (result >= 0)
            CompleteInline(ToPublicResult(result));
        else
            CompleteInline(new Fault(CreateException(result)));
    }

    /// <summary>Asks the driver to end a taken operation; the first reason counts. Loop's thread.</summary>
    internal void End(EndReason reason)
    {
        if (!_taken || _endReason != EndReason.None)
            return;

        _endReason = reason;
        Handle.Cancel(this);
    }

    void ICancellableOperation.OnCancellationRequested()
    {
        if (_cancellationToken.IsCancellationRequested)
            End(EndReason.Cancelled);
    }

    /// <summary>What the caller gets for a count of the driver.</summary>
    protected virtual int ToPublicResult(int result) => result;

    /// <summary>Lets go of the caller's buffers.</summary>
    protected abstract void Release();

    /// <summary>The exception for an operation that was ended early, or failed.</summary>
    protected virtual Exception CreateException(int result) => (result == IoError.Aborted ? _endReason : EndReason.None) switch
    {
        EndReason.Cancelled => new OperationCanceledException(_cancellationToken),
        EndReason.TimedOut => CreateTimeoutException(),
        EndReason.IdleTimedOut => new TimeoutException(IdleTimeoutMessage),
        EndReason.Closed => new ObjectDisposedException(
            Handle.Owner?.GetType().FullName, "The socket was closed while the operation was pending."),
        EndReason.GroupShutDown => Loop.Group.CreateShutDownException(),
        EndReason.LoopStopped => Loop.CreateStoppedException(),
        _ => IoError.ToException(result),
    };

    protected virtual TimeoutException CreateTimeoutException() => new();

    protected override void OnConsumed(bool mayPool)
    {
        _cancellationToken = default;
        Release();
        _inUse = false;
    }

    private void CompleteAfterYield(int result)
    {
        if (result >= 0)
            CompleteAfterYield(ToPublicResult(result), null);
        else
            CompleteAfterYield(0, new Fault(CreateException(result)));
    }
}
