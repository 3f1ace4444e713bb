namespace IoPool.Scheduling;

/// <summary>Work on its way to the thread pool and back. The work itself costs far more than this object.</summary>
internal sealed class OffloadOperation<TResult>(EventLoop loop, Func<TResult> work) : LoopSource<TResult>(loop), IThreadPoolWorkItem
{
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private TResult _value = default!;
    private Exception? _exception;
    private bool _delivering;

    internal void Queue() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    /// <summary>On the pool.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        if (_context is null)
            Work();
        else
            ExecutionContext.Run(_context, static self => ((OffloadOperation<TResult>)self!).Work(), this);
        if (!Loop.TryPost(this))
            Loop.CountAbandoned();
    }

    /// <summary>Back on the loop.</summary>
    internal override void Execute(EventLoop loop)
    {
        if (_delivering)
        {
            base.Execute(loop);
            return;
        }

        _delivering = true;
        if (_exception is null)
            CompleteInline(_value);
        else
            CompleteInline(new Fault(_exception));
    }

    protected override void OnConsumed(bool mayPool)
    {
    }

    private void Work()
    {
        try
        {
            _value = work();
        }
        catch (Exception exception)
        {
            _exception = exception;
        }
    }
}
