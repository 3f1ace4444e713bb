using System.Runtime.InteropServices;

namespace IoPool.Interop;

// linux/io_uring.h. The layouts are the same on every 64-bit architecture.

/// <summary><c>struct io_uring_sqe</c></summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct IoUringSqe
{
    [FieldOffset(0)]
    internal byte opcode;

    [FieldOffset(1)]
    internal byte flags;

    [FieldOffset(2)]
    internal ushort ioprio;

    [FieldOffset(4)]
    internal int fd;

    [FieldOffset(8)]
    internal ulong off;

    [FieldOffset(16)]
    internal ulong addr;

    [FieldOffset(24)]
    internal uint len;

    [FieldOffset(28)]
    internal uint op_flags;

    [FieldOffset(32)]
    internal ulong user_data;

    [FieldOffset(40)]
    internal ushort buf_group;
}

/// <summary><c>struct io_uring_cqe</c></summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoUringCqe
{
    internal ulong user_data;
    internal int res;
    internal uint flags;
}

/// <summary><c>struct io_sqring_offsets</c></summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoUringSqOffsets
{
    internal uint head, tail, ring_mask, ring_entries, flags, dropped, array, resv1;
    internal ulong user_addr;
}

/// <summary><c>struct io_cqring_offsets</c></summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoUringCqOffsets
{
    internal uint head, tail, ring_mask, ring_entries, overflow, cqes, flags, resv1;
    internal ulong user_addr;
}

/// <summary><c>struct io_uring_buf</c></summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoUringBuf
{
    internal ulong addr;
    internal uint len;
    internal ushort bid, resv;
}

/// <summary><c>struct io_uring_buf_reg</c></summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoUringBufReg
{
    internal ulong ring_addr;
    internal uint ring_entries;
    internal ushort bgid, flags;
    internal fixed ulong resv[3];
}

/// <summary><c>struct io_uring_params</c></summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoUringParams
{
    internal uint sq_entries, cq_entries, flags, sq_thread_cpu, sq_thread_idle, features, wq_fd, resv0, resv1, resv2;
    internal IoUringSqOffsets sq_off;
    internal IoUringCqOffsets cq_off;
}

/// <summary><c>struct io_uring_probe</c> with room for every operation there can be.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoUringProbe
{
    internal const int Capacity = 256;

    internal byte last_op, ops_len;
    internal ushort resv;
    internal fixed uint resv2[3];

    // struct io_uring_probe_op { u8 op; u8 resv; u16 flags; u32 resv2; }
    internal fixed ulong ops[Capacity];

    internal ushort FlagsOf(int operation) => (ushort)(ops[operation] >> 16);
}

/// <summary><c>struct io_uring_getevents_arg</c></summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoUringGetEventsArg
{
    internal ulong sigmask;
    internal uint sigmask_sz;
    internal uint min_wait_usec;
    internal ulong ts;
}

/// <summary><c>struct __kernel_timespec</c></summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelTimespec
{
    internal long tv_sec;
    internal long tv_nsec;
}

internal static class IoUringConstants
{
    internal const int SYS_io_uring_setup = 425;
    internal const int SYS_io_uring_enter = 426;
    internal const int SYS_io_uring_register = 427;

    internal const uint IORING_SETUP_CQSIZE = 1u << 3;
    internal const uint IORING_SETUP_CLAMP = 1u << 4;
    internal const uint IORING_SETUP_R_DISABLED = 1u << 6;
    internal const uint IORING_SETUP_SUBMIT_ALL = 1u << 7;
    internal const uint IORING_SETUP_SINGLE_ISSUER = 1u << 12;
    internal const uint IORING_SETUP_DEFER_TASKRUN = 1u << 13;

    internal const uint IORING_FEAT_SINGLE_MMAP = 1u << 0;
    internal const uint IORING_FEAT_NODROP = 1u << 1;
    internal const uint IORING_FEAT_EXT_ARG = 1u << 8;

    internal const int IORING_REGISTER_PROBE = 8;
    internal const int IORING_REGISTER_ENABLE_RINGS = 12;
    internal const int IORING_REGISTER_PBUF_RING = 22;

    internal const ushort IO_URING_OP_SUPPORTED = 1;

    internal const uint IORING_ENTER_GETEVENTS = 1u << 0;
    internal const uint IORING_ENTER_EXT_ARG = 1u << 3;

    internal const long IORING_OFF_SQ_RING = 0;
    internal const long IORING_OFF_SQES = 0x10000000;

    internal const byte IORING_OP_FSYNC = 3;
    internal const byte IORING_OP_POLL_ADD = 6;
    internal const byte IORING_OP_ACCEPT = 13;
    internal const byte IORING_OP_ASYNC_CANCEL = 14;
    internal const byte IORING_OP_READ = 22;
    internal const byte IORING_OP_WRITE = 23;
    internal const byte IORING_OP_SEND = 26;
    internal const byte IORING_OP_RECV = 27;

    internal const ushort IORING_RECV_MULTISHOT = 1 << 1;
    internal const byte IOSQE_BUFFER_SELECT = 1 << 5;
    internal const byte IOSQE_CQE_SKIP_SUCCESS = 1 << 6;
    internal const ushort IORING_ACCEPT_MULTISHOT = 1;
    internal const uint IORING_POLL_ADD_MULTI = 1u << 0;
    internal const int IORING_CQE_BUFFER_SHIFT = 16;
    internal const uint IORING_CQE_F_BUFFER = 1u << 0;
    internal const uint IORING_CQE_F_MORE = 1u << 1;

    internal const int PROT_READ = 1;
    internal const int PROT_WRITE = 2;
    internal const int MAP_SHARED = 1;
    internal const int MAP_POPULATE = 0x8000;
}
