using System.Threading.Tasks.Sources;

namespace IoPool.Scheduling;

/// <summary>
/// What to call when ordinary (not pinned) code awaits on the loop itself. Nearly always that is just what the awaiter
/// handed over; the rare wishes of an awaiter (a context of its own, a flowing execution context) are wrapped here.
/// </summary>
internal sealed class LoopContinuation
{
    private readonly Action<object?> _continuation;
    private readonly object? _state;
    private readonly SynchronizationContext? _target;
    private readonly ExecutionContext? _context;

    private LoopContinuation(
        Action<object?> continuation, object? state, SynchronizationContext? target, ExecutionContext? context)
    {
        _continuation = continuation;
        _state = state;
        _target = target;
        _context = context;
    }

    internal static (Action<object?> Continuation, object? State) For(
        EventLoop loop, Action<object?> continuation, object? state, ValueTaskSourceOnCompletedFlags flags)
    {
        if (flags == ValueTaskSourceOnCompletedFlags.None)
            return (continuation, state);

        // A context that user code installed on the loop's thread wins over the loop, as it would elsewhere.
        SynchronizationContext? target = (flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) != 0
            ? SynchronizationContext.Current
            : null;
        if (ReferenceEquals(target, loop.SynchronizationContext))
            target = null;
        ExecutionContext? context = (flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0
            ? ExecutionContext.Capture()
            : null;
        return target is null && context is null
            ? (continuation, state)
            : (static self => ((LoopContinuation)self!).Run(), new LoopContinuation(continuation, state, target, context));
    }

    private void Run()
    {
        if (_target is not null)
            _target.Post(static self => ((LoopContinuation)self!).Invoke(), this);
        else
            Invoke();
    }

    private void Invoke()
    {
        if (_context is null)
            _continuation(_state);
        else
            ExecutionContext.Run(_context, static self => ((LoopContinuation)self!)._continuation(((LoopContinuation)self)._state), this);
    }
}
