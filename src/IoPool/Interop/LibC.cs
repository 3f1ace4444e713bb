using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace IoPool.Interop;

/// <summary>
/// System calls by their C names; the library name resolves on glibc and musl. After a failure the caller reads
/// <see cref="Marshal.GetLastSystemError"/> at once: the runtime keeps errno across the way back into managed code.
/// </summary>
internal static unsafe partial class LibC
{
    private const string Library = "libc";

    [LibraryImport(Library)]
    internal static partial int epoll_create1(int flags);

    [LibraryImport(Library)]
    internal static partial int epoll_ctl(int epoll, int operation, int descriptor, void* interest);

    [LibraryImport(Library)]
    internal static partial int epoll_wait(int epoll, void* events, int maxEvents, int timeoutMs);

    [LibraryImport(Library)]
    internal static partial int eventfd(uint initial, int flags);

    [LibraryImport(Library)]
    internal static partial nint read(int descriptor, void* buffer, nuint length);

    [LibraryImport(Library)]
    internal static partial nint write(int descriptor, void* buffer, nuint length);

    [LibraryImport(Library)]
    internal static partial nint recv(int descriptor, void* buffer, nuint length, int flags);

    [LibraryImport(Library)]
    internal static partial nint send(int descriptor, void* buffer, nuint length, int flags);

    [LibraryImport(Library)]
    internal static partial nint sendmsg(int descriptor, MsgHdr* message, int flags);

    [LibraryImport(Library)]
    internal static partial nint recvmsg(int descriptor, MsgHdr* message, int flags);

    [LibraryImport(Library)]
    internal static partial nint sendto(int descriptor, void* buffer, nuint length, int flags, void* address, uint addressLength);

    [LibraryImport(Library)]
    internal static partial int recvmmsg(int descriptor, MMsgHdr* messages, uint count, int flags, void* timeout);

    [LibraryImport(Library)]
    internal static partial int sendmmsg(int descriptor, MMsgHdr* messages, uint count, int flags);

    [LibraryImport(Library)]
    internal static partial int accept4(int descriptor, void* address, uint* addressLength, int flags);

    [LibraryImport(Library)]
    internal static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Library)]
    internal static partial int bind(int descriptor, void* address, uint addressLength);

    [LibraryImport(Library)]
    internal static partial int listen(int descriptor, int backlog);

    [LibraryImport(Library)]
    internal static partial int connect(int descriptor, void* address, uint addressLength);

    [LibraryImport(Library)]
    internal static partial int getsockopt(int descriptor, int level, int option, void* value, uint* length);

    [LibraryImport(Library)]
    internal static partial int setsockopt(int descriptor, int level, int option, void* value, uint length);

    [LibraryImport(Library)]
    internal static partial int getsockname(int descriptor, void* address, uint* addressLength);

    [LibraryImport(Library)]
    internal static partial int getpeername(int descriptor, void* address, uint* addressLength);

    [LibraryImport(Library)]
    internal static partial int shutdown(int descriptor, int how);

    [LibraryImport(Library)]
    internal static partial int close(int descriptor);

    [LibraryImport(Library)]
    internal static partial int fcntl(int descriptor, int command, nint argument);

    [LibraryImport(Library)]
    internal static partial int sched_setaffinity(int pid, nuint size, void* mask);

    [LibraryImport(Library)]
    internal static partial int sched_getaffinity(int pid, nuint size, void* mask);

    [LibraryImport(Library)]
    internal static partial nint syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport(Library)]
    internal static partial void* mmap(void* address, nuint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport(Library)]
    internal static partial int munmap(void* address, nuint length);
}
