using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using IoPool.Drivers.Linux;
using IoPool.Interop;
using static IoPool.Interop.IoUringConstants;

namespace IoPool.Drivers.IoUring;

/// <summary>Waits and submits with io_uring: one system call a turn for everything that was queued and everything that ended.</summary>
internal sealed unsafe class IoUringDriver : IoDriver
{
    // Small rings: locked memory is limited, and a full submission queue only means an early system call.
    private const uint SubmissionCount = 256;
    private const uint CompletionCount = 1_024;

    // What an entry was for, in the bits of the slot number that no slot reaches.
    private const uint KindShift = 28;
    private const uint SlotMask = (1u << (int)KindShift) - 1;
    private const uint KindReads = 1;
    private const uint KindWrites = 2;
    private const uint KindSend = 3;
    private const ulong WakeData = 0;
    private const ulong IgnoredData = ulong.MaxValue;

    private readonly SlotTable<IoUringHandle> _handles = new();
    private readonly IoUringCqe[] _collected = new IoUringCqe[512];
    private IoUringRing? _ring;
    private SendSlab? _slab;
    private SafeDescriptor? _wake;
    private int _collectedCount;
    private int _sendsInFlight;
    private bool _disposed;

    internal EventLoop Loop { get; private set; } = null!;

    internal override bool HasOperationsInFlight => _sendsInFlight != 0;

    internal override IEnumerable<IHandleOwner> Owners =>
        from handle in _handles.Snapshot() where handle.Owner is not null select handle.Owner;

    /// <summary>Why io_uring cannot be used here; <see langword="null"/> when it can.</summary>
    internal static string? Probe()
    {
        if (!OperatingSystem.IsLinux())
            return "io_uring exists on Linux only";

        try
        {
            IoUringRing.Create(SubmissionCount, CompletionCount).Dispose();
            return null;
        }
        catch (Win32Exception exception)
        {
            return exception.NativeErrorCode switch
            {
                Errno.EPERM or Errno.EACCES =>
                    "the kernel denies io_uring (a seccomp profile, as containers have, or sysctl kernel.io_uring_disabled)",
                Errno.ENOSYS => "the kernel has no io_uring",
                Errno.EINVAL => "the kernel is older than 6.1",
                Errno.ENOMEM => "the limit of locked memory is too low (ulimit -l)",
                _ => exception.Message,
            };
        }
    }

    internal override void Open(EventLoop loop)
    {
        Loop = loop;
        _ring = IoUringRing.Create(SubmissionCount, CompletionCount);
        _slab = new SendSlab();
        int wake = LibC.eventfd(0, EventFdFlags.EFD_CLOEXEC | EventFdFlags.EFD_NONBLOCK);
        _wake = wake >= 0 ? new SafeDescriptor(wake) : throw LinuxErrors.CreateException(Marshal.GetLastSystemError(), "eventfd");
        PollWake();
    }

    internal override void Poll(int timeoutMs)
    {
        _ring!.Enter(timeoutMs);
        _collectedCount = _ring.Collect(_collected);
    }

    internal override void RunCompletions()
    {
        int count = _collectedCount;
        _collectedCount = 0;
        for (int i = 0; i < count; i++)
            Run(_collected[i]);
    }

    internal override void Wake()
    {
        ulong one = 1;
        // The only error there can be is a full counter, and then the loop is being woken.
        LibC.write(_wake!.Value, &one, sizeof(ulong));
    }

    internal override UnattachedSocket OpenListener(EndPoint endPoint, ListenSettings settings) =>
        LinuxHandle.OpenListener(endPoint, settings);

    internal override UnattachedSocket TakeOver(SafeSocketHandle handle) => LinuxHandle.TakeOver(handle);

    internal override IoHandle OpenStream(EndPoint remote) => Register(LinuxSocket.OpenStream(remote, dualMode: true));

    internal override IoHandle Attach(UnattachedSocket socket) => Register(socket.Descriptor, socket.BoundPath);

    internal void PollReads(IoUringHandle handle)
    {
        IoUringSqe* entry = NextPoll(
            handle.Descriptor, ReadinessHandle.ReadEvents | EpollFlags.EPOLLRDBAND, DataOf(handle, KindReads));
        entry->len = IORING_POLL_ADD_MULTI;
    }

    internal void PollWrites(IoUringHandle handle) =>
        NextPoll(handle.Descriptor, EpollFlags.EPOLLOUT, DataOf(handle, KindWrites));

