using System.Net;

namespace IoPool.Net;

/// <summary>How a <see cref="DatagramSocket"/> is opened.</summary>
public sealed class DatagramSocketOptions
{
    /// <summary>Whether an IPv6 address takes IPv4 too. Default: yes.</summary>
    public bool DualMode { get; set; } = true;

    /// <summary>
    /// Whether others may bind the same address and port, as receivers of a multicast group do. Default: no.
    /// </summary>
    public bool ReuseAddress { get; set; }

    /// <summary>Whether datagrams may go to <see cref="IPAddress.Broadcast"/>. Default: no.</summary>
    public bool Broadcast { get; set; }

    /// <summary>Receive buffer in bytes; <see langword="null"/> leaves it to the system. What finds no room is lost.</summary>
    public int? ReceiveBufferSize { get; set; }

    /// <summary>Send buffer in bytes; <see langword="null"/> leaves it to the system.</summary>
    public int? SendBufferSize { get; set; }

    internal DatagramSocketOptions Validated()
    {
        Require(ReceiveBufferSize is null or >= 1, nameof(ReceiveBufferSize), ReceiveBufferSize);
        Require(SendBufferSize is null or >= 1, nameof(SendBufferSize), SendBufferSize);
        return (DatagramSocketOptions)MemberwiseClone();
    }

    private static void Require(bool condition, string option, int? value)
    {
        if (!condition)
            throw new ArgumentException($"{nameof(DatagramSocketOptions)}.{option} must be at least 1; it was {value}.", option);
    }
}
