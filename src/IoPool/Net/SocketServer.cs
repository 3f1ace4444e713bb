using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using IoPool.CompilerServices;
using IoPool.Drivers;
using IoPool.Scheduling;

namespace IoPool.Net;

/// <summary>
/// Accepts connections and serves each with a handler on its loop. Created by
/// <see cref="EventLoopGroupNetExtensions.Listen(EventLoopGroup, EndPoint, Func{SocketConnection, ValueTask}, SocketListenerOptions?)"/>.
/// All members may be called from any thread.
/// </summary>
public sealed class SocketServer : IAsyncDisposable, IDrainable
{
    private readonly EventLoopGroup _group;
    private readonly Func<SocketConnection, ValueTask> _handler;
    private readonly SocketListenerOptions _options;
    private readonly bool _setsNoDelay;
    private readonly CancellationTokenSource _stopAccepting = new();
    private readonly TaskCompletionSource _allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _room;
    private Task? _stopping;
    private Exception? _failure;
    private volatile bool _closesConnections;

    // Connections, and one for each acceptor that runs: when it is zero, everything has ended.
    private int _running;
    private int _connections;
    private long _accepted;

    private SocketServer(
        EventLoopGroup group,
        EndPoint? localEndPoint,
        Func<SocketConnection, ValueTask> handler,
        SocketListenerOptions options,
        bool adopted = false)
    {
        _group = group;
        _handler = handler;
        _options = options;
        _setsNoDelay = localEndPoint is IPEndPoint && SocketListener.SetsNoDelay(group[0].Driver, options, adopted);
        LocalEndPoint = localEndPoint;
    }

    /// <summary>The address it listens on, with the port that the system chose when 0 was asked for.</summary>
    public EndPoint? LocalEndPoint { get; }

    /// <summary>Connections that are being served or wait for their loop; a recent value.</summary>
    public int ConnectionCount => Volatile.Read(ref _connections);

    /// <summary>Connections accepted since the start; a recent value.</summary>
    public long AcceptedCount => Volatile.Read(ref _accepted);

    /// <summary>
    /// Ends when the server has: accepting stopped and every handler returned, after <see cref="DisposeAsync"/>, the group's
    /// shutdown, or a failure of accepting, which it then carries.
    /// </summary>
    public Task Completion => _completion.Task;

    /// <summary>
    /// Stops accepting, waits for the handlers up to the group's <see cref="EventLoopGroupOptions.DrainTimeout"/>, then
    /// closes what is left, so that their calls end with <see cref="ObjectDisposedException"/>. From a handler of this very
    /// server, that wait includes the caller: do not await it there.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        StopAccepting();
        Task stopping;
        lock (_allEnded)
        {
            stopping = _stopping ??= Task.Run(StopAsync);
        }

