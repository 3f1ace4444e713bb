namespace IoPool.Scheduling;

/// <summary>Brings ordinary async code back to the loop that it was called on.</summary>
internal sealed class LoopSynchronizationContext : SynchronizationContext
{
    private readonly EventLoop _loop;

    internal LoopSynchronizationContext(EventLoop loop)
    {
        _loop = loop;
        // Managed waits on the loop's thread (contended locks included) then come through Wait below.
        SetWaitNotificationRequired();
    }

    /// <summary>Queues the callback to the loop; to the thread pool when the loop has stopped. Any thread.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        // The resume delegate of a pinned method, from an awaiter that captured this context: what it does is this.
        if (state is Action { Target: Resumption resumption } && ReferenceEquals(resumption.Loop, _loop))
        {
            resumption.PostToLoop();
            return;
        }

        var item = new CallbackItem(d, state);
        if (!_loop.TryPost(item))
            item.Abandon(_loop);
    }

    /// <summary>As <see cref="Post"/>; on the loop, everything else of its present turn goes first.</summary>
    internal void PostYielded(Action continuation)
    {
        if (_loop.IsRunningHere)
            _loop.EnqueueAfterTurn(new CallbackItem(static action => ((Action)action!)(), continuation));
        else
            Post(static action => ((Action)action!)(), continuation);
    }

    /// <summary>
    /// Runs the callback on the loop and waits for it: inline on the loop itself, blocking from a thread that is no loop's.
    /// </summary>
    /// <exception cref="InvalidOperationException">The caller is on another event loop, which this would block.</exception>
    public override void Send(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        if (ReferenceEquals(EventLoop.Current, _loop))
        {
            d(state);
            return;
        }

        if (EventLoop.Current is { } other)
        {
            throw new InvalidOperationException(
                $"SynchronizationContext.Send to event loop '{_loop.Name}' would block event loop '{other.Name}'. Use Post, or await {_loop.Name}'s RunAsync.");
        }

        _loop.RunAsync(
            static call =>
            {
                call.d(call.state);
                return default;
            },
            (d, state)).AsTask().GetAwaiter().GetResult();
    }

    public override SynchronizationContext CreateCopy() => this;

    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout)
    {
        _loop.CountBlockingWait();
        return WaitHelper(waitHandles, waitAll, millisecondsTimeout);
    }

    private sealed class CallbackItem(SendOrPostCallback callback, object? state) : WorkItem
    {
        internal override void Execute(EventLoop loop)
        {
            try
            {
                callback(state);
            }
            catch (Exception exception)
            {
                loop.ReportUnhandled(exception);
            }
        }

        internal override void Abandon(EventLoop loop) =>
            ThreadPool.UnsafeQueueUserWorkItem(static item => item.callback(item.state), (callback, state), preferLocal: false);
    }
}
