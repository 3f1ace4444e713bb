using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using IoPool.Drivers;
using IoPool.Drivers.Linux;
using IoPool.Interop;
using IoPool.Tests.Support;

namespace IoPool.Tests.Drivers.Linux;

public sealed unsafe class LinuxSocketTests
{
    public static TheoryData<int, SocketError> Errors => new()
    {
        { 0, SocketError.Success },
        { 1, SocketError.AccessDenied },
        { 2, SocketError.AddressNotAvailable },
        { 11, SocketError.WouldBlock },
        { 12, SocketError.NoBufferSpaceAvailable },
        { 13, SocketError.AccessDenied },
        { 22, SocketError.InvalidArgument },
        { 23, SocketError.TooManyOpenSockets },
        { 24, SocketError.TooManyOpenSockets },
        { 32, SocketError.Shutdown },
        { 98, SocketError.AddressAlreadyInUse },
        { 99, SocketError.AddressNotAvailable },
        { 101, SocketError.NetworkUnreachable },
        { 103, SocketError.ConnectionAborted },
        { 104, SocketError.ConnectionReset },
        { 105, SocketError.NoBufferSpaceAvailable },
        { 107, SocketError.NotConnected },
        { 110, SocketError.TimedOut },
        { 111, SocketError.ConnectionRefused },
        { 113, SocketError.HostUnreachable },
        { 125, SocketError.OperationAborted },
        { 9_999, SocketError.SocketError },
    };

    [Theory, MemberData(nameof(Errors))]
    public void ErrorNumbers_AreReportedAsTheBaseClassLibraryDoes(int errno, SocketError expected) =>
        Assert.Equal(expected, LinuxErrors.ToSocketError(errno));

    [Fact]
    public void IoError_KeepsEveryErrorApartFromACount()
    {
        foreach (SocketError error in Enum.GetValues<SocketError>().Where(error => error != SocketError.Success))
        {
            int result = IoError.From(error);
            Assert.True(result < 0);
            Assert.Equal(error, IoError.ToSocketError(result));
        }
    }

    [Fact]
    public void EpollEvent_HasTheKernelsLayout()
    {
        byte* entry = stackalloc byte[EpollEvent.MaxSize];
        new Span<byte>(entry, EpollEvent.MaxSize).Fill(0xEE);
        EpollEvent.Write(entry, 0x80000001, 0x1122334455667788);
        Assert.Equal(0x80000001, EpollEvent.Events(entry));
        Assert.Equal(0x1122334455667788u, EpollEvent.Data(entry));
        int offset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
        Assert.Equal(0x1122334455667788u, MemoryMarshal.Read<ulong>(new ReadOnlySpan<byte>(entry + offset, sizeof(ulong))));
        Assert.Equal(offset + sizeof(ulong), EpollEvent.Size);
    }

    [SkippableFact]
    public void EpollEvent_ComesBackFromTheKernelAsItWasGiven()
    {
        SkipUnlessLinux();
        using var epoll = new SafeDescriptor(LibC.epoll_create1(EpollFlags.EPOLL_CLOEXEC));
        using var first = new SafeDescriptor(LibC.eventfd(1, EventFdFlags.EFD_CLOEXEC));
        using var second = new SafeDescriptor(LibC.eventfd(1, EventFdFlags.EFD_CLOEXEC));
        byte* entry = stackalloc byte[EpollEvent.MaxSize];
        foreach ((SafeDescriptor descriptor, ulong data) in new[] { (first, 0x1122334455667788u), (second, 0x99AABBCCDDEEFF00u) })
        {
            EpollEvent.Write(entry, EpollFlags.EPOLLIN, data);
            Assert.Equal(0, LibC.epoll_ctl(epoll.Value, EpollFlags.EPOLL_CTL_ADD, descriptor.Value, entry));
        }

        byte* events = stackalloc byte[2 * EpollEvent.MaxSize];
        Assert.Equal(2, LibC.epoll_wait(epoll.Value, events, 2, 0));
        ulong[] reported = [EpollEvent.Data(events), EpollEvent.Data(events + EpollEvent.Size)];
        Assert.Equal([0x1122334455667788u, 0x99AABBCCDDEEFF00u], reported.Order());
        Assert.Equal(EpollFlags.EPOLLIN, EpollEvent.Events(events));
    }

    [Fact]
    public void Structures_HaveTheSizesOfThe64BitAbi()
    {
        Assert.Equal(16, sizeof(IoVec));
        Assert.Equal(56, sizeof(MsgHdr));
        Assert.Equal(8, sizeof(LingerValue));
    }

    [SkippableFact]
    public void Transfers_ReturnCountsAndNegativeErrorNumbers()
    {
        SkipUnlessLinux();
        using Socket listener = PlainSocket.Listen(PlainSocket.Loopback);
        using var socket = new SafeDescriptor(LinuxSocket.OpenStream(listener.LocalEndPoint!, dualMode: false));
        Assert.Contains(LinuxSocket.Connect(socket.Value, listener.LocalEndPoint!), new[] { 0, -Errno.EINPROGRESS });
        using Socket accepted = listener.Accept();
        Assert.Equal(0, LinuxSocket.TakeError(socket.Value));
        byte[] buffer = new byte[10];
        Assert.Equal(-Errno.EAGAIN, LinuxSocket.ReceiveNonBlocking(socket.Value, buffer));
        Assert.Equal(-Errno.EAGAIN, LinuxSocket.PeekNonBlocking(socket.Value));
        Assert.Equal(3, LinuxSocket.SendNonBlocking(socket.Value, "abc"u8));
        Assert.Equal(3, accepted.Receive(buffer));
        LinuxSocket.Shutdown(socket.Value, SocketShutdown.Send);
        Assert.Equal(-Errno.EPIPE, LinuxSocket.SendNonBlocking(socket.Value, "abc"u8));
        Assert.Equal(-Errno.EBADF, LinuxSocket.Accept(-1));
    }

    [SkippableFact]
    public void Failures_OfSettingUp_NameTheCallAndTheReason()
    {
        SkipUnlessLinux();
        using Socket taken = PlainSocket.Listen(PlainSocket.Loopback);
        using var socket = new SafeDescriptor(LinuxSocket.OpenStream(taken.LocalEndPoint!, dualMode: false));
        var exception = Assert.Throws<SocketException>(() => LinuxSocket.Bind(socket.Value, taken.LocalEndPoint!));
        Assert.Equal(SocketError.AddressAlreadyInUse, exception.SocketErrorCode);
        Assert.Contains($"bind to {taken.LocalEndPoint}", exception.Message);
        Assert.Contains("errno 98", exception.Message);
    }

    [SkippableFact]
    public void DualModeSocket_ReachesIPv4ByItsMappedAddress()
    {
        SkipUnlessLinux();
        Skip.IfNot(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        using Socket listener = PlainSocket.Listen(PlainSocket.Loopback);
        using var socket = new SafeDescriptor(LinuxSocket.OpenStream(new IPEndPoint(IPAddress.IPv6Any, 0), dualMode: true));
        LinuxSocket.Connect(socket.Value, listener.LocalEndPoint!);
        using Socket accepted = listener.Accept();
        Assert.NotNull(accepted.RemoteEndPoint);
    }

    private static void SkipUnlessLinux() => Skip.IfNot(OperatingSystem.IsLinux(), "These are Linux calls.");
}
