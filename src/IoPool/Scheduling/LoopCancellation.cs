namespace IoPool.Scheduling;

/// <summary>An operation of a loop that a <see cref="CancellationToken"/> can end.</summary>
internal interface ICancellableOperation
{
    EventLoop Loop { get; }

    /// <summary>
    /// A token that the operation was registered with was cancelled, now or while it served an earlier call: cancel only
    /// when the token of the present call is cancelled. Loop's thread, from dispatch.
    /// </summary>
    void OnCancellationRequested();
}

/// <summary>Carries a cancellation from the thread that cancels to the loop that owns the operation.</summary>
/// <remarks>
/// The callback of a registration can be late: the operation may have ended and be in use for another call. Hence the
/// loop compares with the present call's token, which makes a generation number unnecessary: if that token is cancelled
/// too, cancelling is right.
/// </remarks>
internal sealed class LoopCancellation : WorkItem
{
    private readonly ICancellableOperation _operation;

    private LoopCancellation(ICancellableOperation operation) => _operation = operation;

    internal static CancellationTokenRegistration Register(ICancellableOperation operation, CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static operation => Post((ICancellableOperation)operation!), operation);

    internal override void Execute(EventLoop loop) => _operation.OnCancellationRequested();

    // When the loop has stopped, its operations ended with it.
    private static void Post(ICancellableOperation operation) => operation.Loop.TryPost(new LoopCancellation(operation));
}
