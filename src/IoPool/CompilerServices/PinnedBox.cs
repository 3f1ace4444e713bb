using System.Runtime.CompilerServices;
using IoPool.Scheduling;

namespace IoPool.CompilerServices;

/// <summary>A pinned call that was suspended at least once: the heap copy of its state machine, and its completion.</summary>
internal abstract class PinnedBox<TResult> : LoopSource<TResult>
{
    private bool _countsAsWork;

    protected PinnedBox(EventLoop loop)
        : base(loop) => Resumption = new Resumption(this, loop);

    internal Resumption Resumption { get; }

    /// <summary>The call was started off its loop and is a unit of work of its own.</summary>
    internal void CountAsWork()
    {
        _countsAsWork = true;
        Loop.StartWork();
    }

    internal void SetResult(TResult result)
    {
        FinishWork();
        CompleteInline(result);
    }

    internal void SetException(Exception exception)
    {
        FinishWork();
        CompleteInline(new UnobservedFault(Loop, exception));
    }

    private void FinishWork()
    {
        if (_countsAsWork)
        {
            _countsAsWork = false;
            Loop.FinishWork();
        }
    }
}

/// <summary>The box of one state machine type, pooled by its loop.</summary>
internal sealed class PinnedBox<TStateMachine, TResult> : PinnedBox<TResult>
    where TStateMachine : IAsyncStateMachine
{
    // Of one state machine type and loop; enough for the calls that a busy loop has in flight at once.
    private const int MaxPooled = 1024;

    private static readonly int s_typeId = BoxPools.NextTypeId();

    private TStateMachine _stateMachine = default!;

    private PinnedBox(EventLoop loop)
        : base(loop)
    {
    }

    /// <summary>The state machine, to be copied in when the call is suspended for the first time.</summary>
    internal ref TStateMachine StateMachine => ref _stateMachine;

    /// <summary>A box from the loop's pool. Loop's thread only.</summary>
    internal static PinnedBox<TStateMachine, TResult> Rent(EventLoop loop)
    {
        ref WorkItem? top = ref loop.BoxPools.Of(s_typeId);
        if (top is null)
            return new PinnedBox<TStateMachine, TResult>(loop);

        // The slot of this type id holds boxes of this type only.
        var box = Unsafe.As<PinnedBox<TStateMachine, TResult>>(top);
        top = box.Next;
        box.Next = null;
        return box;
    }

    /// <summary>A box outside the pool, for a call that is started off its loop. Any thread.</summary>
    internal static PinnedBox<TStateMachine, TResult> CreateFor(EventLoop loop) => new(loop);

    internal override void Execute(EventLoop loop)
    {
        if (IsCompleted)
        {
            base.Execute(loop);
            return;
        }

        Resumption.Enter(loop);
        // When the call ends in here, its awaiter runs and this box may be serving another call when MoveNext returns.
        _stateMachine.MoveNext();
    }

    internal override void Abandon(EventLoop loop)
    {
        if (!IsCompleted)
            Loop.CountAbandoned();
    }

    protected override void OnConsumed(bool mayPool)
    {
        _stateMachine = default!;
        Resumption.Reset();
        if (!mayPool)
            return;

        ref WorkItem? top = ref Loop.BoxPools.Of(s_typeId);
        int depth = top is null ? 1 : top.StackDepth + 1;
        if (depth > MaxPooled)
            return;

        Next = top;
        StackDepth = depth;
        top = this;
    }
}

/// <summary>The box pools of one loop: an array indexed by state machine type, which is cheaper than a thread-static each.</summary>
internal struct BoxPools
{
    private static int s_typeCount;

    private WorkItem?[]? _tops;

    internal static int NextTypeId() => Interlocked.Increment(ref s_typeCount) - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref WorkItem? Of(int typeId)
    {
        WorkItem?[]? tops = _tops;
        if (tops is null || (uint)typeId >= (uint)tops.Length)
            tops = Grow(typeId);
        return ref tops[typeId];
    }

    private WorkItem?[] Grow(int typeId)
    {
        Array.Resize(ref _tops, Math.Max(16, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)typeId + 1)));
        return _tops;
    }
}