        await stopping.ConfigureAwait(false);
    }

    void IDrainable.BeginDrain()
    {
        StopAccepting();
        _ = CompleteWhenGroupStoppedAsync();
    }

    internal static SocketServer Start(
        EventLoopGroup group, EndPoint endPoint, Func<SocketConnection, ValueTask> handler, SocketListenerOptions options)
    {
        if (!group.AcceptsWork)
            throw group.CreateShutDownException();
        if (options.ReusePort && endPoint.AddressFamily == AddressFamily.Unix)
            throw new ArgumentException("ReusePort is not for Unix domain sockets.", nameof(options));

        UnattachedSocket first = group[0].Driver.OpenListener(endPoint, options.ToSettings());
        var server = new SocketServer(group, first.LocalEndPoint, handler, options);
        if (!options.ReusePort)
        {
            server.Run([(group.Next(), first)]);
            return server;
        }

        var acceptors = new List<(EventLoop, UnattachedSocket)> { (group[0], first) };
        try
        {
            // The first socket has settled the port.
            for (int i = 1; i < group.Count; i++)
                acceptors.Add((group[i], group[i].Driver.OpenListener(server.LocalEndPoint!, options.ToSettings())));
        }
        catch
        {
            acceptors.ForEach(static acceptor => acceptor.Item2.Close());
            throw;
        }

        server.Run(acceptors);
        return server;
    }

    internal static SocketServer Start(
        EventLoopGroup group, SafeSocketHandle handle, Func<SocketConnection, ValueTask> handler, SocketListenerOptions options)
    {
        if (!group.AcceptsWork)
            throw group.CreateShutDownException();

        UnattachedSocket socket = group[0].Driver.TakeOver(handle);
        var server = new SocketServer(group, socket.LocalEndPoint, handler, options, adopted: true);
        server.Run([(group.Next(), socket)]);
        return server;
    }

    private void Run(IReadOnlyList<(EventLoop Loop, UnattachedSocket Socket)> acceptors)
    {
        _running = acceptors.Count;
        bool registered = _group.TryRegister(this);
        int spawned = 0;
        foreach ((EventLoop loop, UnattachedSocket socket) in acceptors)
        {
            if (registered && loop.TrySpawn(static start => start.Server.AcceptAllAsync(start.Socket), new AcceptorStart(this, socket), flowContext: false))
                spawned++;
            else
                new AcceptorStart(this, socket).OnLoopStopped();
        }

        if (spawned == acceptors.Count)
            return;

        // The group began to shut down in the meantime.
        StopAccepting();
        throw _group.CreateShutDownException();
    }

    [AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]
    private async ValueTask AcceptAllAsync(UnattachedSocket socket)
    {
        EventLoop loop = EventLoop.Current!;
        try
        {
            await using SocketListener listener = SocketListener.Attach(loop, socket, _options);
            while (true)
            {
                await WaitForRoomAsync();
                UnattachedSocket accepted = await listener.AcceptSocketAsync(_stopAccepting.Token);
                Place(_options.ReusePort ? loop : NextLoop(), accepted);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // Stopped: by Dispose, or with the group.
        }
        catch (Exception exception)
        {
            _failure = exception;
            StopAccepting();
            _ = Task.Run(async () => await DisposeAsync().ConfigureAwait(false));
        }
        finally
        {
            EndOne();
        }
    }

    private EventLoop NextLoop() => _options.Placement is { } placement ? _group.Next(placement) : _group.Next();

    private void Place(EventLoop loop, UnattachedSocket accepted)
    {
        Volatile.Write(ref _accepted, _accepted + 1);
        Interlocked.Increment(ref _running);
        Interlocked.Increment(ref _connections);
        var start = new ConnectionStart(this, accepted);
        if (!loop.TrySpawn(static start => start.Server.ServeAsync(start.Socket), start, flowContext: false))
            start.OnLoopStopped();
    }

    [AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]
    private async ValueTask ServeAsync(UnattachedSocket accepted)
    {
        try
        {
            await using SocketConnection connection =
                SocketListener.Connect(EventLoop.Current!, accepted, _setsNoDelay, this);
            await _handler(connection);
        }
        catch (ObjectDisposedException) when (_closesConnections)
        {
            // The server closed the connection under the handler, which the handler had time to avoid.
        }
        finally
        {
            EndConnection();
        }
    }

    /// <summary>Waits, on the acceptor's loop, while as many connections are served as there may be.</summary>
    [AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]
    private async ValueTask WaitForRoomAsync()
    {
        while (_options.MaxConnections is { } limit && ConnectionCount >= limit)
        {
            var room = new TaskCompletionSource();
            Interlocked.Exchange(ref _room, room);
            // A connection that ended between the look and the exchange found nobody to tell.
            if (ConnectionCount >= limit)
                await room.Task.WaitAsync(_stopAccepting.Token);
        }
    }

    private void EndConnection()
    {
        Interlocked.Decrement(ref _connections);
        Interlocked.Exchange(ref _room, null)?.TrySetResult();
        EndOne();
    }

    private void EndOne()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _group.Unregister(this);
            _allEnded.TrySetResult();
            Complete();
        }
    }

    /// <summary>Handlers that the group's shutdown leaves behind never end, and nobody shall wait for them.</summary>
    private async Task CompleteWhenGroupStoppedAsync()
    {
        await _group.StoppedTask.ConfigureAwait(false);
        Complete();
    }

    private void Complete()
    {
        if (_failure is { } failure)
            _completion.TrySetException(failure);
        else
            _completion.TrySetResult();
    }

    // On the pool: the token's callbacks only post, but the caller may hold up others.
    private void StopAccepting() => _ = _stopAccepting.CancelAsync();

    private async Task StopAsync()
    {
        TimeSpan drainTimeout = _group.DrainTimeout;
        // When the group stops first, it ends the handlers, or leaves them behind and says so.
        Task ended = Task.WhenAny(_allEnded.Task, _group.StoppedTask);
        try
        {
            await ended.WaitAsync(drainTimeout, _group.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _closesConnections = true;
            foreach (EventLoop loop in _group)
                CloseConnectionsOn(loop);
            await ended.ConfigureAwait(false);
        }

        Complete();
    }

    private void CloseConnectionsOn(EventLoop loop)
    {
        try
        {
            loop.Post(
                static server =>
                {
                    foreach (IHandleOwner owner in EventLoop.Current!.Driver.Owners)
                    {
                        if (owner is SocketConnection connection && ReferenceEquals(connection.Server, server))
                            connection.CloseByServer();
                    }
                },
                this);
        }
        catch (ObjectDisposedException)
        {
            // A loop that has stopped has closed its connections.
        }
    }

    /// <summary>A listening socket on its way to its loop.</summary>
    private readonly record struct AcceptorStart(SocketServer Server, UnattachedSocket Socket) : IStoppable
    {
        public void OnLoopStopped()
        {
            Socket.Close();
            Server.EndOne();
        }
    }

    /// <summary>A connection on its way to its loop.</summary>
    private readonly record struct ConnectionStart(SocketServer Server, UnattachedSocket Socket) : IStoppable, INamedWork
    {
        public Delegate Method => Server._handler;

        public void OnLoopStopped()
        {
            Socket.Close();
            Server.EndConnection();
        }
    }
}
