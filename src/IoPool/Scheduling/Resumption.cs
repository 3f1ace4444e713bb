using System.Runtime.CompilerServices;

namespace IoPool.Scheduling;

/// <summary>
/// How a work item that is suspended at an <see langword="await"/> comes back to its loop: one object per item, reused
/// for every await, so that suspending allocates nothing.
/// </summary>
/// <remarks>
/// Sources of ours recognise the resume delegate by its target and run the item directly. Everything else calls the
/// delegate, from any thread and at any time; it does nothing but post the item to its loop. An awaiter that calls it
/// twice, or after it threw from its own <c>OnCompleted</c>, is ignored: the item would stand in the queue twice, or user
/// code would run twice.
/// <para>The loop's synchronization context stays visible to foreign awaiters. Hidden, an await of a Task would save some 50
/// bytes, but a task that ends on a loop's thread, and everything that completes asynchronously (channels, most completion
/// sources), would then come back by way of the thread pool. Instead the context recognises the delegate in what is posted
/// to it, and posts the item.</para>
/// </remarks>
internal sealed class Resumption
{
    private const int Running = 0;
    private const int Suspended = 1;
    private const int Posted = 2;
    private const int Abandoned = 3;

    private readonly Action _resume;
    private ExecutionContext? _context;
    private int _state;

    internal Resumption(WorkItem item, EventLoop? loop = null)
    {
        Item = item;
        Loop = loop;
        _resume = PostToLoop;
    }

    private WorkItem Item { get; }

    /// <summary>Where the item resumes. Spawned items move between loops from one use to the next.</summary>
    internal EventLoop? Loop { get; set; }

    /// <summary>Remembers the context that the item starts under, before it is posted to its loop for the first time.</summary>
    internal void CaptureContext() => _context = ExecutionContext.Capture();

    /// <summary>The item, for a source that will run it directly: from now on the delegate does nothing. Loop's thread.</summary>
    internal WorkItem TakeItem()
    {
        _state = Running;
        return Item;
    }

    /// <summary>Suspends the item until the awaiter completes. Loop's thread.</summary>
    internal void Await<TAwaiter>(ref TAwaiter awaiter)
        where TAwaiter : INotifyCompletion
    {
        Suspend();
        try
        {
            awaiter.OnCompleted(_resume);
        }
        catch (Exception exception)
        {
            Abandon(exception);
        }
    }

    /// <summary>As <see cref="Await{TAwaiter}"/>; the awaiter need not flow the execution context, the item does it.</summary>
    internal void AwaitUnsafe<TAwaiter>(ref TAwaiter awaiter)
        where TAwaiter : ICriticalNotifyCompletion
    {
        Suspend();
        try
        {
            awaiter.UnsafeOnCompleted(_resume);
        }
        catch (Exception exception)
        {
            Abandon(exception);
        }
    }

    /// <summary>The item is about to run on its loop: what it captured at the await becomes current again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter(EventLoop loop)
    {
        _state = Running;
        // Null: the flow was suppressed at the await, or the item runs for the first time without a captured context.
        loop.SwitchTo(_context);
    }

    /// <summary>Lets go of everything that belongs to the finished use.</summary>
    internal void Reset()
    {
        _context = null;
        _state = Running;
    }

    /// <summary>Posts the item to its loop, once an await. Any thread.</summary>
    internal void PostToLoop()
    {
        if (Interlocked.CompareExchange(ref _state, Posted, Suspended) == Suspended && !Loop!.TryPost(Item))
            Loop.CountAbandoned();
    }

    private void Suspend()
    {
        _context = ExecutionContext.Capture();
        _state = Suspended;
    }

    private void Abandon(Exception exception)
    {
        // Whether the awaiter kept the delegate is unknown. Throwing into the method would run its catch and finally
        // blocks now and, if the delegate was kept, its continuation later.
        Volatile.Write(ref _state, Abandoned);
        Loop!.CountAbandoned();
        Loop.ReportUnhandled(exception);
    }
}
