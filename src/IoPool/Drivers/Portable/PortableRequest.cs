using System.Net.Sockets;
using IoPool.Scheduling;

namespace IoPool.Drivers.Portable;

/// <summary>
/// One direction of a portable socket. The base class library does the operation and reports its end on a thread of its
/// own; this item carries the report to the loop. Until then the caller's buffer belongs to the operation.
/// </summary>
internal sealed class PortableRequest : WorkItem
{
    private readonly PortableDriver _driver;
    private readonly Socket _socket;
    private readonly Action _postReport;
    private CancellationTokenSource _cancellation = new();
    private ValueTask<int> _call;
    private IoOperation? _operation;

    internal PortableRequest(PortableDriver driver, Socket socket)
    {
        _driver = driver;
        _socket = socket;
        _postReport = PostReport;
    }

    internal bool Serves(IoOperation operation) => ReferenceEquals(_operation, operation);

    /// <summary>Starts the operation; <see langword="true"/> when it finished at once.</summary>
    internal bool Begin(IoOperation operation)
    {
        if (_cancellation.IsCancellationRequested)
            _cancellation = new CancellationTokenSource();
        _call = operation.Start(_socket, _cancellation.Token);
        if (_call.IsCompleted)
        {
            operation.Result = TakeResult();
            return true;
        }

        _operation = operation;
        _driver.OperationsInFlight++;
        // Not the loop's context: its queue would be told by way of another allocation.
        _call.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_postReport);
        return false;
    }

    /// <summary>Asks the operation to end; the report comes as ever.</summary>
    internal void Cancel() => _cancellation.Cancel();

    /// <summary>The report has reached the loop.</summary>
    internal override void Execute(EventLoop loop)
    {
        IoOperation operation = _operation!;
        _operation = null;
        _driver.OperationsInFlight--;
        operation.Complete(TakeResult());
    }

    internal override void Abandon(EventLoop loop)
    {
        _driver.OperationsInFlight--;
        TakeResult();
    }

    private int TakeResult()
    {
        ValueTask<int> call = _call;
        _call = default;
        try
        {
            return call.GetAwaiter().GetResult();
        }
        catch (SocketException exception)
        {
            return IoError.From(exception.SocketErrorCode);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            return IoError.Aborted;
        }
    }

    // Any thread.
    private void PostReport() => _driver.Loop.TryPost(this);
}
