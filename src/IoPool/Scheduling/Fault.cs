using System.Runtime.ExceptionServices;

namespace IoPool.Scheduling;

/// <summary>How a call failed: the exception with the stack trace that it had when it was caught.</summary>
internal class Fault(Exception exception)
{
    private readonly ExceptionDispatchInfo _dispatchInfo = ExceptionDispatchInfo.Capture(exception);

    internal Exception Exception => _dispatchInfo.SourceException;

    internal bool IsCancellation => Exception is OperationCanceledException;

    internal void Throw()
    {
        GC.SuppressFinalize(this);
        _dispatchInfo.Throw();
    }
}

/// <summary>
/// The failure of a pinned call. When it is collected before anybody read it, the exception goes to the group's
/// unhandled-exception handler, as <see cref="TaskScheduler.UnobservedTaskException"/> does it for tasks.
/// </summary>
internal sealed class UnobservedFault : Fault
{
    private readonly EventLoop _loop;

    internal UnobservedFault(EventLoop loop, Exception exception)
        : base(exception)
    {
        _loop = loop;
        // A cancelled call that nobody awaited is no news, to Task neither.
        if (exception is OperationCanceledException)
            GC.SuppressFinalize(this);
    }

    ~UnobservedFault() => _loop.ReportUnhandled(Exception);
}
