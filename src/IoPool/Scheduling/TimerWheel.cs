using System.Numerics;

namespace IoPool.Scheduling;

/// <summary>
/// A hierarchical timing wheel (Varghese and Lauck; the shape is tokio's): six levels of 64 slots, the slots of a level 64
/// times as wide as those of the level below, the lowest one millisecond. Setting and cancelling is a few instructions
/// whatever the number of timers, and allocates nothing. Loop's thread only.
/// </summary>
/// <remarks>
/// A timer sits at the level where its due time first differs from the present time. When time reaches a slot of a
/// higher level, its timers move down; those of the lowest level have expired. Expired timers are collected first and taken
/// one by one afterwards, so that what a timer runs may set and cancel any other, an expired one included.
/// </remarks>
internal sealed class TimerWheel
{
    private const int LevelCount = 6;
    private const int BitsPerLevel = 6;
    private const int SlotsPerLevel = 1 << BitsPerLevel;
    private const int SlotMask = SlotsPerLevel - 1;
    private const long Range = 1L << (LevelCount * BitsPerLevel);

    private readonly TimerList?[] _slots = new TimerList?[LevelCount * SlotsPerLevel];
    private readonly ulong[] _occupied = new ulong[LevelCount];
    private readonly TimerList _expired = new();
    private long _nowMs;

    internal TimerWheel(long nowMs) => _nowMs = nowMs;

    /// <summary>Timers that are scheduled, expired ones that were not taken yet included.</summary>
    internal int Count { get; private set; }

    /// <summary>
    /// When <see cref="Advance"/> has something to do next: never later than the earliest timer, perhaps earlier (timers
    /// then only move down a level). <see cref="long.MaxValue"/> when there is no timer.
    /// </summary>
    internal long NextDueMs
    {
        get
        {
            if (_expired.First is not null)
                return _nowMs;

            return TryFindNext(out _, out _, out long atMs) ? atMs : long.MaxValue;
        }
    }

    /// <summary>Sets a timer, or moves one that is set. What is due already expires at the next <see cref="Advance"/>.</summary>
    internal void Schedule(TimerNode node, long dueMs)
    {
        if (node.IsScheduled)
            Cancel(node);

        node.DueMs = dueMs;
        Count++;
        Insert(node);
    }

    /// <summary><see langword="false"/> when the timer was not set, or has been taken.</summary>
    internal bool Cancel(TimerNode node)
    {
        if (node.List is not { } list)
            return false;

        list.Remove(node);
        Count--;
        // The slot's occupancy bit stays: an empty slot costs one look when its time comes.
        return true;
    }

    /// <summary>Moves time forward and collects what is due, in the order of due times. Backwards is ignored.</summary>
    internal void Advance(long nowMs)
    {
        while (TryFindNext(out int level, out int slot, out long atMs) && atMs <= nowMs)
        {
            _nowMs = Math.Max(_nowMs, atMs);
            Empty(level, slot);
        }

        _nowMs = Math.Max(_nowMs, nowMs);
    }

    /// <summary>Collects every timer, whenever it is due.</summary>
    internal void ExpireAll()
    {
        foreach (TimerList? list in _slots)
        {
            while (list?.First is { } node)
            {
                list.Remove(node);
                _expired.Add(node);
            }
        }

        Array.Clear(_occupied);
    }

    /// <summary>The next collected timer, which is not scheduled any more then.</summary>
    internal TimerNode? TakeExpired()
    {
        if (_expired.First is not { } node)
            return null;

        _expired.Remove(node);
        Count--;
        return node;
    }

    private void Insert(TimerNode node)
    {
        if (node.DueMs <= _nowMs)
        {
            _expired.Add(node);
            return;
        }

        // Beyond the wheel's range (over two years): as far away as there is a slot, and again from there.
        long atMs = node.DueMs - _nowMs < Range ? node.DueMs : _nowMs + Range - 1;
        // A time near by may differ in a bit above the top level; it belongs to the top level's next round then.
        int level = Math.Min(LevelOf(atMs), LevelCount - 1);
        int slot = (int)(atMs >> (level * BitsPerLevel)) & SlotMask;
        (_slots[(level * SlotsPerLevel) + slot] ??= new TimerList()).Add(node);
        _occupied[level] |= 1UL << slot;
    }

    private int LevelOf(long dueMs) => BitOperations.Log2((ulong)(dueMs ^ _nowMs) | SlotMask) / BitsPerLevel;

    private void Empty(int level, int slot)
    {
        _occupied[level] &= ~(1UL << slot);
        TimerList list = _slots[(level * SlotsPerLevel) + slot]!;
        // Nothing comes back to this very list: what is not due yet differs from the present time at a lower level now,
        // or, beyond the range, goes to another slot.
        while (list.First is { } node)
        {
            list.Remove(node);
            Insert(node);
        }
    }

    /// <summary>The first occupied slot in time. A lower level always comes before a higher one.</summary>
    private bool TryFindNext(out int level, out int slot, out long atMs)
    {
        for (level = 0; level < LevelCount; level++)
        {
            if (_occupied[level] == 0)
                continue;

            int shift = level * BitsPerLevel;
            int current = (int)(_nowMs >> shift) & SlotMask;
            // The present slot comes last: its timers of this round have moved down, so what it holds is a round away.
            int first = (current + 1) & SlotMask;
            slot = (first + BitOperations.TrailingZeroCount(BitOperations.RotateRight(_occupied[level], first))) & SlotMask;
            long round = _nowMs >> (shift + BitsPerLevel) << (shift + BitsPerLevel);
            atMs = round + ((long)slot << shift);
            if (slot <= current)
                atMs += 1L << (shift + BitsPerLevel);
            return true;
        }

        slot = 0;
        atMs = 0;
        return false;
    }
}
