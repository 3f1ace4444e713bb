using System.Runtime.InteropServices;

namespace IoPool.Interop;

/// <summary>
/// The calls of every request, past their C functions: those are cancellation points of POSIX threads, which costs some 20 ns for
/// each call that nobody here has a use for. Numbers are an architecture's own; on others than these two the C function serves.
/// </summary>
internal static unsafe class DirectCall
{
    private static readonly nint s_recvfrom = Number(x64: 45, arm64: 207);
    private static readonly nint s_sendto = Number(x64: 44, arm64: 206);
    private static readonly nint s_epollPwait = Number(x64: 281, arm64: 22);

    internal static nint recv(int descriptor, void* buffer, nuint length, int flags) => s_recvfrom != 0
        ? LibC.syscall(s_recvfrom, descriptor, (nint)buffer, (nint)length, flags, 0, 0)
        : LibC.recv(descriptor, buffer, length, flags);

    internal static nint send(int descriptor, void* buffer, nuint length, int flags) => s_sendto != 0
        ? LibC.syscall(s_sendto, descriptor, (nint)buffer, (nint)length, flags, 0, 0)
        : LibC.send(descriptor, buffer, length, flags);

    internal static int epoll_wait(int epoll, void* events, int maxEvents, int timeoutMs) => s_epollPwait != 0
        ? (int)LibC.syscall(s_epollPwait, epoll, (nint)events, maxEvents, timeoutMs, 0, 0)
        : LibC.epoll_wait(epoll, events, maxEvents, timeoutMs);

    private static nint Number(nint x64, nint arm64) => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => x64,
        Architecture.Arm64 => arm64,
        _ => 0,
    };
}
