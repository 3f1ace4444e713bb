using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using IoPool.Drivers.Linux;
using IoPool.Interop;
using IoPool.Net;
using static IoPool.Interop.IoUringConstants;

namespace IoPool.Drivers.IoUring;

/// <summary>Waits and submits with io_uring: one system call a turn for everything that was queued and everything that ended.</summary>
internal sealed unsafe partial class IoUringDriver : IoDriver
{
    // What an entry was for, in the bits of the slot number that no slot reaches.
    private const uint KindShift = 28;
    private const uint SlotMask = (1u << (int)KindShift) - 1;
    private const uint KindReads = 1;
    private const uint KindWrites = 2;
    private const uint KindSend = 3;
    private const uint KindAccept = 4;
    private const uint KindReceive = 5;
    private const uint KindFile = 6;
    private const ulong WakeData = 0;
    private const ulong IgnoredData = ulong.MaxValue;

    // Drivers whose memory the kernel may still use, as the log of the stopping loop has said: left to the process.
    private static readonly ConcurrentBag<IoUringDriver> s_left = [];

    private readonly SlotTable<IoUringHandle> _handles = new();
    private readonly IoUringCqe[] _collected = new IoUringCqe[512];
    private readonly IoUringRing _ring;
    private SendSlab? _slab;
    private WakeEvent? _wake;
    private int _collectedCount;
    private readonly IoUringSizes _sizes;
    private IoUringBufferRing? _bufferRing;
    private bool _bufferRingTried;
    private int _sendsInFlight;
    // Entries that stay and leave something behind: descriptors, or bytes in memory of ours.
    private int _multishotsInFlight;
    private bool _disposed;

    /// <summary>Gets the ring. Any thread.</summary>
    /// <exception cref="DriverUnavailableException">The kernel denies io_uring, or has too old a one.</exception>
    internal IoUringDriver(IoUringSizes sizes)
    {
        _sizes = sizes;
        _ring = new IoUringRing(sizes);
    }

    internal EventLoop Loop { get; private set; } = null!;

    internal override bool HasOperationsInFlight => _sendsInFlight != 0 || _multishotsInFlight != 0 || _fileOperations.Count != 0;

    internal override bool AcceptedSocketsInheritOptions => true;

    internal override IEnumerable<IHandleOwner> Owners =>
        from handle in _handles.Snapshot() where handle.Owner is not null select handle.Owner;

    internal override void Open(EventLoop loop)
    {
        Loop = loop;
        _ring.Enable();
        _slab = new SendSlab();
        _wake = new WakeEvent();
        PollWake();
    }

    internal override void Poll(int timeoutMs)
    {
        _ring.Enter(timeoutMs);
        _collectedCount = _ring.Collect(_collected);
    }

    internal override void RunCompletions()
    {
        int count = _collectedCount;
        _collectedCount = 0;
        for (int i = 0; i < count; i++)
            Run(_collected[i]);
    }

    internal override void Wake() => _wake!.Signal();

    internal override UnattachedSocket OpenListener(EndPoint endPoint, ListenSettings settings) =>
        LinuxHandle.OpenListener(endPoint, settings);

    internal override UnattachedSocket TakeOver(SafeSocketHandle handle) => LinuxHandle.TakeOver(handle);

    internal override IoHandle OpenStream(EndPoint remote) => Register(LinuxSocket.OpenStream(remote, dualMode: true));

    internal override IoHandle OpenDatagram(IPEndPoint local, DatagramSocketOptions options) =>
        Register(LinuxSocket.OpenDatagram(local, options));

    internal override IoHandle Attach(UnattachedSocket socket) => Register(socket.Descriptor, socket.BoundPath);

    internal void PollReads(IoUringHandle handle)
    {
        IoUringSqe* entry = NextPoll(
            handle.Descriptor, ReadinessHandle.ReadEvents | EpollFlags.EPOLLRDBAND, DataOf(handle, KindReads));
        entry->len = IORING_POLL_ADD_MULTI;
    }

    internal void CancelPollReads(IoUringHandle handle) => CancelEntry(DataOf(handle, KindReads));

    internal void PollWrites(IoUringHandle handle) =>
        NextPoll(handle.Descriptor, EpollFlags.EPOLLOUT, DataOf(handle, KindWrites));

    /// <summary>Accepts connections until it is cancelled, or fails.</summary>
    internal void Accept(IoUringHandle handle)
    {
        _multishotsInFlight++;
        IoUringSqe* entry = _ring.NextEntry();
        entry->opcode = IORING_OP_ACCEPT;
        entry->ioprio = IORING_ACCEPT_MULTISHOT;
        entry->fd = handle.Descriptor;
        entry->op_flags = SocketConstants.SOCK_NONBLOCK | SocketConstants.SOCK_CLOEXEC;
        entry->user_data = DataOf(handle, KindAccept);
    }

    internal void CancelAccept(IoUringHandle handle) => CancelEntry(DataOf(handle, KindAccept));

