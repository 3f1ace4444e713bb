namespace IoPool;

/// <summary>Which I/O driver the loops of a group use: what waits for the kernel.</summary>
public enum DriverKind
{
    /// <summary>The best driver that this machine can run: io_uring, then epoll, then portable.</summary>
    Auto = 0,

    /// <summary>Linux io_uring.</summary>
    IoUring = 1,

    /// <summary>Linux epoll.</summary>
    Epoll = 2,

    /// <summary><see cref="System.Net.Sockets"/>, on every platform that .NET runs on.</summary>
    Portable = 3,
}
