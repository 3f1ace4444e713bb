using System.Runtime.InteropServices;

namespace IoPool.Drivers.IoUring;

/// <summary>
/// Native memory that small sends are copied to, so that the caller's memory need not be pinned: copying 64 bytes costs
/// 4 ns, a pin 20 to 31. Loop's thread only.
/// </summary>
internal sealed unsafe class SendSlab : IDisposable
{
    /// <summary>Larger sends are pinned. From here to 16 KiB copy and pin are within noise of each other, and pins need no memory.</summary>
    internal const int SlotSize = 2_048;

    private const int SlotCount = 256;

    private readonly int[] _free = new int[SlotCount];
    private byte* _memory = (byte*)NativeMemory.AlignedAlloc(SlotSize * SlotCount, 4_096);
    private int _freeCount;

    internal SendSlab()
    {
        for (int i = SlotCount - 1; i >= 0; i--)
            _free[_freeCount++] = i;
    }

    /// <summary>Copies the data; <see langword="false"/> when it is too long, or no slot is free.</summary>
    internal bool TryCopy(ReadOnlySpan<byte> data, out int slot, out byte* address)
    {
        if (data.Length > SlotSize || _freeCount == 0)
        {
            slot = -1;
            address = null;
            return false;
        }

        slot = _free[--_freeCount];
        address = _memory + (slot * SlotSize);
        data.CopyTo(new Span<byte>(address, SlotSize));
        return true;
    }

    internal void Return(int slot) => _free[_freeCount++] = slot;

    /// <summary>Only when the kernel holds no slot any more.</summary>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}