    /// <summary>
    /// Receives into buffers of the ring until it is cancelled, ends, fails or finds no buffer. The kernel writes to memory of
    /// ours until its last completion.
    /// </summary>
    internal void Receive(IoUringHandle handle)
    {
        _multishotsInFlight++;
        IoUringSqe* entry = _ring.NextEntry();
        entry->opcode = IORING_OP_RECV;
        entry->ioprio = IORING_RECV_MULTISHOT;
        entry->flags = IOSQE_BUFFER_SELECT;
        entry->buf_group = IoUringBufferRing.Group;
        entry->fd = handle.Descriptor;
        entry->user_data = DataOf(handle, KindReceive);
    }

    internal void CancelReceive(IoUringHandle handle) => CancelEntry(DataOf(handle, KindReceive));

    /// <summary>The loop's ring of buffers, from the first lease on; <see langword="null"/> when the kernel takes none.</summary>
    internal IoUringBufferRing? GetBufferRing()
    {
        if (!_bufferRingTried)
        {
            _bufferRingTried = true;
            _bufferRing = IoUringBufferRing.TryCreate(Loop, _ring, _sizes.Buffers, _sizes.BufferSize);
        }

        return _bufferRing;
    }

    /// <summary>Queues a send; the kernel goes on until all is sent.</summary>
    /// <remarks>
    /// Measured in requests per CPU-second at 64 connections: entries against send(2) 3 to 5 % better with 64 bytes and 8 %
    /// with 16 KiB, since one system call takes all of a turn; MSG_WAITALL against going on here within noise, and one
    /// completion instead of several where a message is larger than the socket's buffer.
    /// </remarks>
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
        IoUringSqe* entry = _ring.NextEntry();
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
    internal void Release(IoUringHandle handle, bool pollsReads, bool pollsWrites, bool accepts, bool receives)
    {
        _handles.Remove(handle.Slot);
        if (_disposed)
            return;

        if (pollsReads)
            CancelEntry(DataOf(handle, KindReads));
        if (pollsWrites)
            CancelEntry(DataOf(handle, KindWrites));
        if (accepts)
            CancelEntry(DataOf(handle, KindAccept));
        if (receives)
            CancelEntry(DataOf(handle, KindReceive));
    }

    public override void Dispose()
    {
        if (_disposed)
            return;

        foreach (IoUringHandle handle in _handles.Snapshot())
            handle.Close(abort: false);
        _disposed = true;
        _ring.Dispose();
        _wake?.Dispose();
        if (HasOperationsInFlight)
        {
            // The kernel ends them some time after the ring was closed, and until then it reads and writes this memory.
            s_left.Add(this);
            return;
        }

        _slab?.Dispose();
        _bufferRing?.Dispose();
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
        if (data == IgnoredData)
            return;

        if (kind == KindFile)
        {
            RunFile(key, completion.res);
            return;
        }

        if (kind is KindReceive or KindAccept && !more)
            _multishotsInFlight--;
        if (_handles.Find(key) is not { } handle)
        {
            DropLate(kind, completion);
            return;
        }

        switch (kind)
        {
            case KindReads:
                handle.OnReadable(completion.res, more);
                break;
            case KindWrites:
                handle.OnWritable(completion.res);
                break;
            case KindSend:
                handle.OnSent(completion.res);
                break;
            case KindAccept:
                handle.OnAccepted(completion.res, more);
                break;
            case KindReceive:
                handle.OnReceived(completion.res, completion.flags);
                break;
        }
    }

    /// <summary>What the kernel had done already when the socket was closed.</summary>
    private void DropLate(uint kind, in IoUringCqe completion)
    {
        if (kind == KindAccept && completion.res >= 0)
            LinuxSocket.CloseAbortively(completion.res);
        else if (kind == KindReceive && (completion.flags & IORING_CQE_F_BUFFER) != 0)
            _bufferRing!.Take((int)(completion.flags >> IORING_CQE_BUFFER_SHIFT)).Return();
    }

    /// <summary>Edge-triggered and never read: each write is an edge of its own, and the counter cannot fill up in practice.</summary>
    private void PollWake()
    {
        IoUringSqe* entry = NextPoll(_wake!.Descriptor, EpollFlags.EPOLLIN | EpollFlags.EPOLLET, WakeData);
        entry->len = IORING_POLL_ADD_MULTI;
    }

    private IoUringSqe* NextPoll(int descriptor, uint events, ulong data)
    {
        IoUringSqe* entry = _ring.NextEntry();
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
        IoUringSqe* entry = _ring.NextEntry();
        entry->opcode = IORING_OP_ASYNC_CANCEL;
        entry->flags = IOSQE_CQE_SKIP_SUCCESS;
        entry->fd = -1;
        entry->addr = target;
        entry->user_data = IgnoredData;
    }

    private IoUringHandle Register(int descriptor, string? boundPath = null)
    {
        (int slot, uint generation) = _handles.Reserve();
        var handle = new IoUringHandle(this, descriptor, slot, generation) { BoundPath = boundPath };
        _handles.Set(slot, handle);
        return handle;
    }
}
