using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using IoPool.Drivers.Linux;
using IoPool.Drivers.Portable;
using IoPool.Interop;

namespace IoPool.Drivers.Operations;

/// <summary>Sends the caller's memory, all of it: what the kernel takes in parts is continued here.</summary>
internal sealed class SendOperation(IoHandle handle) : IoOperation(handle, isWrite: true)
{
    // Segments of one sendmsg call; more are sent by further calls.
    private const int MaxSegments = 16;

    private ReadOnlyMemory<byte> _rest;
    private ReadOnlySequence<byte> _restOfSequence;
    private MemoryHandle[]? _pins;
    private int _sent;
    private bool _isSequence;

    /// <summary>
    /// An earlier send ended half-way: the peer has a part of it, and nothing that is sent now would make sense to it.
    /// </summary>
    internal bool IsBroken { get; private set; }

    /// <summary>Bytes of this send that the system has taken.</summary>
    internal int SentCount => _sent;

    internal ValueTask Send(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        _rest = data;
        _sent = 0;
        return SubmitWithoutResult(cancellationToken);
    }

    internal ValueTask Send(in ReadOnlySequence<byte> data, CancellationToken cancellationToken)
    {
        _restOfSequence = data;
        _isSequence = true;
        _sent = 0;
        return SubmitWithoutResult(cancellationToken);
    }

    internal override int Perform(int descriptor)
    {
        while (!IsFinished)
        {
            int count = _isSequence ? SendSegments(descriptor) : LinuxSocket.SendNonBlocking(descriptor, _rest.Span);
            if (count < 0)
                return count;

            Advance(count);
        }

        return _sent;
    }

    // The kernel says by EAGAIN when its buffer is full.
    internal override bool IsDrainedBy(int result) => false;

    internal override ValueTask<int> Start(Socket socket, CancellationToken cancellationToken)
    {
        while (!IsFinished)
        {
            ValueTask<int> call = SendNextAsync(socket, cancellationToken);
            // As a rule the system takes everything at once, and there is no need of a state machine.
            if (!call.IsCompletedSuccessfully)
                return SendRestAsync(call, socket, cancellationToken);

            Advance(call.Result);
        }

        return new ValueTask<int>(_sent);
    }

    protected override void Release()
    {
        _rest = default;
        _restOfSequence = default;
        _isSequence = false;
    }

    protected override Exception CreateException(int result)
    {
        // The portable driver does not know how much an aborted send has sent.
        IsBroken |= _sent > 0 || Handle is PortableHandle;
        Exception exception = base.CreateException(result);
        return IsBroken && exception is OperationCanceledException { CancellationToken: var token }
            ? new OperationCanceledException(
                $"The send was cancelled after {_sent} bytes; the connection cannot be used for sending any more.", token)
            : exception;
    }

    protected override TimeoutException CreateTimeoutException() =>
        new("The peer did not take the bytes for as long as the connection's send timeout allows.");

    private bool IsFinished => _isSequence ? _restOfSequence.IsEmpty : _rest.IsEmpty;

    /// <summary>io_uring form: the memory to queue; <see langword="false"/> for what is better performed at once.</summary>
    internal bool TryGetMemory(out ReadOnlyMemory<byte> memory)
    {
        memory = _rest;
        return !_isSequence && !_rest.IsEmpty;
    }

    /// <summary>The kernel took that much; <see langword="true"/> when there is more to send.</summary>
    internal bool Advance(int count)
    {
        _sent += count;
        if (_isSequence)
            _restOfSequence = _restOfSequence.Slice(count);
        else
            _rest = _rest[count..];
        return !IsFinished;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> SendRestAsync(ValueTask<int> call, Socket socket, CancellationToken cancellationToken)
    {
        Advance(await call.ConfigureAwait(false));
        while (!IsFinished)
            Advance(await SendNextAsync(socket, cancellationToken).ConfigureAwait(false));
        return _sent;
    }

    // The base class library takes no sequence: one segment after the other.
    private ValueTask<int> SendNextAsync(Socket socket, CancellationToken cancellationToken) =>
        socket.SendAsync(_isSequence ? FirstSegment() : _rest, SocketFlags.None, cancellationToken);

    private ReadOnlyMemory<byte> FirstSegment()
    {
        foreach (ReadOnlyMemory<byte> segment in _restOfSequence)
        {
            if (!segment.IsEmpty)
                return segment;
        }

        return default;
    }

    private unsafe int SendSegments(int descriptor)
    {
        _pins ??= new MemoryHandle[MaxSegments];
        Span<IoVec> vectors = stackalloc IoVec[MaxSegments];
        int count = 0;
        try
        {
            foreach (ReadOnlyMemory<byte> segment in _restOfSequence)
            {
                if (segment.IsEmpty)
                    continue;

                _pins[count] = segment.Pin();
                vectors[count] = new IoVec { Base = _pins[count].Pointer, Length = (nuint)segment.Length };
                if (++count == MaxSegments)
                    break;
            }

            return LinuxSocket.SendGather(descriptor, vectors[..count]);
        }
        finally
        {
            for (int i = 0; i < count; i++)
                _pins[i].Dispose();
        }
    }
}
