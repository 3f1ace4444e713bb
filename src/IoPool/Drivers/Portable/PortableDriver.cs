using System.Net;
using System.Net.Sockets;
using IoPool.Drivers.Linux;
using IoPool.Net;

namespace IoPool.Drivers.Portable;

/// <summary>
/// <see cref="System.Net.Sockets"/> on every platform: the base class library completes on threads of its own and the
/// completions are posted to the loop's inbox, so that there is nothing to collect, and waiting is waiting for a wake.
/// </summary>
internal sealed class PortableDriver : IoDriver
{
    private readonly SlotTable<PortableHandle> _handles = new();
    // A semaphore keeps a wake that comes before the wait, which the loop's protocol relies on.
    private readonly SemaphoreSlim _wakes = new(0);

    internal EventLoop Loop { get; private set; } = null!;

    /// <summary>Operations that the base class library works on. Loop's thread.</summary>
    internal int OperationsInFlight { get; set; }

    internal override bool HasOperationsInFlight => OperationsInFlight != 0;

    internal override IEnumerable<IHandleOwner> Owners =>
        from handle in _handles.Snapshot() where handle.Owner is not null select handle.Owner;

    internal override void Open(EventLoop loop) => Loop = loop;

    internal override void Poll(int timeoutMs)
    {
        if (timeoutMs == 0)
            return;

        // When a producer holds the semaphore's lock just now, the loop's context would count a blocking wait of user code,
        // and an array would be allocated for it.
        SynchronizationContext.SetSynchronizationContext(null);
        _wakes.Wait(timeoutMs);
        SynchronizationContext.SetSynchronizationContext(Loop.SynchronizationContext);
    }

    internal override void RunCompletions()
    {
    }

    internal override void Wake() => _wakes.Release();

    internal override UnattachedSocket OpenListener(EndPoint endPoint, ListenSettings settings)
    {
        if (settings.ReusePort)
            throw new PlatformNotSupportedException("The portable driver has no ReusePort; use one acceptor.");

        Socket socket = Open(endPoint);
        try
        {
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = settings.DualMode;
            // No ReuseAddress: outside Windows .NET turns it into SO_REUSEPORT as well, and two servers would share the port
            // unnoticed (on Windows one would take it over). Binding by itself sets SO_REUSEADDR where it is harmless.
            if (settings.ReceiveBufferSize is { } receive)
                socket.ReceiveBufferSize = receive;
            if (settings.SendBufferSize is { } send)
                socket.SendBufferSize = send;
            socket.Bind(endPoint);
            socket.Listen(settings.Backlog);
            return UnattachedSocket.Of(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal override IoHandle OpenStream(EndPoint remote) => Register(Open(remote));

    internal override IoHandle OpenDatagram(IPEndPoint local, DatagramSocketOptions options)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (local.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = options.DualMode;
            if (options.ReuseAddress)
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            if (options.Broadcast)
                socket.EnableBroadcast = true;
            if (options.ReceiveBufferSize is { } receive)
                socket.ReceiveBufferSize = receive;
            if (options.SendBufferSize is { } send)
                socket.SendBufferSize = send;
            socket.Bind(local);
            return Register(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal override IoHandle Attach(UnattachedSocket socket) => Register(socket.Socket!);

    /// <remarks>
    /// Where it can, by a descriptor of its own. Elsewhere the handle stays shared with the <see cref="Socket"/> that it came
    /// from, whose finalizer closes it.
    /// </remarks>
    internal override UnattachedSocket TakeOver(SafeSocketHandle handle) => UnattachedSocket.Of(new Socket(
        OperatingSystem.IsLinux() ? LinuxHandle.TakeOver(handle).ToSafeHandle() : handle));

    internal void Release(PortableHandle handle) => _handles.Remove(handle.Slot);

    // The semaphore is not disposed: a producer may still be about to wake.
    public override void Dispose()
    {
        foreach (PortableHandle handle in _handles.Snapshot())
            handle.Close(abort: false);
    }

    private static Socket Open(EndPoint endPoint) => endPoint.AddressFamily switch
    {
        AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 => new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp),
        AddressFamily.Unix => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
        _ => throw new ArgumentException(
            $"An end point of the family {endPoint.AddressFamily} is not supported; IPv4, IPv6 and Unix domain are.",
            nameof(endPoint)),
    };

    private PortableHandle Register(Socket socket)
    {
        (int slot, _) = _handles.Reserve();
        var handle = new PortableHandle(this, socket, slot);
        _handles.Set(slot, handle);
        return handle;
    }
}
