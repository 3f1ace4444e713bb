namespace IoPool;

/// <summary>Which I/O driver the loops of a group use: what waits for the kernel.</summary>
public enum DriverKind
{
    /// <summary>
    /// The best driver that this machine can run: io_uring, else epoll, else portable. On Linux a fallback is written to
    /// <see cref="EventLoopGroupOptions.Log"/> with its reason, and <see cref="EventLoopGroup.DriverDescription"/> has it.
    /// </summary>
    Auto = 0,

    /// <summary>
    /// Linux io_uring, kernel 6.1 and up. Containers often forbid it (seccomp), and it needs about 40 KiB of locked memory a
    /// loop.
    /// </summary>
    IoUring = 1,

    /// <summary>Linux epoll.</summary>
    Epoll = 2,

    /// <summary><see cref="System.Net.Sockets"/>, on every platform that .NET runs on.</summary>
    Portable = 3,
}
