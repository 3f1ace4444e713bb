namespace IoPool.Scheduling;

/// <summary>Somebody who awaits a call that is being awaited already, on the way to the exception.</summary>
internal sealed class SecondAwaiter(Action<object?> continuation, object? state) : WorkItem
{
    internal override void Execute(EventLoop loop)
    {
        try
        {
            continuation(state);
        }
        catch (Exception exception)
        {
            loop.ReportUnhandled(exception);
        }
    }
}
