using System.Net.Sockets;
using IoPool.Drivers.Linux;

namespace IoPool.Drivers.Operations;

/// <summary>Accepts one connection.</summary>
internal sealed class AcceptOperation(IoHandle handle) : IoOperation(handle, isWrite: false)
{
    private UnattachedSocket _accepted;

    internal ValueTask<int> Accept(CancellationToken cancellationToken) => Submit(cancellationToken);

    /// <summary>The socket of the accept that just succeeded; the caller owns it.</summary>
    internal UnattachedSocket TakeAccepted()
    {
        UnattachedSocket accepted = _accepted;
        _accepted = default;
        return accepted;
    }

    internal override int Perform(int descriptor)
    {
        int result = LinuxSocket.Accept(descriptor);
        return result < 0 ? result : SetAccepted(result);
    }

    /// <summary>io_uring form: the kernel has accepted. Returns the operation's result.</summary>
    internal int SetAccepted(int descriptor)
    {
        _accepted = UnattachedSocket.Of(descriptor);
        return 0;
    }

    // The backlog is empty when the kernel says so.
    internal override bool IsDrainedBy(int result) => false;

    internal override async ValueTask<int> Start(Socket socket, CancellationToken cancellationToken)
    {
        _accepted = UnattachedSocket.Of(await socket.AcceptAsync(cancellationToken).ConfigureAwait(false));
        return 0;
    }

    protected override void Release()
    {
    }
}
