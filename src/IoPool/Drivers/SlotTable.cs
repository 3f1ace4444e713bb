namespace IoPool.Drivers;

/// <summary>
/// Gives handles small numbers that fit into what the kernel hands back with an event. A slot is reused; its generation,
/// part of the key, tells a late event of the former owner from one of the present owner.
/// </summary>
internal sealed class SlotTable<T>
    where T : class
{
    private Entry[] _entries = new Entry[64];
    private int _firstFree;

    /// <summary>Creates an empty table. Slot 0 is never given away, so that key 0 is free for other uses.</summary>
    internal SlotTable() => Link(from: 1);

    /// <summary>How many slots are taken.</summary>
    internal int Count { get; private set; }

    internal static ulong KeyOf(int slot, uint generation) => ((ulong)generation << 32) | (uint)slot;

    /// <summary>The owner of a key, or <see langword="null"/> when the slot is free or somebody else's by now.</summary>
    internal T? Find(ulong key)
    {
        ref Entry entry = ref _entries[(int)(uint)key];
        return entry.Generation == (uint)(key >> 32) ? entry.Value : null;
    }

    internal (int Slot, uint Generation) Reserve()
    {
        if (_firstFree == 0)
            Grow();

        int slot = _firstFree;
        ref Entry entry = ref _entries[slot];
        _firstFree = entry.NextFree;
        entry.Generation++;
        Count++;
        return (slot, entry.Generation);
    }

    internal void Set(int slot, T value) => _entries[slot].Value = value;

    internal void Remove(int slot)
    {
        ref Entry entry = ref _entries[slot];
        entry.Value = null;
        entry.NextFree = _firstFree;
        _firstFree = slot;
        Count--;
    }

    /// <summary>The owners of this moment; the table may change while the caller walks through them.</summary>
    internal T[] Snapshot()
    {
        var values = new List<T>(Count);
        foreach (Entry entry in _entries)
        {
            if (entry.Value is { } value)
                values.Add(value);
        }

        return [.. values];
    }

    private void Grow()
    {
        int from = _entries.Length;
        Array.Resize(ref _entries, from * 2);
        Link(from);
    }

    private void Link(int from)
    {
        for (int i = _entries.Length - 1; i >= from; i--)
        {
            _entries[i].NextFree = _firstFree;
            _firstFree = i;
        }
    }

    private struct Entry
    {
        internal T? Value;
        internal uint Generation;
        internal int NextFree;
    }
}
