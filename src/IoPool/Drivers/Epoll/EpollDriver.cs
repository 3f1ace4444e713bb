using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using IoPool.Drivers.Linux;
using IoPool.Interop;
using IoPool.Net;

namespace IoPool.Drivers.Epoll;

/// <summary>
/// Waits with epoll, edge-triggered, one registration a socket. Operations are performed on the loop's own thread, so
/// that no buffer is ever the kernel's and nothing is in flight.
/// </summary>
internal sealed unsafe class EpollDriver : IoDriver
{
    // Slot 0 is the wake descriptor's.
    private const ulong WakeData = 0;
    private const int MaxEvents = 512;

    private readonly SlotTable<EpollHandle> _handles = new();
    private SafeDescriptor? _epoll;
    private WakeEvent? _wake;
    private byte* _events;
    private int _eventCount;

    internal EventLoop Loop { get; private set; } = null!;

    internal override bool HasOperationsInFlight => false;

    internal override void Open(EventLoop loop)
    {
        Loop = loop;
        int epoll = LibC.epoll_create1(EpollFlags.EPOLL_CLOEXEC);
        _epoll = epoll >= 0
            ? new SafeDescriptor(epoll)
            : throw LinuxErrors.CreateException(Marshal.GetLastSystemError(), "epoll_create1");
        _wake = new WakeEvent();
        _events = (byte*)NativeMemory.Alloc(MaxEvents, EpollEvent.MaxSize);
        Control(EpollFlags.EPOLL_CTL_ADD, _wake.Descriptor, EpollFlags.EPOLLIN | EpollFlags.EPOLLET, WakeData);
    }

    internal override void Poll(int timeoutMs)
    {
        int count = DirectCall.epoll_wait(_epoll!.Value, _events, MaxEvents, timeoutMs);
        if (count < 0)
        {
            int errno = Marshal.GetLastSystemError();
            // A signal: the turn goes on, and the loop works out anew how long to wait.
            if (errno != Errno.EINTR)
                throw LinuxErrors.CreateException(errno, "epoll_wait");
            count = 0;
        }

        _eventCount = count;
    }

    internal override void RunCompletions()
    {
        int count = _eventCount;
        _eventCount = 0;
        for (int i = 0; i < count; i++)
        {
            byte* entry = _events + (i * EpollEvent.Size);
            ulong data = EpollEvent.Data(entry);
            // The slot's generation is checked now: an earlier completion of this batch may have closed the socket, and
            // another may have taken the slot.
            if (data != WakeData && _handles.Find(data) is { } handle)
                handle.OnEvents(EpollEvent.Events(entry));
        }
    }

    internal override void Wake() => _wake!.Signal();

    internal override bool AcceptedSocketsInheritOptions => true;

    internal override IEnumerable<IHandleOwner> Owners =>
        from handle in _handles.Snapshot() where handle.Owner is not null select handle.Owner;

    internal override UnattachedSocket OpenListener(EndPoint endPoint, ListenSettings settings) =>
        LinuxHandle.OpenListener(endPoint, settings);

    internal override UnattachedSocket TakeOver(SafeSocketHandle handle) => LinuxHandle.TakeOver(handle);

    internal override IoHandle OpenStream(EndPoint remote) =>
        Register(LinuxSocket.OpenStream(remote, dualMode: true), EpollFlags.EPOLLOUT);

    internal override IoHandle OpenDatagram(IPEndPoint local, DatagramSocketOptions options) =>
        Register(LinuxSocket.OpenDatagram(local, options));

    internal override IoHandle Attach(UnattachedSocket socket) => Register(socket.Descriptor, boundPath: socket.BoundPath);

    /// <summary>Changes what the kernel reports of a socket; it reports anew what is ready already.</summary>
    internal void Watch(EpollHandle handle, uint events) =>
        Control(EpollFlags.EPOLL_CTL_MOD, handle.Descriptor, events, SlotTable<EpollHandle>.KeyOf(handle.Slot, handle.Generation));

    /// <summary>
    /// Forgets a socket that is about to be closed. It is removed from the interest list here, since closing does that only
    /// when no copy of the descriptor is left, and an adopted one may have copies.
    /// </summary>
    internal void Release(EpollHandle handle)
    {
        _handles.Remove(handle.Slot);
        byte* none = stackalloc byte[EpollEvent.MaxSize];
        LibC.epoll_ctl(_epoll!.Value, EpollFlags.EPOLL_CTL_DEL, handle.Descriptor, none);
    }

    public override void Dispose()
    {
        foreach (EpollHandle handle in _handles.Snapshot())
            handle.Close(abort: false);
        _wake?.Dispose();
        _epoll?.Dispose();
        NativeMemory.Free(_events);
        _events = null;
    }

    private EpollHandle Register(int descriptor, uint extraEvents = 0, string? boundPath = null)
    {
        (int slot, uint generation) = _handles.Reserve();
        try
        {
            Control(EpollFlags.EPOLL_CTL_ADD, descriptor, ReadinessHandle.ReadEvents | extraEvents, SlotTable<EpollHandle>.KeyOf(slot, generation));
        }
        catch
        {
            _handles.Remove(slot);
            LibC.close(descriptor);
            throw;
        }

        var handle = new EpollHandle(this, descriptor, slot, generation) { BoundPath = boundPath };
        _handles.Set(slot, handle);
        return handle;
    }

    private void Control(int operation, int descriptor, uint events, ulong data)
    {
        byte* interest = stackalloc byte[EpollEvent.MaxSize];
        EpollEvent.Write(interest, events, data);
        if (LibC.epoll_ctl(_epoll!.Value, operation, descriptor, interest) != 0)
            throw LinuxErrors.CreateException(Marshal.GetLastSystemError(), "epoll_ctl");
    }
}
