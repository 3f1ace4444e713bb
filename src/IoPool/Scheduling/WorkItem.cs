namespace IoPool.Scheduling;

/// <summary>
/// Something that one loop runs once. The queue links are part of the object, so that neither the run queue nor the
/// inbox allocates; an item is therefore in at most one queue at a time.
/// </summary>
internal abstract class WorkItem
{
    /// <summary>The next item of the queue, inbox or pool that holds this one.</summary>
    internal WorkItem? Next;

    /// <summary>How many items stand below and including this one in an inbox or a pool: a count that costs nothing to keep.</summary>
    internal int StackDepth;

    /// <summary>Runs the item on the thread of <paramref name="loop"/>. Exceptions of user code never leave it.</summary>
    internal abstract void Execute(EventLoop loop);

    /// <summary>
    /// The loop stopped before the item could run: nobody will touch it again. Called once, by the stopping loop, or by the
    /// thread whose post it refused. Runs no user code.
    /// </summary>
    internal virtual void Abandon(EventLoop loop)
    {
    }
}
