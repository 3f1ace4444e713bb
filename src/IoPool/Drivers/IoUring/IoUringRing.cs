using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IoPool.Drivers.Linux;
using IoPool.Interop;
using static IoPool.Interop.IoUringConstants;

namespace IoPool.Drivers.IoUring;

/// <summary>
/// One io_uring: its two mapped queues and the system call that moves them. Created and used on one thread only, which the
/// kernel enforces (single issuer) and rewards (deferred task running).
/// </summary>
internal sealed unsafe class IoUringRing : IDisposable
{
    private readonly SafeDescriptor _descriptor;
    private readonly byte* _rings;
    private readonly nuint _ringsLength;
    private readonly IoUringSqe* _entries;
    private readonly nuint _entriesLength;
    private readonly uint* _submissionHead;
    private readonly uint* _submissionTail;
    private readonly uint* _completionHead;
    private readonly uint* _completionTail;
    private readonly IoUringCqe* _completions;
    private readonly uint _submissionMask;
    private readonly uint _submissionCount;
    private readonly uint _completionMask;
    private readonly KernelTimespec* _timeout;
    private readonly IoUringGetEventsArg* _waitArgument;
    private uint _tail;
    private bool _disposed;

    /// <summary>Gets a ring from the kernel. Any thread; the one that then calls <see cref="Enable"/> is its only user.</summary>
    /// <exception cref="DriverUnavailableException">The kernel denies io_uring, or has too old a one.</exception>
    internal IoUringRing(IoUringSizes sizes)
    {
        _descriptor = IoUringSetup.Create(sizes, out IoUringParams parameters);
        try
        {
            IoUringSqOffsets sq = parameters.sq_off;
            IoUringCqOffsets cq = parameters.cq_off;
            _ringsLength = Math.Max(
                sq.array + (parameters.sq_entries * sizeof(uint)), cq.cqes + (parameters.cq_entries * (nuint)sizeof(IoUringCqe)));
            _entriesLength = parameters.sq_entries * (nuint)sizeof(IoUringSqe);
            _rings = Map(_ringsLength, IORING_OFF_SQ_RING);
            _entries = (IoUringSqe*)Map(_entriesLength, IORING_OFF_SQES);

            _submissionHead = At(sq.head);
            _submissionTail = At(sq.tail);
            _submissionMask = *At(sq.ring_mask);
            _submissionCount = parameters.sq_entries;
            _completionHead = At(cq.head);
            _completionTail = At(cq.tail);
            _completionMask = *At(cq.ring_mask);
            _completions = (IoUringCqe*)At(cq.cqes);
            if (_submissionMask != parameters.sq_entries - 1 || _completionMask != parameters.cq_entries - 1)
                throw new InvalidOperationException("io_uring_setup returned rings whose masks do not fit their sizes.");

            // Slot n of the queue is always entry n.
            uint* indirection = At(sq.array);
            for (uint i = 0; i < parameters.sq_entries; i++)
                indirection[i] = i;
            _tail = *_submissionTail;
            _timeout = (KernelTimespec*)NativeMemory.AllocZeroed((nuint)(sizeof(KernelTimespec) + sizeof(IoUringGetEventsArg)));
            _waitArgument = (IoUringGetEventsArg*)(_timeout + 1);
            _waitArgument->ts = (ulong)_timeout;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Makes the ring the calling thread's.</summary>
    internal void Enable() => IoUringSetup.Enable(_descriptor);

    /// <summary>
    /// The next submission entry, cleared. It goes to the kernel with the next <see cref="Enter(int)"/>, or at once when the
    /// queue is full.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal IoUringSqe* NextEntry()
    {
        if (_tail - Volatile.Read(ref *_submissionHead) >= _submissionCount)
            Flush();
        IoUringSqe* entry = _entries + (_tail++ & _submissionMask);
        *entry = default;
        return entry;
    }

    /// <summary>Submits what is queued and waits for a completion: -1 for ever, 0 not at all, else milliseconds.</summary>
    internal void Enter(int timeoutMs)
    {
        uint flags = IORING_ENTER_GETEVENTS;
        nint argument = 0, argumentSize = 0;
        if (timeoutMs > 0)
        {
            _timeout->tv_sec = timeoutMs / 1000;
            _timeout->tv_nsec = timeoutMs % 1000 * 1_000_000L;
            flags |= IORING_ENTER_EXT_ARG;
            argument = (nint)_waitArgument;
            argumentSize = sizeof(IoUringGetEventsArg);
        }

        Enter(timeoutMs == 0 || HasCompletions ? 0u : 1u, flags, argument, argumentSize);
    }

    /// <summary>Gives the kernel a ring of receive buffers; <see langword="false"/> when it refuses.</summary>
    internal bool TryRegisterBuffers(nint entries, int count, ushort group)
    {
        var registration = new IoUringBufReg { ring_addr = (ulong)entries, ring_entries = (uint)count, bgid = group };
        return LibC.syscall(
            SYS_io_uring_register, _descriptor.Value, IORING_REGISTER_PBUF_RING, (nint)(&registration), 1, 0, 0) == 0;
    }

    private bool HasCompletions => *_completionHead != Volatile.Read(ref *_completionTail);

    /// <summary>Moves completions out of the queue, so that what runs them may submit and wait again.</summary>
    internal int Collect(Span<IoUringCqe> target)
    {
        int count = 0;
        uint head = *_completionHead;
        uint available = Volatile.Read(ref *_completionTail) - head;
        for (; available != 0 && count < target.Length; available--)
            target[count++] = _completions[head++ & _completionMask];
        Volatile.Write(ref *_completionHead, head);
        return count;
    }

    public void Dispose()
    {
        if (_disposed)
            return;

        _disposed = true;
        if (_entries is not null)
            LibC.munmap(_entries, _entriesLength);
        if (_rings is not null)
            LibC.munmap(_rings, _ringsLength);
        _descriptor.Dispose();
        NativeMemory.Free(_timeout);
    }

    /// <summary>
    /// Makes room in the submission queue. Completions do not stand in the way: those that find no room in their queue are kept
    /// by the kernel. Only for want of memory it takes an entry at the second try.
    /// </summary>
    private void Flush()
    {
        do
        {
            Enter(0, 0, 0, 0);
        }
        while (_tail - Volatile.Read(ref *_submissionHead) >= _submissionCount);
    }

    private void Enter(uint waitFor, uint flags, nint argument, nint argumentSize)
    {
        Volatile.Write(ref *_submissionTail, _tail);
        uint toSubmit = _tail - Volatile.Read(ref *_submissionHead);
        nint result = LibC.syscall(
            SYS_io_uring_enter, _descriptor.Value, (nint)toSubmit, (nint)waitFor, (nint)flags, argument, argumentSize);
        if (result >= 0)
            return;

        int errno = Marshal.GetLastSystemError();
        // ETIME: the wait is over. EINTR: a signal. EAGAIN, EBUSY: the kernel wants completions to be collected first;
        // what was not submitted stays queued.
        if (errno is not (Errno.ETIME or Errno.EINTR or Errno.EAGAIN or Errno.EBUSY))
            throw LinuxErrors.CreateException(errno, "io_uring_enter");
    }

    /// <summary>A field of the rings; what the kernel said must lie within what it mapped.</summary>
    private uint* At(uint offset) => offset <= _ringsLength - sizeof(uint) && offset % sizeof(uint) == 0
        ? (uint*)(_rings + offset)
        : throw new InvalidOperationException($"io_uring_setup returned an offset outside its rings: {offset}.");

    private byte* Map(nuint length, long offset)
    {
        void* address = LibC.mmap(
            null, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, _descriptor.Value, offset);
        return (nint)address != -1 ? (byte*)address : throw LinuxErrors.CreateException(Marshal.GetLastSystemError(), "mmap");
    }
}