    /// <summary>Queues a send; the kernel goes on until all is sent.</summary>
    internal void Send(IoUringHandle handle, IoUringSend state, ReadOnlyMemory<byte> data)
    {
        if (_slab!.TryCopy(data.Span, out int slot, out byte* address))
        {
            state.SlabSlot = slot;
        }
        else
        {
            state.Pin = data.Pin();
            address = (byte*)state.Pin.Pointer;
        }

        _sendsInFlight++;
        IoUringSqe* entry = _ring!.NextEntry();
        entry->opcode = IORING_OP_SEND;
        entry->fd = handle.Descriptor;
        entry->addr = (ulong)address;
        entry->len = (uint)data.Length;
        entry->op_flags = SocketConstants.MSG_NOSIGNAL | SocketConstants.MSG_WAITALL;
        entry->user_data = DataOf(handle, KindSend);
    }

    /// <summary>Asks the kernel to end a send. Its own completion still comes, and only then is its memory free.</summary>
    internal void CancelSend(IoUringHandle handle) => CancelEntry(DataOf(handle, KindSend));

    internal void ReleaseSend(IoUringSend state)
    {
        _sendsInFlight--;
        if (state.SlabSlot >= 0)
        {
            _slab!.Return(state.SlabSlot);
            state.SlabSlot = -1;
            return;
        }

        state.Pin.Dispose();
        state.Pin = default;
    }

    /// <summary>Forgets a socket that is about to be closed.</summary>
    internal void Release(IoUringHandle handle, bool pollsReads, bool pollsWrites)
    {
        _handles.Remove(handle.Slot);
        if (_disposed)
            return;

        if (pollsReads)
            CancelEntry(DataOf(handle, KindReads));
        if (pollsWrites)
            CancelEntry(DataOf(handle, KindWrites));
    }

    public override void Dispose()
    {
        if (_disposed)
            return;

        foreach (IoUringHandle handle in _handles.Snapshot())
            handle.Close(abort: false);
        _disposed = true;
        _ring?.Dispose();
        // The kernel may still read from the slab when a send could not be ended: it is left to the process then.
        if (_sendsInFlight == 0)
            _slab?.Dispose();
        _wake?.Dispose();
    }

    private static ulong DataOf(IoUringHandle handle, uint kind) =>
        SlotTable<IoUringHandle>.KeyOf(handle.Slot, handle.Generation) | ((ulong)kind << (int)KindShift);

    private void Run(in IoUringCqe completion)
    {
        ulong data = completion.user_data;
        bool more = (completion.flags & IORING_CQE_F_MORE) != 0;
        if (data == WakeData)
        {
            if (!more)
                PollWake();
            return;
        }

        // The slot's generation is checked now: an earlier completion of this batch may have closed the socket, and
        // another may have taken the slot.
        uint kind = (uint)data >> (int)KindShift;
        ulong key = (data & 0xFFFF_FFFF_0000_0000) | ((uint)data & SlotMask);
        if (data == IgnoredData || _handles.Find(key) is not { } handle)
            return;

        if (kind == KindSend)
            handle.OnSent(completion.res);
        else
            handle.OnPolled(kind == KindWrites, completion.res, more);
    }

    /// <summary>Edge-triggered and never read: each write is an edge of its own, and the counter cannot fill up in practice.</summary>
    private void PollWake()
    {
        IoUringSqe* entry = NextPoll(_wake!.Value, EpollFlags.EPOLLIN | EpollFlags.EPOLLET, WakeData);
        entry->len = IORING_POLL_ADD_MULTI;
    }

    private IoUringSqe* NextPoll(int descriptor, uint events, ulong data)
    {
        IoUringSqe* entry = _ring!.NextEntry();
        entry->opcode = IORING_OP_POLL_ADD;
        entry->fd = descriptor;
        entry->op_flags = BitConverter.IsLittleEndian ? events : (events << 16) | (events >> 16);
        entry->user_data = data;
        return entry;
    }

    /// <summary>
    /// Ends an entry whatever its state. (Not IORING_OP_POLL_REMOVE: it fails with EALREADY while an event of the poll is on
    /// its way, and a poll that is left keeps the socket open after its descriptor was closed.)
    /// </summary>
    private void CancelEntry(ulong target)
    {
        IoUringSqe* entry = _ring!.NextEntry();
        entry->opcode = IORING_OP_ASYNC_CANCEL;
        entry->fd = -1;
        entry->addr = target;
        entry->user_data = IgnoredData;
    }

    private IoUringHandle Register(int socket, string? boundPath = null)
    {
        var descriptor = new SafeDescriptor(socket);
        (int slot, uint generation) = _handles.Reserve();
        var handle = new IoUringHandle(this, descriptor, slot, generation) { BoundPath = boundPath };
        _handles.Set(slot, handle);
        return handle;
    }
}
