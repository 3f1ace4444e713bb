using System.Runtime.InteropServices;

namespace IoPool.Interop;

/// <summary><c>struct iovec</c></summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVec
{
    internal void* Base;
    internal nuint Length;
}

/// <summary><c>struct msghdr</c>, in the layout of 64-bit systems.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MsgHdr
{
    internal void* Name;
    internal uint NameLength;
    internal IoVec* Vectors;
    internal nuint VectorCount;
    internal void* Control;
    internal nuint ControlLength;
    internal int Flags;
}

/// <summary><c>struct mmsghdr</c></summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MMsgHdr
{
    internal MsgHdr Header;
    internal uint Length;
}

/// <summary><c>struct linger</c></summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LingerValue
{
    internal int OnOff;
    internal int Seconds;
}
