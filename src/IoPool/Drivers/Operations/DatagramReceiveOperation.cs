using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using IoPool.Drivers.Linux;
using IoPool.Net;

namespace IoPool.Drivers.Operations;

/// <summary>Receives one datagram, or as many as there are up to a batch.</summary>
internal sealed class DatagramReceiveOperation(IoHandle handle)
    : IoOperation(handle, isWrite: false), IValueTaskSource<ReceivedDatagram>
{
    private readonly SocketAddress _ownAddress = new(handle.AddressFamily);
    private Memory<byte> _buffer;
    private SocketAddress? _sender;
    private DatagramBatch? _batch;
    private bool _isTruncated;

    /// <param name="buffer">Where to.</param>
    /// <param name="sender">What to fill; <see langword="null"/>: the result has an end point.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal ValueTask<ReceivedDatagram> Receive(Memory<byte> buffer, SocketAddress? sender, CancellationToken cancellationToken)
    {
        _buffer = buffer;
        _sender = sender;
        _isTruncated = false;
        if (!TrySubmit(cancellationToken, out int result))
            return new ValueTask<ReceivedDatagram>(this, Version);

        ReceivedDatagram datagram = result < 0 ? default : ToDatagram(result, _sender, _isTruncated);
        Release();
        return result < 0
            ? ValueTask.FromException<ReceivedDatagram>(CreateException(result))
            : new ValueTask<ReceivedDatagram>(datagram);
    }

    internal ValueTask<int> Receive(DatagramBatch batch, CancellationToken cancellationToken)
    {
        _batch = batch;
        batch.PrepareToReceive();
        return Submit(cancellationToken);
    }

    ReceivedDatagram IValueTaskSource<ReceivedDatagram>.GetResult(short token)
    {
        // Before the operation forgets it.
        (SocketAddress? sender, bool isTruncated) = (_sender, _isTruncated);
        return ToDatagram(GetResult(token), sender, isTruncated);
    }

    internal override int Perform(int descriptor)
    {
        if (_batch is not { } batch)
            return LinuxSocket.ReceiveFrom(descriptor, _buffer.Span, _sender ?? _ownAddress, out _isTruncated);

        int count = LinuxSocket.ReceiveMany(descriptor, batch);
        if (count > 0)
            batch.SetReceived(count);
        return count;
    }

    // A datagram says nothing about the next one.
    internal override bool IsDrainedBy(int result) => _batch is { } batch && result < batch.Capacity;

    internal override async ValueTask<int> Start(Socket socket, CancellationToken cancellationToken)
    {
        EndPoint any = new IPEndPoint(
            socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        Memory<byte> buffer = _batch?.BufferOf(0) ?? _buffer;
        int length;
        EndPoint sender = any;
        try
        {
            SocketReceiveMessageFromResult result = await socket
                .ReceiveMessageFromAsync(buffer, SocketFlags.None, any, cancellationToken).ConfigureAwait(false);
            length = result.ReceivedBytes;
            sender = result.RemoteEndPoint;
            _isTruncated = (result.SocketFlags & SocketFlags.Truncated) != 0;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.MessageSize)
        {
            // Windows: the buffer is full, and the rest is lost.
            length = buffer.Length;
            _isTruncated = true;
        }

        SocketAddress address = sender.Serialize();
        if (_batch is { } batch)
        {
            batch.SetReceived(0, length, _isTruncated, address);
            return 1;
        }

        SocketAddress target = _sender ?? _ownAddress;
        address.Buffer.Span[..address.Size].CopyTo(target.Buffer.Span);
        target.Size = address.Size;
        return length;
    }

    protected override void Release()
    {
        _buffer = default;
        _sender = null;
        _batch = null;
    }

    private ReceivedDatagram ToDatagram(int length, SocketAddress? sender, bool isTruncated) => new(
        length, isTruncated, sender is null ? LinuxSocket.ToEndPoint(_ownAddress.Buffer.Span[.._ownAddress.Size]) : null);
}
