namespace IoPool.Scheduling;

/// <summary>The first-in first-out queue of one loop; only the loop's thread touches it.</summary>
internal struct RunQueue
{
    private WorkItem? _head;
    private WorkItem? _tail;
    private int _count;

    internal readonly bool IsEmpty => _head is null;

    /// <summary>How many items wait. Other threads may read it and get a recent value.</summary>
    internal readonly int Count => _count;

    internal void Enqueue(WorkItem item)
    {
        item.Next = null;
        if (_tail is null)
        {
            _head = item;
        }
        else
        {
            _tail.Next = item;
        }

        _tail = item;
        _count++;
    }

    /// <summary>Takes over everything that waits in another queue, after what waits here.</summary>
    internal void TakeAll(ref RunQueue other)
    {
        if (other._head is null)
            return;

        if (_tail is null)
            _head = other._head;
        else
            _tail.Next = other._head;
        _tail = other._tail;
        _count += other._count;
        other = default;
    }

    internal WorkItem? Dequeue()
    {
        WorkItem? item = _head;
        if (item is not null)
        {
            _head = item.Next;
            if (_head is null)
            {
                _tail = null;
            }

            item.Next = null;
            _count--;
        }

        return item;
    }
}
