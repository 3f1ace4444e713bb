using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using IoPool.CompilerServices;
using IoPool.Drivers;
using IoPool.Drivers.Operations;
using IoPool.Scheduling;

namespace IoPool.Net;

// Connecting out.
public sealed partial class SocketConnection
{
    /// <summary>Connects to an end point; the connection belongs to the loop that calls.</summary>
    /// <param name="remote">An <see cref="IPEndPoint"/>, a <see cref="UnixDomainSocketEndPoint"/>, or a
    /// <see cref="DnsEndPoint"/>, whose name is resolved off the loop and whose addresses are tried in turn.</param>
    /// <param name="timeout">For all of it; <see langword="null"/> leaves it to the system.</param>
    /// <param name="cancellationToken">Ends the attempt with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The connection, which the caller disposes. TCP connections have <see cref="NoDelay"/> set.</returns>
    /// <exception cref="InvalidOperationException">The calling thread is no event loop's.</exception>
    /// <exception cref="SocketException">Nobody answered, or the name is not known.</exception>
    /// <exception cref="TimeoutException">The timeout passed first.</exception>
    /// <exception cref="ObjectDisposedException">The group is shutting down.</exception>
    public static ValueTask<SocketConnection> ConnectAsync(
        EndPoint remote, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(remote);
        if (timeout is { } limit && limit != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.FromMilliseconds(1), nameof(timeout));
        EventLoop loop = EventLoop.Require("SocketConnection.ConnectAsync");
        if (!loop.Group.AcceptsWork)
            throw loop.Group.CreateShutDownException();

        long dueMs = timeout is { } time && time != Timeout.InfiniteTimeSpan ? loop.Clock.DueMs(time) : long.MaxValue;
        return remote is DnsEndPoint name
            ? ConnectByNameAsync(loop, name, dueMs, cancellationToken)
            : ConnectAsync(loop, remote, dueMs, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder<>))]
    private static async ValueTask<SocketConnection> ConnectByNameAsync(
        EventLoop loop, DnsEndPoint name, long dueMs, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = await ResolveAsync(loop, name, dueMs, cancellationToken);
        for (int i = 0; ; i++)
        {
            if (i == addresses.Length)
                throw new SocketException((int)SocketError.HostNotFound);

            try
            {
                return await ConnectAsync(loop, new IPEndPoint(addresses[i], name.Port), dueMs, cancellationToken);
            }
            catch (SocketException) when (i < addresses.Length - 1)
            {
                // The next address may answer; the last one's failure is the caller's.
            }
        }
    }

    [AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder<>))]
    private static async ValueTask<IPAddress[]> ResolveAsync(
        EventLoop loop, DnsEndPoint name, long dueMs, CancellationToken cancellationToken)
    {
        Task<IPAddress[]> resolving = Dns.GetHostAddressesAsync(name.Host, name.AddressFamily, cancellationToken);
        return dueMs == long.MaxValue
            ? await resolving
            : await resolving.WaitAsync(loop.Clock.Until(dueMs), loop.TimeProvider, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder<>))]
    private static async ValueTask<SocketConnection> ConnectAsync(
        EventLoop loop, EndPoint remote, long dueMs, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IoHandle handle = loop.Driver.OpenStream(remote);
        var attempt = new ConnectAttempt(handle, remote);
        try
        {
            if (dueMs != long.MaxValue)
                attempt.EndAt(dueMs);
            await attempt.Operation.Connect(cancellationToken);
            if (handle.AddressFamily != AddressFamily.Unix)
                handle.NoDelay = true;
            return new SocketConnection(handle);
        }
        catch
        {
            handle.Close(abort: false);
            throw;
        }
        finally
        {
            attempt.Dispose();
        }
    }

    /// <summary>A connect under way: what ends it early.</summary>
    private sealed class ConnectAttempt : IHandleOwner, ITimerTarget, IDisposable
    {
        private readonly TimerNode _timer;

        internal ConnectAttempt(IoHandle handle, EndPoint remote)
        {
            Operation = new ConnectOperation(handle, remote);
            _timer = new TimerNode(this);
            handle.Owner = this;
        }

        internal ConnectOperation Operation { get; }

        public void OnLoopStopping() => Operation.End(IoOperation.EndReason.LoopStopped);

        public void OnTimer(TimerNode node) => Operation.End(IoOperation.EndReason.TimedOut);

        public void Dispose() => Operation.Loop.CancelTimer(_timer);

        internal void EndAt(long dueMs) => Operation.Loop.ScheduleTimer(_timer, dueMs);
    }
}
