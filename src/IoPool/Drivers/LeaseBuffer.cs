namespace IoPool.Drivers;

/// <summary>A buffer that is lent to users. Managed memory: a lease that outlives its loop stays readable.</summary>
internal sealed class LeaseBuffer(LeaseBuffers owner, int id, Memory<byte> memory)
{
    private int _unreadOffset;

    internal int Id { get; } = id;

    /// <summary>All of it.</summary>
    internal Memory<byte> Memory { get; } = memory;

    /// <summary>What was received and not read yet.</summary>
    internal ReadOnlyMemory<byte> Unread => Memory.Slice(_unreadOffset, UnreadLength);

    internal int UnreadLength { get; private set; }

    /// <summary>Which lending this is: a lease of an earlier one gives nothing back.</summary>
    internal uint Version { get; private set; }

    internal void SetReceived(int length)
    {
        _unreadOffset = 0;
        UnreadLength = length;
    }

    /// <summary>Copies and skips as much as there is, or as fits.</summary>
    internal int Read(Span<byte> target)
    {
        int count = Math.Min(UnreadLength, target.Length);
        Memory.Span.Slice(_unreadOffset, count).CopyTo(target);
        _unreadOffset += count;
        UnreadLength -= count;
        return count;
    }

    internal void Return(uint version)
    {
        if (owner.Loop.IsStopped)
            return;

        owner.Loop.ThrowIfNotCurrent("The lease");
        if (version == Version)
            Return();
    }

    /// <summary>Nobody got to see it.</summary>
    internal void Return()
    {
        Version++;
        UnreadLength = 0;
        owner.Return(this);
    }
}

/// <summary>Where lent buffers come from. Loop's thread only.</summary>
internal abstract class LeaseBuffers(EventLoop loop)
{
    internal EventLoop Loop { get; } = loop;

    internal abstract void Return(LeaseBuffer buffer);
}

/// <summary>Buffers that the loop's own thread receives into, as many as are lent at a time.</summary>
internal sealed class PooledLeaseBuffers(EventLoop loop) : LeaseBuffers(loop)
{
    internal const int BufferSize = 4_096;

    // What a burst had needed beyond that goes to the collector.
    private const int MaxKept = 256;

    private readonly Stack<LeaseBuffer> _free = new();

    internal LeaseBuffer Rent() =>
        _free.TryPop(out LeaseBuffer? buffer) ? buffer : new LeaseBuffer(this, id: 0, new byte[BufferSize]);

    internal override void Return(LeaseBuffer buffer)
    {
        if (_free.Count < MaxKept)
            _free.Push(buffer);
    }
}
