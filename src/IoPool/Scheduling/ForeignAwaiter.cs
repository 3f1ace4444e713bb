using System.Threading.Tasks.Sources;

namespace IoPool.Scheduling;

/// <summary>What a <see cref="ForeignAwaiter"/> needs of the source that it waits for.</summary>
internal interface IForeignAwaitable
{
    EventLoop Loop { get; }

    /// <summary>Registers the awaiter; <see langword="false"/> when it should be resumed at once. Loop's thread.</summary>
    bool TrySetForeignAwaiter(ForeignAwaiter awaiter, short token);

    /// <summary>Completes a call that can no longer complete by itself. Only when the loop stopped or is about to.</summary>
    void FailAtStop(Exception exception, short token);
}

/// <summary>
/// Somebody who awaits a loop's call from outside the loop. The registration travels to the loop as a work item; the
/// resumption travels back to where the awaiter came from. When the loop stops first, the awaiter gets an
/// <see cref="ObjectDisposedException"/>: nobody waiting from outside ever hangs.
/// </summary>
internal sealed class ForeignAwaiter : WorkItem, IThreadPoolWorkItem
{
    private readonly IForeignAwaitable _source;
    private readonly short _token;
    private readonly Action<object?> _continuation;
    private readonly object? _state;
    private readonly ExecutionContext? _context;
    private readonly object? _destination;
    private bool _registered;

    /// <summary>Links of the loop's list of foreign awaiters.</summary>
    internal ForeignAwaiter? PreviousOfLoop, NextOfLoop;

    private ForeignAwaiter(
        IForeignAwaitable source, short token, Action<object?> continuation, object? state, ValueTaskSourceOnCompletedFlags flags)
    {
        _source = source;
        _token = token;
        _continuation = continuation;
        _state = state;
        if ((flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0)
            _context = ExecutionContext.Capture();
        _destination = FindDestination(state, flags);
    }

    internal static void Register(
        IForeignAwaitable source, short token, Action<object?> continuation, object? state, ValueTaskSourceOnCompletedFlags flags)
    {
        var awaiter = new ForeignAwaiter(source, token, continuation, state, flags);
        if (!source.Loop.TryPost(awaiter))
            awaiter.Abandon(source.Loop);
    }

    internal override void Execute(EventLoop loop)
    {
        if (!_registered && _source.TrySetForeignAwaiter(this, _token))
        {
            _registered = true;
            loop.ForeignAwaiters.Add(this);
            return;
        }

        if (_registered)
            loop.ForeignAwaiters.Remove(this);
        Schedule();
    }

    /// <summary>The loop stopped (or had stopped) with the call unfinished.</summary>
    internal override void Abandon(EventLoop loop)
    {
        _source.FailAtStop(loop.CreateStoppedException(), _token);
        Schedule();
    }

    void IThreadPoolWorkItem.Execute() => Run();

    private static object? FindDestination(object? state, ValueTaskSourceOnCompletedFlags flags)
    {
        if (state is Action { Target: Resumption resumption })
            return resumption;
        if ((flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) == 0)
            return null;

        // The same order of preference as the awaiters of the base class library.
        SynchronizationContext? context = SynchronizationContext.Current;
        if (context is not null && context.GetType() != typeof(SynchronizationContext))
            return context;

        return TaskScheduler.Current != TaskScheduler.Default ? TaskScheduler.Current : null;
    }

    private void Schedule()
    {
        switch (_destination)
        {
            case Resumption resumption:
                resumption.PostToLoop();
                break;
            case SynchronizationContext context:
                context.Post(static self => ((ForeignAwaiter)self!).Run(), this);
                break;
            case TaskScheduler scheduler:
                Task.Factory.StartNew(
                    static self => ((ForeignAwaiter)self!).Run(), this, default, TaskCreationOptions.DenyChildAttach, scheduler);
                break;
            default:
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                break;
        }
    }

    private void Run()
    {
        if (_context is null)
            _continuation(_state);
        else
            ExecutionContext.Run(_context, static self => ((ForeignAwaiter)self!)._continuation(((ForeignAwaiter)self)._state), this);
    }
}

/// <summary>The foreign awaiters of one loop's unfinished calls. Loop's thread only.</summary>
internal struct ForeignAwaiterList
{
    private ForeignAwaiter? _first;

    internal void Add(ForeignAwaiter awaiter)
    {
        awaiter.NextOfLoop = _first;
        if (_first is not null)
            _first.PreviousOfLoop = awaiter;
        _first = awaiter;
    }

    internal void Remove(ForeignAwaiter awaiter)
    {
        if (awaiter.PreviousOfLoop is { } previous)
            previous.NextOfLoop = awaiter.NextOfLoop;
        else
            _first = awaiter.NextOfLoop;
        if (awaiter.NextOfLoop is { } next)
            next.PreviousOfLoop = awaiter.PreviousOfLoop;
        awaiter.PreviousOfLoop = awaiter.NextOfLoop = null;
    }

    /// <summary>Ends the wait of everybody who is still in the list.</summary>
    internal void AbandonAll(EventLoop loop)
    {
        while (_first is { } awaiter)
        {
            Remove(awaiter);
            awaiter.Abandon(loop);
        }
    }
}
