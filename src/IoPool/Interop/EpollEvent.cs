using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IoPool.Interop;

/// <summary>
/// The kernel's <c>struct epoll_event</c>, whose layout depends on the architecture: 12 bytes, packed, on x64, and 16 bytes
/// elsewhere. Hence it is reached by offset, in memory of <see cref="Size"/> bytes an entry.
/// </summary>
internal static unsafe class EpollEvent
{
    internal const int MaxSize = 16;

    internal static readonly int Size = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    internal static void Write(byte* entry, uint events, ulong data)
    {
        *(uint*)entry = events;
        Unsafe.WriteUnaligned(entry + Size - sizeof(ulong), data);
    }

    internal static uint Events(byte* entry) => *(uint*)entry;

    internal static ulong Data(byte* entry) => Unsafe.ReadUnaligned<ulong>(entry + Size - sizeof(ulong));
}
