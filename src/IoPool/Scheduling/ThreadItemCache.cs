namespace IoPool.Scheduling;

/// <summary>An item that goes back, after it ran on some loop, to the cache of the thread that created it.</summary>
internal interface ICachedItem<TSelf>
    where TSelf : WorkItem, ICachedItem<TSelf>
{
    static abstract TSelf Create(ThreadItemCache<TSelf> home);
}

/// <summary>
/// One thread's reusable work items of one kind. The thread that posts owns the cache; loops give items back over a
/// stack that only the owner empties, and always as a whole, hence no ABA problem and one cache line per producer.
/// </summary>
internal sealed class ThreadItemCache<TItem>
    where TItem : WorkItem, ICachedItem<TItem>
{
    // Beyond this many a burst leaves its items to the collector.
    private const int MaxItems = 4096;

    [ThreadStatic]
    private static ThreadItemCache<TItem>? t_ofThisThread;

    private WorkItem? _own;
    private WorkItem? _returned;

    internal static TItem Take() => (t_ofThisThread ??= new ThreadItemCache<TItem>()).TakeOwn();

    /// <summary>Takes the item back. The loop's thread that ran it, or the owner when nothing ran.</summary>
    internal void Return(TItem item)
    {
        if (ReferenceEquals(this, t_ofThisThread))
        {
            ReturnToOwn(item);
            return;
        }

        WorkItem? top = Volatile.Read(ref _returned);
        while (top is null || top.StackDepth < MaxItems)
        {
            item.Next = top;
            item.StackDepth = top is null ? 1 : top.StackDepth + 1;
            WorkItem? seen = Interlocked.CompareExchange(ref _returned, item, top);
            if (ReferenceEquals(seen, top))
                return;

            top = seen;
        }
    }

    private TItem TakeOwn()
    {
        WorkItem? item = _own ?? Interlocked.Exchange(ref _returned, null);
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
