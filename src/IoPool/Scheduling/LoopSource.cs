using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace IoPool.Scheduling;

/// <summary>
/// One completion that a loop owns: completed once, on the loop, and consumed once, by whoever awaits it. Pinned calls,
/// I/O operations, delays and offloaded work are all of this kind.
/// </summary>
/// <remarks>
/// <para>
/// <b>Where the awaiter resumes</b> goes by where it registered. Registered on the owning loop, it resumes there, with
/// plain stores and whatever <c>ConfigureAwait</c> said. Registered elsewhere, the registration is posted to the loop
/// (so that completing needs no fence) and the awaiter resumes on the context that it captured, on its own loop when it
/// is a pinned method, else on the thread pool, never on this loop's thread.
/// </para>
/// <para>
/// <b>Inline or queued.</b> <see cref="CompleteInline(TResult)"/> runs the awaiter at once; only the loop's dispatch and the
/// end of a pinned child call it. <see cref="CompleteQueued"/> serves everything that user code triggers (cancel,
/// dispose, abort): nobody is re-entered in the middle of their own statement.
/// </para>
/// </remarks>
internal abstract class LoopSource<TResult> : WorkItem, IValueTaskSource<TResult>, IValueTaskSource, IForeignAwaitable
{
    private WorkItem? _waiter;
    private Action<object?>? _continuation;
    private object? _continuationState;
    private Fault? _fault;
    private TResult _result = default!;
    private short _version;
    private bool _completed;
    private bool _deferred;
    private bool _queued;

    protected LoopSource(EventLoop loop) => Loop = loop;

    internal EventLoop Loop { get; }

    /// <summary>The token of the call that is under way; a value task of an earlier call carries an older one.</summary>
    internal short Version => _version;

    internal bool IsCompleted => _completed;

    /// <summary>
    /// Stands in the run queue to resume its awaiter. Somebody who reads the result without waiting for that consumes the
    /// call early; the object must not be reused before the queue has let go of it.
    /// </summary>
    protected bool IsQueued => _queued;

    /// <summary>Completes and resumes the awaiter before it returns. Loop's thread, from dispatch or a pinned child's end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void CompleteInline(TResult result)
    {
        _result = result;
        ResumeAwaiter();
    }

    /// <summary>As <see cref="CompleteInline(TResult)"/>, when the call failed.</summary>
    protected void CompleteInline(Fault fault)
    {
        _fault = fault;
        ResumeAwaiter();
    }

    /// <summary>Completes, and resumes the awaiter when the loop comes to it. Loop's thread, from anywhere.</summary>
    protected void CompleteQueued(TResult result, Fault? fault = null)
    {
        _result = result;
        _fault = fault;
        Volatile.Write(ref _completed, true);
        if (HasAwaiter)
            EnqueueSelf();
    }

    /// <summary>The result is there, but the awaiter has to let others go first. Loop's thread.</summary>
    protected void CompleteAfterYield(TResult result, Fault? fault)
    {
        _result = result;
        _fault = fault;
        _deferred = true;
        _queued = true;
        Loop.EnqueueAfterTurn(this);
    }

    private bool HasAwaiter => _waiter is not null || _continuation is not null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ResumeAwaiter()
    {
        Volatile.Write(ref _completed, true);
        if (!HasAwaiter)
            return;

        // A long chain of awaiting methods would otherwise unwind as one deep recursion.
        if (Loop.TryEnterInline())
        {
            // This object may be serving another call as soon as the awaiter ran: only locals from here on.
            EventLoop loop = Loop;
            Deliver();
            loop.ExitInline();
        }
        else
        {
            EnqueueSelf();
        }
    }

    internal override void Execute(EventLoop loop)
    {
        _queued = false;
        if (_deferred)
        {
            _deferred = false;
            Volatile.Write(ref _completed, true);
        }

        Deliver();
    }

    private void EnqueueSelf()
    {
        _queued = true;
        Loop.Enqueue(this);
    }

    protected void Deliver()
    {
        EventLoop loop = Loop;
        if (_waiter is { } waiter)
        {
            _waiter = null;
            waiter.Execute(loop);
        }
        else if (_continuation is { } continuation)
        {
            object? state = _continuationState;
            _continuation = null;
            _continuationState = null;
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

    // ---- consumption: checked in every build, since a mistake here would complete somebody else's call

    public ValueTaskSourceStatus GetStatus(short token)
    {
        if (token != _version)
            ThrowConsumed();

        // Pairs with the loop's volatile write when another thread asks: what it sees completed has its result.
        if (!Volatile.Read(ref _completed))
            return ValueTaskSourceStatus.Pending;

        return _fault is null ? ValueTaskSourceStatus.Succeeded
            : _fault.IsCancellation ? ValueTaskSourceStatus.Canceled
            : ValueTaskSourceStatus.Faulted;
    }

    public TResult GetResult(short token)
    {
        if (token != _version || !Volatile.Read(ref _completed))
            ThrowNotConsumable(token);

        TResult result = _result;
        Fault? fault = _fault;
        _result = default!;
        _fault = null;
        _completed = false;
        _version++;
        OnConsumed(ReferenceEquals(EventLoop.Current, Loop) && !_queued);
        fault?.Throw();
        return result;
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    /// <summary>The result was handed out. <paramref name="mayPool"/>: on the owner's thread, and no queue holds the object.</summary>
    protected abstract void OnConsumed(bool mayPool);

    // ---- registration

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        if (!ReferenceEquals(EventLoop.Current, Loop))
        {
            ForeignAwaiter.Register(this, token, continuation, state, flags);
            return;
        }

        if (token != _version)
            ThrowConsumed();
        if (HasAwaiter)
        {
            // Throwing here would end the process: the base class library rethrows it on the pool. Resumed while the
            // call is pending, the second awaiter gets the exception at its await.
            Loop.Enqueue(new SecondAwaiter(continuation, state));
            return;
        }

        // Value task awaiters hand over (their invoker, the Action). When that Action is the resume delegate of a work
        // item of this loop, keep the item and run it directly: no delegate call, no context machinery.
        if (state is Action { Target: Resumption resumption } && ReferenceEquals(resumption.Loop, Loop))
            _waiter = resumption.TakeItem();
        else
            (_continuation, _continuationState) = LoopContinuation.For(Loop, continuation, state, flags);

        // The awaiter asked before the completion came and registers after it (only ordinary code can do that).
        if (_completed)
            EnqueueSelf();
    }

    EventLoop IForeignAwaitable.Loop => Loop;

    bool IForeignAwaitable.TrySetForeignAwaiter(ForeignAwaiter awaiter, short token)
    {
        if (token != _version || _completed || HasAwaiter)
            return false;

        _waiter = awaiter;
        return true;
    }

    void IForeignAwaitable.FailAtStop(Exception exception, short token)
    {
        if (token != _version || _completed)
            return;

        _waiter = null;
        _fault = new Fault(exception);
        Volatile.Write(ref _completed, true);
    }

    private void ThrowNotConsumable(short token)
    {
        if (token != _version)
            ThrowConsumed();

        throw new InvalidOperationException(
            "The call has not completed yet: its result was read early, or it is being awaited already. A ValueTask is awaited "
            + "once; use AsTask() to await it repeatedly.");
    }

    private static void ThrowConsumed() => throw new InvalidOperationException(
        "The ValueTask was awaited (or its result read) before. A ValueTask is consumed once; use AsTask() to await it repeatedly.");
}
