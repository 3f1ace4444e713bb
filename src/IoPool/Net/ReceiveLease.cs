using IoPool.Drivers;

namespace IoPool.Net;

/// <summary>
/// Received bytes in a buffer that is lent to the caller: the kernel's own on io_uring, where nothing was copied, and one
/// of the loop's elsewhere. Dispose it when the bytes have been read.
/// </summary>
/// <remarks>
/// The loop has a limited number of these buffers. A lease that is kept does not stop anybody from receiving, but what is
/// received without a buffer of the kernel's is copied. One that is never disposed is lost to the loop.
/// </remarks>
public readonly struct ReceiveLease : IDisposable, IEquatable<ReceiveLease>
{
    private readonly LeaseBuffer? _buffer;
    private readonly uint _version;

    internal ReceiveLease(LeaseBuffer buffer)
    {
        _buffer = buffer;
        _version = buffer.Version;
        Memory = buffer.Unread;
    }

    /// <summary>
    /// The bytes; empty when the peer has ended its side. The caller's until <see cref="Dispose"/>: others' bytes come to the
    /// same place afterwards. Any thread may read it until then.
    /// </summary>
    public ReadOnlyMemory<byte> Memory { get; }

    /// <summary>The bytes, as <see cref="Memory"/>.</summary>
    public ReadOnlySpan<byte> Span => Memory.Span;

    /// <summary>How many bytes; 0 when the peer has ended its side.</summary>
    public int Length => Memory.Length;

    /// <summary>
    /// Gives the buffer back. On the connection's loop, and after the loop has stopped anywhere. Again is nothing; a copy of
    /// the lease that is disposed too, neither.
    /// </summary>
    /// <exception cref="InvalidOperationException">The thread is not the owner's.</exception>
    public void Dispose() => _buffer?.Return(_version);

    /// <summary>Whether both are the same lease.</summary>
    public bool Equals(ReceiveLease other) => ReferenceEquals(_buffer, other._buffer) && _version == other._version;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ReceiveLease other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_buffer, _version);

    /// <summary>Whether both are the same lease.</summary>
    public static bool operator ==(ReceiveLease left, ReceiveLease right) => left.Equals(right);

    /// <summary>Whether they are different leases.</summary>
    public static bool operator !=(ReceiveLease left, ReceiveLease right) => !left.Equals(right);
}
