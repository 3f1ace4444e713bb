using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IoPool.Interop;

namespace IoPool.Drivers.IoUring;

/// <summary>
/// Buffers that the kernel picks from when bytes arrive, so that a connection that waits holds none. They are lent to users
/// and come back by <see cref="Return"/>. Loop's thread only.
/// </summary>
internal sealed unsafe class IoUringBufferRing : LeaseBuffers, IDisposable
{
    internal const ushort Group = 0;

    private readonly LeaseBuffer[] _buffers;
    private readonly byte* _memory;
    private readonly int _mask;
    private readonly int _size;
    private IoUringBuf* _entries;
    private ushort _tail;

    private IoUringBufferRing(EventLoop loop, int count, int size)
        : base(loop)
    {
        _mask = count - 1;
        _size = size;
        // Pinned for good, so that the kernel may write to it; and managed, so that a lease may outlive the ring.
        byte[] memory = GC.AllocateUninitializedArray<byte>(count * size, pinned: true);
        _memory = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(memory));
        _entries = (IoUringBuf*)NativeMemory.AlignedAlloc((nuint)(count * sizeof(IoUringBuf)), (nuint)Environment.SystemPageSize);
        NativeMemory.Clear(_entries, (nuint)(count * sizeof(IoUringBuf)));
        _buffers = new LeaseBuffer[count];
        for (int id = 0; id < count; id++)
            _buffers[id] = new LeaseBuffer(this, id, memory.AsMemory(id * size, size));
    }

    /// <summary>How many the kernel can pick from, as far as is known here: completions that were not run yet took more.</summary>
    internal int FreeCount { get; private set; }

    /// <summary><see langword="null"/> when the kernel does not take it, for want of locked memory for example.</summary>
    internal static IoUringBufferRing? TryCreate(EventLoop loop, IoUringRing ring, int count, int size)
    {
        var buffers = new IoUringBufferRing(loop, count, size);
        if (!ring.TryRegisterBuffers((nint)buffers._entries, count, Group))
        {
            buffers.Dispose();
            return null;
        }

        for (int id = 0; id < count; id++)
            buffers.GiveToKernel(id);
        return buffers;
    }

    /// <summary>A completion says that the kernel took that buffer.</summary>
    internal LeaseBuffer Take(int id)
    {
        FreeCount--;
        return _buffers[id];
    }

    internal override void Return(LeaseBuffer buffer) => GiveToKernel(buffer.Id);

    /// <summary>Only when the kernel uses it no more.</summary>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_entries);
        _entries = null;
    }

    private void GiveToKernel(int id)
    {
        // The driver was disposed while its loop still runs its last lines.
        if (_entries is null)
            return;

        IoUringBuf* entry = _entries + (_tail & _mask);
        entry->addr = (ulong)(_memory + ((long)id * _size));
        entry->len = (uint)_size;
        entry->bid = (ushort)id;
        _tail++;
        FreeCount++;
        // The ring's tail lies in the first entry, where others have nothing.
        Volatile.Write(ref _entries->resv, _tail);
    }
}
