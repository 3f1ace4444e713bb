using System.Net;

namespace IoPool.Net;

/// <summary>What a receive of a <see cref="DatagramSocket"/> got.</summary>
/// <param name="Length">Bytes in the caller's buffer; 0 is an empty datagram.</param>
/// <param name="IsTruncated">The datagram was longer than the buffer, and its rest is lost.</param>
/// <param name="Sender">Who sent it; <see langword="null"/> when the caller gave a <see cref="SocketAddress"/> to be filled.</param>
public readonly record struct ReceivedDatagram(int Length, bool IsTruncated, EndPoint? Sender);
