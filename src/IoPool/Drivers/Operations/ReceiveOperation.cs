using System.Net.Sockets;
using IoPool.Drivers.Linux;

namespace IoPool.Drivers.Operations;

/// <summary>
/// Receives into the caller's memory. With an empty buffer it waits until there is something to receive, and takes
/// nothing.
/// </summary>
internal sealed class ReceiveOperation(IoHandle handle) : IoOperation(handle, isWrite: false)
{
    private Memory<byte> _buffer;
    private bool _hidesReadability;

    internal ValueTask<int> Receive(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _buffer = buffer;
        _hidesReadability = buffer.IsEmpty;
        return Submit(cancellationToken);
    }

    /// <summary>1 when there is something to receive, 0 when the peer has ended its side.</summary>
    internal ValueTask<int> WaitReadable(CancellationToken cancellationToken)
    {
        _hidesReadability = false;
        return Submit(cancellationToken);
    }

    internal override int Perform(int descriptor) => _buffer.IsEmpty
        ? LinuxSocket.PeekNonBlocking(descriptor)
        : LinuxSocket.ReceiveNonBlocking(descriptor, _buffer.Span);

    // A stream that gave less than there was room for has no more. A peek says nothing about that.
    internal override bool IsDrainedBy(int result) => result < _buffer.Length;

    internal override ValueTask<int> Start(Socket socket, CancellationToken cancellationToken) => _buffer.IsEmpty
        ? WaitAsync(socket, cancellationToken)
        : socket.ReceiveAsync(_buffer, SocketFlags.None, cancellationToken);

    protected override int ToPublicResult(int result) => _hidesReadability ? 0 : result;

    protected override void Release() => _buffer = default;

    protected override TimeoutException CreateTimeoutException() =>
        new("Nothing was received for as long as the connection's receive timeout allows.");

    private static async ValueTask<int> WaitAsync(Socket socket, CancellationToken cancellationToken)
    {
        // A zero-byte receive waits for readability too; a peek then tells bytes from the end.
        await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellationToken).ConfigureAwait(false);
        return await socket.ReceiveAsync(new byte[1], SocketFlags.Peek, cancellationToken).ConfigureAwait(false);
    }
}
