using System.Runtime.CompilerServices;
using IoPool.CompilerServices;

namespace IoPool.Scheduling;

/// <summary>A spawned call whose end somebody awaits, usually from outside the loop.</summary>
internal abstract class RemoteCall<TResult> : LoopSource<TResult>, INamedWork, IStoppable
{
    protected RemoteCall(EventLoop loop)
        : base(loop)
    {
    }

    public abstract Delegate Method { get; }

    /// <summary>Queues the call to its loop.</summary>
    /// <exception cref="ObjectDisposedException">The group is shutting down or has stopped.</exception>
    internal void Spawn()
    {
        if (!Loop.TrySpawn(static call => call.RunAsync(), this, flowContext: true))
            throw Loop.Group.CreateShutDownException();
    }

    /// <summary>The loop stopped before the call could start.</summary>
    public void OnLoopStopped() => CompleteInline(new Fault(Loop.CreateStoppedException()));

    protected abstract ValueTask RunAsync();

    // Queued, so that the work counts as finished before whoever awaits it goes on.
    protected void SetResult(TResult result) => CompleteQueued(result);

    protected void SetException(Exception exception) => CompleteQueued(default!, new Fault(exception));

    protected override void OnConsumed(bool mayPool)
    {
    }
}

/// <summary>A call with a result.</summary>
internal sealed class RemoteCall<TState, TResult>(EventLoop loop, Func<TState, ValueTask<TResult>> method, TState state)
    : RemoteCall<TResult>(loop)
{
    public override Delegate Method => (state as INamedWork)?.Method ?? method;

    [AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]
    protected override async ValueTask RunAsync()
    {
        TResult result;
        try
        {
            result = await method(state);
        }
        catch (Exception exception)
        {
            SetException(exception);
            return;
        }

        SetResult(result);
    }
}

/// <summary>A call without a result.</summary>
internal sealed class RemoteCallWithoutResult<TState>(EventLoop loop, Func<TState, ValueTask> method, TState state)
    : RemoteCall<VoidResult>(loop)
{
    public override Delegate Method => (state as INamedWork)?.Method ?? method;

    [AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]
    protected override async ValueTask RunAsync()
    {
        try
        {
            await method(state);
        }
        catch (Exception exception)
        {
            SetException(exception);
            return;
        }

        SetResult(default);
    }
}
