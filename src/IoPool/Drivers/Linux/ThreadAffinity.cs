using System.ComponentModel;
using System.Runtime.InteropServices;
using IoPool.Interop;

namespace IoPool.Drivers.Linux;

/// <summary>Binds a loop's thread to one processor.</summary>
internal static unsafe class ThreadAffinity
{
    // 8,192 processors: the most that a Linux kernel can be built for.
    private const int MaskWords = 128;

    /// <summary>Binds the calling thread to the <paramref name="index"/>th processor that it may run on.</summary>
    internal static void BindCurrentThread(int index)
    {
        Span<ulong> allowed = stackalloc ulong[MaskWords];
        allowed.Clear();
        fixed (ulong* mask = allowed)
        {
            Check(LibC.sched_getaffinity(0, (nuint)(MaskWords * sizeof(ulong)), mask), "sched_getaffinity");
        }

        Span<ulong> one = stackalloc ulong[MaskWords];
        one.Clear();
        int processor = FindSet(allowed, index);
        one[processor / 64] = 1UL << (processor % 64);
        fixed (ulong* mask = one)
        {
            Check(LibC.sched_setaffinity(0, (nuint)(MaskWords * sizeof(ulong)), mask), "sched_setaffinity");
        }
    }

    private static int FindSet(ReadOnlySpan<ulong> mask, int index)
    {
        for (int processor = 0; processor < mask.Length * 64; processor++)
        {
            if ((mask[processor / 64] & (1UL << (processor % 64))) != 0 && index-- == 0)
                return processor;
        }

        throw new ArgumentException(
            "EventLoopGroupOptions.Affinity asks for one processor a loop, and there are more loops than processors.",
            nameof(EventLoopGroupOptions.Affinity));
    }

    private static void Check(int result, string call)
    {
        if (result < 0)
            throw new Win32Exception(Marshal.GetLastSystemError(), $"{call} failed.");
    }
}
