using System.Runtime.InteropServices;

namespace IoPool.Scheduling;

/// <summary>
/// The queue through which other threads hand work to one loop: many producers, one consumer, no lock.
/// </summary>
/// <remarks>
/// Producers push onto a stack with one compare-and-swap; the consumer takes the whole stack with one exchange and
/// turns it round, so that work of one producer runs in the order in which it was posted. Nothing is popped singly,
/// hence no ABA problem. <see cref="Close"/> leaves a sentinel that refuses every later push: an item is either run,
/// or abandoned by the closing loop, or refused, and never lost.
/// <para>
/// What producers touch has cache lines of its own (two, since processors fetch them in pairs): beside what the loop writes
/// with every item, each post would wait for the line to come over from the loop's processor, and each item of the loop for
/// the way back.
/// </para>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 3 * LineBytes)]
internal struct Inbox
{
    private const int LineBytes = 128;

    private static readonly WorkItem s_closed = new ClosedSentinel();

    [FieldOffset(LineBytes)]
    private WorkItem? _top;

    /// <summary>1: the loop waits, or is about to, and has to be woken. See <see cref="EventLoop"/>, where it parks.</summary>
    [FieldOffset(LineBytes + 8)]
    internal int Parked;

    /// <summary>Work that other threads ever started on the loop.</summary>
    [FieldOffset(LineBytes + 16)]
    internal long StartedByOthers;

    internal readonly bool IsEmpty => Volatile.Read(in _top) is null;

    /// <summary>How many items wait, as of a moment ago. Any thread.</summary>
    internal readonly int Depth => Volatile.Read(in _top)?.StackDepth ?? 0;

    /// <summary>Adds an item; <see langword="false"/> when the loop has stopped. Any thread; a full fence on success.</summary>
    internal bool TryPush(WorkItem item)
    {
        WorkItem? top = Volatile.Read(ref _top);
        while (true)
        {
            if (ReferenceEquals(top, s_closed))
                return false;

            item.Next = top;
            item.StackDepth = top is null ? 1 : top.StackDepth + 1;
            WorkItem? seen = Interlocked.CompareExchange(ref _top, item, top);
            if (ReferenceEquals(seen, top))
                return true;

            top = seen;
        }
    }

    /// <summary>Moves everything into the run queue, oldest first. Loop's thread only.</summary>
    internal void DrainTo(ref RunQueue queue)
    {
        if (IsEmpty)
            return;

        AppendOldestFirst(Interlocked.Exchange(ref _top, null), ref queue);
    }

    /// <summary>Refuses every later push and moves what came before into the run queue. Loop's thread only.</summary>
    internal void Close(ref RunQueue queue) => AppendOldestFirst(Interlocked.Exchange(ref _top, s_closed), ref queue);

    private static void AppendOldestFirst(WorkItem? newest, ref RunQueue queue)
    {
        WorkItem? oldest = null;
        while (newest is not null)
        {
            WorkItem? next = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = next;
        }

        while (oldest is not null)
        {
            WorkItem? next = oldest.Next;
            queue.Enqueue(oldest);
            oldest = next;
        }
    }

    private sealed class ClosedSentinel : WorkItem
    {
        internal override void Execute(EventLoop loop) =>
            throw new InvalidOperationException("The sentinel of a closed inbox was run.");
    }
}
