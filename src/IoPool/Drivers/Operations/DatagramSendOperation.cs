using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using IoPool.Drivers.Linux;
using IoPool.Net;

namespace IoPool.Drivers.Operations;

/// <summary>Sends one datagram, or a batch.</summary>
internal sealed class DatagramSendOperation(IoHandle handle) : IoOperation(handle, isWrite: true)
{
    private ReadOnlyMemory<byte> _data;
    private SocketAddress? _remote;
    private DatagramBatch? _batch;
    private int _sent;

    /// <param name="data">The datagram.</param>
    /// <param name="remote">Where to; <see langword="null"/>: to where the socket is connected to.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal ValueTask Send(ReadOnlyMemory<byte> data, SocketAddress? remote, CancellationToken cancellationToken)
    {
        _data = data;
        _remote = remote;
        return SubmitWithoutResult(cancellationToken);
    }

    internal ValueTask Send(DatagramBatch batch, CancellationToken cancellationToken)
    {
        _batch = batch;
        _sent = 0;
        return SubmitWithoutResult(cancellationToken);
    }

    internal override int Perform(int descriptor)
    {
        if (_batch is not { } batch)
            return LinuxSocket.SendTo(descriptor, _data.Span, _remote);

        while (_sent < batch.Count)
        {
            int count = LinuxSocket.SendMany(descriptor, batch, _sent);
            if (count < 0)
                return count;

            _sent += count;
        }

        return _sent;
    }

    internal override bool IsDrainedBy(int result) => false;

    internal override ValueTask<int> Start(Socket socket, CancellationToken cancellationToken) => _batch is { } batch
        ? SendBatchAsync(socket, batch, cancellationToken)
        : SendOneAsync(socket, _data, _remote, cancellationToken);

    protected override void Release()
    {
        _data = default;
        _remote = null;
        _batch = null;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<int> SendBatchAsync(Socket socket, DatagramBatch batch, CancellationToken cancellationToken)
    {
        for (int i = 0; i < batch.Count; i++)
            await SendOneAsync(socket, batch[i], batch.GetEndPoint(i)?.Serialize(), cancellationToken).ConfigureAwait(false);
        return batch.Count;
    }

    private static ValueTask<int> SendOneAsync(
        Socket socket, ReadOnlyMemory<byte> data, SocketAddress? remote, CancellationToken cancellationToken) => remote is null
        ? socket.SendAsync(data, SocketFlags.None, cancellationToken)
        : socket.SendToAsync(data, SocketFlags.None, remote, cancellationToken);
}
