namespace IoPool.Net;

/// <summary>How a <see cref="SocketListener"/> or <see cref="SocketServer"/> listens and what its connections are like.</summary>
public sealed class SocketListenerOptions
{
    /// <summary>How many connections may wait to be accepted; the system limits it further. Default: 4,096.</summary>
    public int Backlog { get; set; } = 4_096;

    /// <summary>Whether an IPv6 listener on the any-address also takes IPv4. Default: <see langword="true"/>.</summary>
    public bool DualMode { get; set; } = true;

    /// <summary>
    /// One listening socket a loop, between which the kernel spreads connections (<c>SO_REUSEPORT</c>). Saves the hand-over
    /// from the accepting loop; the spread is by chance (the busiest loop gets 1.3 to 1.75 times the mean), and closing
    /// one of the sockets resets what waits in its backlog. Linux only, not for Unix domain sockets. Default:
    /// <see langword="false"/>: one acceptor that hands out round-robin.
    /// </summary>
    public bool ReusePort { get; set; }

    /// <summary>Whether accepted TCP connections send small writes at once (<c>TCP_NODELAY</c>). Default: <see langword="true"/>.</summary>
    public bool NoDelay { get; set; } = true;

    /// <summary>
    /// How many connections a <see cref="SocketServer"/> serves at once; more wait in the backlog (on io_uring some tens of
    /// them accepted already, each with a descriptor). <see langword="null"/> is no limit. Default: <see langword="null"/>.
    /// </summary>
    public int? MaxConnections { get; set; }

    /// <summary>Receive buffer of accepted sockets in bytes; <see langword="null"/> leaves it to the system.</summary>
    public int? ReceiveBufferSize { get; set; }

    /// <summary>Send buffer of accepted sockets in bytes; <see langword="null"/> leaves it to the system.</summary>
    public int? SendBufferSize { get; set; }

    /// <summary>How the server places connections; <see langword="null"/> is the group's placement.</summary>
    public Placement? Placement { get; set; }

    internal SocketListenerOptions Validated()
    {
        Require(Backlog >= 1, nameof(Backlog), Backlog);
        Require(MaxConnections is null or >= 1, nameof(MaxConnections), MaxConnections);
        Require(ReceiveBufferSize is null or >= 1, nameof(ReceiveBufferSize), ReceiveBufferSize);
        Require(SendBufferSize is null or >= 1, nameof(SendBufferSize), SendBufferSize);
        Require(Placement is null || Enum.IsDefined(Placement.Value), nameof(Placement), Placement);
        return (SocketListenerOptions)MemberwiseClone();
    }

    internal Drivers.ListenSettings ToSettings() => new(Backlog, DualMode, ReusePort, NoDelay, ReceiveBufferSize, SendBufferSize);

    private static void Require(bool condition, string option, object? value)
    {
        if (!condition)
        {
            throw new ArgumentException(
                $"{nameof(SocketListenerOptions)}.{option} must be at least 1 (or a defined value); it was {value}.", option);
        }
    }
}
