namespace IoPool.Scheduling;

/// <summary>One wait of <see cref="EventLoop.Delay"/>; pooled by its loop.</summary>
internal sealed class DelayOperation : LoopSource<VoidResult>, ITimerTarget, ICancellableOperation
{
    private readonly TimerNode _timer;
    private CancellationTokenRegistration _registration;
    private CancellationToken _cancellationToken;
    private bool _pending;

    private DelayOperation(EventLoop loop)
        : base(loop) => _timer = new TimerNode(this);

    internal static ValueTask Start(
        EventLoop loop, ref DelayOperation? pool, TimeSpan delay, CancellationToken cancellationToken)
    {
        DelayOperation operation = pool ?? new DelayOperation(loop);
        pool = (DelayOperation?)operation.Next;
        operation.Next = null;
        operation.Begin(delay, cancellationToken);
        return new ValueTask(operation, operation.Version);
    }

    void ITimerTarget.OnTimer(TimerNode node)
    {
        End();
        if (Loop.IsStopping)
            CompleteInline(new Fault(Loop.CreateStoppedException()));
        else
            CompleteInline(default(VoidResult));
    }

    protected override void OnConsumed(bool mayPool)
    {
        if (mayPool)
            Loop.ReturnToPool(this);
    }

    private void Begin(TimeSpan delay, CancellationToken cancellationToken)
    {
        _pending = true;
        long dueMs = delay == Timeout.InfiniteTimeSpan ? long.MaxValue
            : delay <= TimeSpan.Zero ? 0
            : Loop.Clock.DueMs(delay);
        Loop.ScheduleTimer(_timer, dueMs);
        if (cancellationToken.CanBeCanceled)
        {
            _cancellationToken = cancellationToken;
            _registration = LoopCancellation.Register(this, cancellationToken);
        }
    }

    EventLoop ICancellableOperation.Loop => Loop;

    void ICancellableOperation.OnCancellationRequested()
    {
        if (!_pending || !_cancellationToken.IsCancellationRequested)
            return;

        CancellationToken token = _cancellationToken;
        Loop.CancelTimer(_timer);
        End();
        CompleteInline(new Fault(new OperationCanceledException(token)));
    }

    private void End()
    {
        _pending = false;
        // Not Dispose: it would wait for a callback that is running on another thread.
        _registration.Unregister();
        _registration = default;
        _cancellationToken = default;
    }
}
