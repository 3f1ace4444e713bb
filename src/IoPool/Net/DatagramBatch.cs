using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IoPool.Drivers.Linux;
using IoPool.Interop;

namespace IoPool.Net;

/// <summary>
/// Datagrams that are received or sent together, by one system call where the driver can. Belongs to the caller, and to the
/// socket while a call that got it is under way. Reuse it: it allocates only when it is created. Not thread-safe.
/// </summary>
public sealed unsafe class DatagramBatch
{
    private const int AddressSize = 128;

    // All of it is pinned for good: the kernel writes to it, and the headers point to the rest.
    private readonly byte[] _data;
    private readonly byte[] _addresses;
    private readonly MMsgHdr[] _headers;
    private readonly int _size;

    /// <summary>Creates an empty batch.</summary>
    /// <param name="capacity">How many datagrams at most: 1 to 1,024.</param>
    /// <param name="maxLength">The longest datagram, in bytes: 1 to 65,535. What is longer is truncated.</param>
    public DatagramBatch(int capacity, int maxLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1_024);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxLength, 65_535);
        Capacity = capacity;
        _size = maxLength;
        _data = GC.AllocateArray<byte>(capacity * maxLength, pinned: true);
        _addresses = GC.AllocateArray<byte>(capacity * AddressSize, pinned: true);
        Vectors = GC.AllocateArray<IoVec>(capacity, pinned: true);
        _headers = GC.AllocateArray<MMsgHdr>(capacity, pinned: true);
        for (int i = 0; i < capacity; i++)
        {
            Vectors[i].Base = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_data)) + (i * maxLength);
            _headers[i].Header.Vectors = (IoVec*)Unsafe.AsPointer(ref Vectors[i]);
            _headers[i].Header.VectorCount = 1;
            _headers[i].Header.Name = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_addresses)) + (i * AddressSize);
        }
    }

    /// <summary>How many datagrams it can hold.</summary>
    public int Capacity { get; }

    /// <summary>How many it holds.</summary>
    public int Count { get; private set; }

    private IoVec[] Vectors { get; }

    /// <summary>The bytes of a datagram; valid until the batch is received into, or cleared.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such datagram.</exception>
    public Memory<byte> this[int index]
    {
        get
        {
            ThrowIfNot(index);
            return _data.AsMemory(index * _size, (int)_headers[index].Length);
        }
    }

    /// <summary>Whether a received datagram was longer than fits, so that its rest is lost.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such datagram.</exception>
    public bool IsTruncated(int index)
    {
        ThrowIfNot(index);
        return (_headers[index].Header.Flags & SocketConstants.MSG_TRUNC) != 0;
    }

    /// <summary>Who sent a datagram, or where it is to go; <see langword="null"/>: to where the socket is connected to.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such datagram.</exception>
    public EndPoint? GetEndPoint(int index)
    {
        ThrowIfNot(index);
        return _headers[index].Header.NameLength == 0
            ? null
            : LinuxSocket.ToEndPoint(_addresses.AsSpan(index * AddressSize, (int)_headers[index].Header.NameLength));
    }

    /// <summary>Adds a datagram to be sent. Copies both.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="remote">Where to; <see langword="null"/>: to where the socket is connected to.</param>
    /// <exception cref="InvalidOperationException">The batch is full.</exception>
    /// <exception cref="ArgumentException">The datagram is longer than fits.</exception>
    public void Add(ReadOnlySpan<byte> data, SocketAddress? remote = null)
    {
        if (Count == Capacity)
            throw new InvalidOperationException($"The batch is full: it holds {Capacity} datagrams.");
        if (data.Length > _size)
            throw new ArgumentException($"The datagram has {data.Length} bytes; this batch holds up to {_size} for each.", nameof(data));

        data.CopyTo(_data.AsSpan(Count * _size));
        SetLength(Count, data.Length);
        SetAddress(Count, remote is null ? default : remote.Buffer.Span[..remote.Size]);
        Count++;
    }

    /// <summary>Forgets all datagrams.</summary>
    public void Clear() => Count = 0;

    // ---- for the operations

    internal MMsgHdr* Headers => (MMsgHdr*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_headers));

    /// <summary>Makes room for as many as there can be.</summary>
    internal void PrepareToReceive()
    {
        Count = 0;
        for (int i = 0; i < Capacity; i++)
        {
            Vectors[i].Length = (nuint)_size;
            _headers[i].Header.NameLength = AddressSize;
            _headers[i].Header.Flags = 0;
        }
    }

    internal void SetReceived(int count) => Count = count;

    internal Memory<byte> BufferOf(int index) => _data.AsMemory(index * _size, _size);

    internal void SetReceived(int index, int length, bool isTruncated, SocketAddress sender)
    {
        SetLength(index, length);
        _headers[index].Header.Flags = isTruncated ? SocketConstants.MSG_TRUNC : 0;
        SetAddress(index, sender.Buffer.Span[..sender.Size]);
        Count = index + 1;
    }

    private void SetLength(int index, int length)
    {
        Vectors[index].Length = (nuint)length;
        _headers[index].Length = (uint)length;
        _headers[index].Header.Flags = 0;
    }

    private void SetAddress(int index, ReadOnlySpan<byte> address)
    {
        address.CopyTo(_addresses.AsSpan(index * AddressSize, AddressSize));
        _headers[index].Header.NameLength = (uint)address.Length;
    }

    private void ThrowIfNot(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
    }
}
