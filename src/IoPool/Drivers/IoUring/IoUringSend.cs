using System.Buffers;

namespace IoPool.Drivers.IoUring;

/// <summary>Where the bytes of a send entry are while the kernel reads them: a slot of the slab, or the caller's own memory.</summary>
internal sealed class IoUringSend
{
    /// <summary>-1 when the caller's memory is pinned instead.</summary>
    internal int SlabSlot { get; set; } = -1;

    internal MemoryHandle Pin { get; set; }
}
