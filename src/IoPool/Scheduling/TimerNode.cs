namespace IoPool.Scheduling;

/// <summary>What a due timer calls.</summary>
internal interface ITimerTarget
{
    /// <summary>Loop's thread, from dispatch. The node is not scheduled any more and may be scheduled again.</summary>
    void OnTimer(TimerNode node);
}

/// <summary>One timer; a link of a <see cref="TimerWheel"/> while it is scheduled. Reused by its owner.</summary>
internal sealed class TimerNode(ITimerTarget target)
{
    internal ITimerTarget Target { get; } = target;

    /// <summary>Whole milliseconds on the loop's clock.</summary>
    internal long DueMs { get; set; }

    internal bool IsScheduled => List is not null;

    internal TimerNode? Previous { get; set; }

    internal TimerNode? Next { get; set; }

    /// <summary>Where the node is linked.</summary>
    internal TimerList? List { get; set; }
}

/// <summary>A doubly linked list of timers, first in first out.</summary>
internal sealed class TimerList
{
    internal TimerNode? First { get; private set; }

    private TimerNode? Last { get; set; }

    internal void Add(TimerNode node)
    {
        node.List = this;
        node.Previous = Last;
        node.Next = null;
        if (Last is null)
            First = node;
        else
            Last.Next = node;
        Last = node;
    }

    internal void Remove(TimerNode node)
    {
        if (node.Previous is null)
            First = node.Next;
        else
            node.Previous.Next = node.Next;
        if (node.Next is null)
            Last = node.Previous;
        else
            node.Next.Previous = node.Previous;
        node.Previous = node.Next = null;
        node.List = null;
    }
}
