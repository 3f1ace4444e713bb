using System.Runtime.InteropServices;

namespace IoPool.Scheduling;

/// <summary>An item that goes back, after it ran on some loop, to the cache of the thread that created it.</summary>
internal interface ICachedItem<TSelf>
    where TSelf : WorkItem, ICachedItem<TSelf>
{
    static abstract TSelf Create(ThreadItemCache<TSelf> home);
}

/// <summary>Where items go home to.</summary>
internal abstract class ItemCache
{
    // Beyond this many a burst leaves its items to the collector.
    protected const int MaxItems = 16_384;

    private ReturnedItems _returned;

    /// <summary>Takes a chain of items back. Any thread.</summary>
    internal void Return(WorkItem first, WorkItem last, int count)
    {
        WorkItem? top = Volatile.Read(ref _returned.Top);
        while (top is null || top.StackDepth < MaxItems)
        {
            last.Next = top;
            first.StackDepth = top is null ? count : top.StackDepth + count;
            WorkItem? seen = Interlocked.CompareExchange(ref _returned.Top, first, top);
            if (ReferenceEquals(seen, top))
                return;

            top = seen;
        }
    }

    protected WorkItem? TakeReturned() => Interlocked.Exchange(ref _returned.Top, null);
}

/// <summary>
/// One thread's reusable work items of one kind. The thread that posts owns the cache; loops give items back over a
/// stack that only the owner empties, and always as a whole, hence no ABA problem.
/// </summary>
internal sealed class ThreadItemCache<TItem> : ItemCache
    where TItem : WorkItem, ICachedItem<TItem>
{
    [ThreadStatic]
    private static ThreadItemCache<TItem>? t_ofThisThread;

    private WorkItem? _own;

    internal static TItem Take() => (t_ofThisThread ??= new ThreadItemCache<TItem>()).TakeOwn();

    /// <summary>Takes the item back. The loop's thread that ran it, or the owner when nothing ran.</summary>
    internal void Return(TItem item)
    {
        if (ReferenceEquals(this, t_ofThisThread))
            ReturnToOwn(item);
        else if (EventLoop.Current is { } loop)
            loop.Homeward.Add(this, item);
        else
            Return(item, item, count: 1);
    }

    private TItem TakeOwn()
    {
        WorkItem? item = _own ?? TakeReturned();
        if (item is null)
            return TItem.Create(this);

        _own = item.Next;
        item.Next = null;
        return (TItem)item;
    }

    private void ReturnToOwn(TItem item)
    {
        int depth = _own is null ? 1 : _own.StackDepth + 1;
        if (depth > MaxItems)
            return;

        item.Next = _own;
        item.StackDepth = depth;
        _own = item;
    }
}

/// <summary>
/// Items that ran on a loop and are on their way home: gathered while they are of one home, so that one exchange with the other
/// processor gives many back. Loop's thread only.
/// </summary>
internal struct HomewardItems
{
    private const int MaxGathered = 64;

    private ItemCache? _home;
    private WorkItem? _first;
    private WorkItem? _last;
    private int _count;

    internal void Add(ItemCache home, WorkItem item)
    {
        if (!ReferenceEquals(home, _home) || _count == MaxGathered)
        {
            Send();
            _home = home;
            _last = item;
        }

        item.Next = _first;
        _first = item;
        _count++;
    }

    /// <summary>Gives them back. Once a turn, so that none is kept from its owner for long.</summary>
    internal void Send()
    {
        if (_home is not { } home)
            return;

        home.Return(_first!, _last!, _count);
        this = default;
    }
}

/// <summary>
/// What loops give back, on cache lines of its own: the owner writes its part of the cache with every item that it takes.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 3 * LineBytes)]
internal struct ReturnedItems
{
    private const int LineBytes = 128;

    [FieldOffset(LineBytes)]
    internal WorkItem? Top;
}
