using System.Runtime.CompilerServices;

namespace IoPool.Scheduling;

/// <summary>A top-level unit of work of one loop, from the spawn to its end: what idling and draining count.</summary>
internal abstract class SpawnedWork : WorkItem
{
    /// <summary>Links of the loop's list of suspended work, which names what a shutdown had to leave behind.</summary>
    internal SpawnedWork? PreviousOfLoop, NextOfLoop;

    /// <summary>The method that was spawned, for a reader of a log.</summary>
    internal abstract string Name { get; }
}

/// <summary>Runs one method call on a loop. Pooled by the thread that spawns, so that spawning allocates nothing.</summary>
internal sealed class SpawnedWork<TState> : SpawnedWork, ICachedItem<SpawnedWork<TState>>
{
    private readonly ThreadItemCache<SpawnedWork<TState>> _home;
    private Resumption? _resumption;
    private ExecutionContext? _context;
    private Func<TState, ValueTask>? _method;
    private TState _state = default!;
    private ValueTask _call;
    private bool _started;

    private SpawnedWork(ThreadItemCache<SpawnedWork<TState>> home) => _home = home;

    static SpawnedWork<TState> ICachedItem<SpawnedWork<TState>>.Create(ThreadItemCache<SpawnedWork<TState>> home) => new(home);

    /// <summary>Takes an item from the calling thread's cache. Any thread.</summary>
    internal static SpawnedWork<TState> Prepare(Func<TState, ValueTask> method, TState state, bool flowContext)
    {
        SpawnedWork<TState> work = ThreadItemCache<SpawnedWork<TState>>.Take();
        work._method = method;
        work._state = state;
        if (flowContext)
            work._context = ExecutionContext.Capture();
        return work;
    }

    internal override string Name => DisplayName.Of((_state as INamedWork)?.Method ?? _method);

    internal override void Execute(EventLoop loop)
    {
        if (!_started)
            Start(loop);
        else
            Finish(loop);
    }

    internal override void Abandon(EventLoop loop)
    {
        if (_state is IStoppable stoppable)
            stoppable.OnLoopStopped();
        loop.CountAbandoned(this);
    }

    private void Start(EventLoop loop)
    {
        _started = true;
        loop.SwitchTo(_context);
        try
        {
            _call = _method!(_state);
        }
        catch (Exception exception)
        {
            Report(loop, exception);
            End(loop);
            return;
        }

        ValueTaskAwaiter awaiter = _call.GetAwaiter();
        if (awaiter.IsCompleted)
        {
            Finish(loop);
        }
        else
        {
            loop.SuspendedWork.Add(this);
            // Work that never suspends does without.
            _resumption ??= new Resumption(this);
            _resumption.Loop = loop;
            _resumption.AwaitUnsafe(ref awaiter);
        }
    }

    private void Finish(EventLoop loop)
    {
        if (loop.SuspendedWork.Contains(this))
            loop.SuspendedWork.Remove(this);
        try
        {
            _call.GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            Report(loop, exception);
        }

        End(loop);
    }

    private static void Report(EventLoop loop, Exception exception)
    {
        // What a shutdown does to pending calls is no failure of the work that made them.
        bool endedByShutdown = !loop.Group.AcceptsWork
            && exception is (ObjectDisposedException or OperationCanceledException);
        if (!endedByShutdown)
            loop.ReportUnhandled(exception);
    }

    private void End(EventLoop loop)
    {
        Discard();
        loop.FinishWork();
    }

    /// <summary>Gives the item back to its cache, after it ran or when its loop refused it.</summary>
    internal void Discard()
    {
        _method = null;
        _state = default!;
        _call = default;
        _started = false;
        _context = null;
        _resumption?.Reset();
        _home.Return(this);
    }
}

/// <summary>State of spawned work that somebody waits for, and who has to hear that the loop stopped before it ran.</summary>
internal interface IStoppable
{
    void OnLoopStopped();
}

/// <summary>State of spawned work that knows the user's method behind it.</summary>
internal interface INamedWork
{
    Delegate Method { get; }
}

/// <summary>A method without a state of its own, as the state of spawned work.</summary>
internal readonly record struct PlainCall(Func<ValueTask> Function) : INamedWork
{
    public Delegate Method => Function;
}

/// <summary>As <see cref="PlainCall"/>, with a result.</summary>
internal readonly record struct PlainCall<TResult>(Func<ValueTask<TResult>> Function) : INamedWork
{
    public Delegate Method => Function;
}
