using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using IoPool.Drivers.Linux;
using IoPool.Net;

namespace IoPool.Drivers.Operations;

/// <summary>
/// Receives: into the caller's memory, or into a buffer that is lent to the caller. With an empty buffer it waits until
/// there is something to receive, and takes nothing.
/// </summary>
internal sealed class ReceiveOperation(IoHandle handle) : IoOperation(handle, isWrite: false), IValueTaskSource<ReceiveLease>
{
    private LeaseBuffer? _lease;
    private bool _hidesReadability;

    /// <summary>The caller's memory.</summary>
    internal Memory<byte> Buffer { get; private set; }

    internal bool WantsLease { get; private set; }

    internal ValueTask<int> Receive(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Buffer = buffer;
        _hidesReadability = buffer.IsEmpty;
        return Submit(cancellationToken);
    }

    /// <summary>1 when there is something to receive, 0 when the peer has ended its side.</summary>
    internal ValueTask<int> WaitReadable(CancellationToken cancellationToken)
    {
        _hidesReadability = false;
        return Submit(cancellationToken);
    }

    internal ValueTask<ReceiveLease> ReceiveLease(CancellationToken cancellationToken)
    {
        WantsLease = true;
        _hidesReadability = false;
        if (!TrySubmit(cancellationToken, out int result))
            return new ValueTask<ReceiveLease>(this, Version);

        ReceiveLease lease = ToLease(_lease, result);
        Release();
        return result >= 0 ? new ValueTask<ReceiveLease>(lease) : ValueTask.FromException<ReceiveLease>(CreateException(result));
    }

    ReceiveLease IValueTaskSource<ReceiveLease>.GetResult(short token)
    {
        // Before the operation forgets it; a wrong token takes nothing, since the call then throws.
        LeaseBuffer? buffer = _lease;
        return ToLease(buffer, GetResult(token));
    }

    internal override int Perform(int descriptor)
    {
        if (WantsLease)
            return PerformLease(descriptor);

        return Buffer.IsEmpty
            ? LinuxSocket.PeekNonBlocking(descriptor)
            : LinuxSocket.ReceiveNonBlocking(descriptor, Buffer.Span);
    }

    /// <summary>io_uring form: the kernel has received into a buffer of its choice.</summary>
    internal void SetLease(LeaseBuffer buffer) => _lease = buffer;

    // A stream that gave less than there was room for has no more. A peek says nothing about that.
    internal override bool IsDrainedBy(int result) =>
        result < (WantsLease ? PooledLeaseBuffers.BufferSize : Buffer.Length);

    internal override ValueTask<int> Start(Socket socket, CancellationToken cancellationToken)
    {
        if (WantsLease)
            return StartLease(socket, cancellationToken);

        return Buffer.IsEmpty
            ? WaitAsync(socket, cancellationToken)
            : socket.ReceiveAsync(Buffer, SocketFlags.None, cancellationToken);
    }

    protected override int ToPublicResult(int result) => _hidesReadability ? 0 : result;

    protected override void Release()
    {
        Buffer = default;
        _lease = null;
        WantsLease = false;
    }

    protected override TimeoutException CreateTimeoutException() =>
        new("Nothing was received for as long as the connection's receive timeout allows.");

    private int PerformLease(int descriptor)
    {
        LeaseBuffer buffer = Loop.LeaseBuffers.Rent();
        int count = LinuxSocket.ReceiveNonBlocking(descriptor, buffer.Memory.Span);
        if (count <= 0)
        {
            buffer.Return();
            return count;
        }

        _lease = buffer;
        return count;
    }

    /// <summary>When nothing is received the buffer goes to the collector: the end of it may be on any thread.</summary>
    private ValueTask<int> StartLease(Socket socket, CancellationToken cancellationToken)
    {
        _lease = Loop.LeaseBuffers.Rent();
        return socket.ReceiveAsync(_lease.Memory, SocketFlags.None, cancellationToken);
    }

    private static ReceiveLease ToLease(LeaseBuffer? buffer, int count)
    {
        if (count <= 0 || buffer is null)
            return default;

        if (buffer.UnreadLength == 0)
            buffer.SetReceived(count);
        return new ReceiveLease(buffer);
    }

    private static async ValueTask<int> WaitAsync(Socket socket, CancellationToken cancellationToken)
    {
        // A zero-byte receive waits for readability too; a peek then tells bytes from the end.
        await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellationToken).ConfigureAwait(false);
        return await socket.ReceiveAsync(new byte[1], SocketFlags.Peek, cancellationToken).ConfigureAwait(false);
    }
}
