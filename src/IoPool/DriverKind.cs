namespace IoPool;

/// <summary>Which I/O driver the loops of a group use: what waits for the kernel.</summary>
public enum DriverKind
{
    /// <summary>The best driver that this machine can run: epoll, else portable. io_uring has to be asked for, as yet.</summary>
    Auto = 0,

    /// <summary>
    /// Linux io_uring, kernel 6.1 and up. A preview: it passes the tests of all drivers, but what happens when locked
    /// memory runs out or a completion queue overflows has no tests of its own yet.
    /// </summary>
    IoUring = 1,

    /// <summary>Linux epoll.</summary>
    Epoll = 2,

    /// <summary><see cref="System.Net.Sockets"/>, on every platform that .NET runs on.</summary>
    Portable = 3,
}
