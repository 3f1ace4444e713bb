using System.Net;
using System.Net.Sockets;
using IoPool.Drivers.Linux;
using IoPool.Interop;

namespace IoPool.Drivers.Operations;

/// <summary>Connects a stream socket.</summary>
internal sealed class ConnectOperation(IoHandle handle, EndPoint remote) : IoOperation(handle, isWrite: true)
{
    private bool _started;

    internal ValueTask<int> Connect(CancellationToken cancellationToken) => Submit(cancellationToken);

    internal override int Perform(int descriptor)
    {
        if (_started)
            return -LinuxSocket.TakeError(descriptor);

        _started = true;
        int result = LinuxSocket.Connect(descriptor, remote);
        // In progress: the socket becomes writable when it is decided. (A Unix socket whose listener's backlog is full
        // says EAGAIN and will not tell when there is room: that is an error to the caller.)
        return result == -Errno.EINPROGRESS ? -Errno.EAGAIN
            : result == -Errno.EAGAIN ? -Errno.ECONNREFUSED
            : result;
    }

    internal override bool IsDrainedBy(int result) => false;

    internal override async ValueTask<int> Start(Socket socket, CancellationToken cancellationToken)
    {
        await socket.ConnectAsync(remote, cancellationToken).ConfigureAwait(false);
        return 0;
    }

    protected override void Release()
    {
    }

    protected override TimeoutException CreateTimeoutException() => new($"Connecting to {remote} took longer than its timeout allows.");
}
