namespace IoPool.Scheduling;

/// <summary>A callback on its way to a loop. Pooled by the thread that posts, so that posting allocates nothing.</summary>
internal sealed class PostedCall<TState> : WorkItem, ICachedItem<PostedCall<TState>>
{
    private readonly ThreadItemCache<PostedCall<TState>> _home;
    private Action<TState>? _callback;
    private TState _state = default!;
    private ExecutionContext? _context;

    private PostedCall(ThreadItemCache<PostedCall<TState>> home) => _home = home;

    static PostedCall<TState> ICachedItem<PostedCall<TState>>.Create(ThreadItemCache<PostedCall<TState>> home) => new(home);

    internal static PostedCall<TState> Prepare(Action<TState> callback, TState state)
    {
        PostedCall<TState> call = ThreadItemCache<PostedCall<TState>>.Take();
        call._callback = callback;
        call._state = state;
        call._context = ExecutionContext.Capture();
        return call;
    }

    internal override void Execute(EventLoop loop)
    {
        Action<TState> callback = _callback!;
        TState state = _state;
        loop.SwitchTo(_context);
        Discard();
        try
        {
            callback(state);
        }
        catch (Exception exception)
        {
            loop.ReportUnhandled(exception);
        }
    }

    internal void Discard()
    {
        _callback = null;
        _state = default!;
        _context = null;
        _home.Return(this);
    }
}
