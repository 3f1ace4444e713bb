using System.Net;
using System.Net.Sockets;
using IoPool.Net;
using IoPool.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace IoPool.Tests.Net;

public sealed class ConnectTests
{
    [SkippableTheory, AllTransports]
    public async Task Connect_ReachesTheListener_AndBelongsToTheCallingLoop(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        using var address = new FreeAddress(transport);
        using Socket listener = PlainSocket.Listen(address.EndPoint);
        Task<Socket> accepting = listener.AcceptAsync();
        await test.Group[1].RunAsync(async () =>
        {
            await using SocketConnection connection = await SocketConnection.ConnectAsync(listener.LocalEndPoint!);
            Assert.Same(test.Group[1], connection.Loop);
            await connection.SendAsync("hello"u8.ToArray());
        }).WithCeiling();
        using Socket accepted = await accepting.WithCeiling();
        Assert.Equal("hello"u8.ToArray(), await accepted.ReceiveToEndAsync());
    }

    [SkippableTheory, AllDrivers]
    public async Task Connect_WhereNobodyListens_IsRefused(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        // Bound, hence nobody else's, and not listening.
        using Socket bound = PlainSocket.Create(PlainSocket.Loopback);
        bound.Bind(PlainSocket.Loopback);
        var exception = await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(test, bound.LocalEndPoint!));
        Assert.Equal(SocketError.ConnectionRefused, exception.SocketErrorCode);
    }

    [SkippableTheory, AllDrivers]
    public async Task Connect_ToAPathThatIsNotThere_Fails(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        using var address = new FreeAddress(Transport.UnixPath);
        await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(test, address.EndPoint));
    }

    [SkippableTheory, AllDrivers]
    public async Task Connect_ByName_ReachesALocalServer(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        using Socket listener = PlainSocket.Listen(PlainSocket.Loopback);
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        await ConnectAsync(test, new DnsEndPoint("localhost", port));
        await ConnectAsync(test, new DnsEndPoint("localhost", port, AddressFamily.InterNetwork));
    }

    [SkippableTheory, AllDrivers]
    public async Task Connect_ByName_WhereNobodyListens_IsRefused(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        using Socket bound = PlainSocket.Create(PlainSocket.Loopback);
        bound.Bind(PlainSocket.Loopback);
        int port = ((IPEndPoint)bound.LocalEndPoint!).Port;
        var exception = await Assert.ThrowsAsync<SocketException>(
            () => ConnectAsync(test, new DnsEndPoint("localhost", port, AddressFamily.InterNetwork)));
        Assert.Equal(SocketError.ConnectionRefused, exception.SocketErrorCode);
    }

    [SkippableTheory, AllDrivers]
    public async Task Connect_WithATokenThatIsCancelled_DoesNotTry(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        using Socket listener = PlainSocket.Listen(PlainSocket.Loopback);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ConnectAsync(test, listener.LocalEndPoint!, cancellationToken: new CancellationToken(canceled: true)));
        Assert.False(listener.Poll(0, SelectMode.SelectRead));
    }

    [SkippableTheory, AllDrivers]
    public async Task Connect_Cancelled_Ends(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        using var silence = new SilentListener();
        using var source = new CancellationTokenSource();
        Task connect = await BeginConnectAsync(test, silence.EndPoint, cancellationToken: source.Token);
        await test.ParkedAsync();
        Assert.False(connect.IsCompleted);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connect.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task Connect_BeyondItsTimeout_Fails(DriverKind driver)
    {
        var time = new FakeTimeProvider();
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.TimeProvider = time);
        using var silence = new SilentListener();
        Task connect = await BeginConnectAsync(test, silence.EndPoint, TimeSpan.FromMinutes(1));
        await test.ParkedAsync();
        time.Advance(TimeSpan.FromSeconds(59));
        await test.ParkedAsync();
        Assert.False(connect.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        var exception = await Assert.ThrowsAsync<TimeoutException>(() => connect.WithCeiling());
        Assert.Contains($"{silence.EndPoint}", exception.Message);
    }

    [SkippableTheory, AllDrivers]
    public async Task Connect_PendingWhenTheDrainTimeIsOver_Fails(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        using var silence = new SilentListener();
        Task connect = await BeginConnectAsync(test, silence.EndPoint);
        await test.Group.ShutdownAsync().WithCeiling();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => connect.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task Connect_WithABadArgument_Throws(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await Assert.ThrowsAsync<ArgumentNullException>(() => ConnectAsync(test, null!));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ConnectAsync(test, PlainSocket.Loopback, TimeSpan.Zero));
        await Assert.ThrowsAsync<ArgumentException>(() => ConnectAsync(test, new UnsupportedEndPoint()));
    }

    [Fact]
    public void Connect_OffALoop_ThrowsAndNamesRunAsync()
    {
        var exception = Assert.Throws<InvalidOperationException>(
            () => { _ = SocketConnection.ConnectAsync(PlainSocket.Loopback); });
        Assert.Contains("RunAsync", exception.Message);
    }

    private static Task ConnectAsync(
        TestGroup test, EndPoint endPoint, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        test.Group.RunAsync(async () =>
        {
            await using SocketConnection connection = await SocketConnection.ConnectAsync(endPoint, timeout, cancellationToken);
        }).WithCeiling();

    private static async Task<Task> BeginConnectAsync(
        TestGroup test, EndPoint endPoint, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task connect = test.Group[0].RunAsync(async () =>
        {
            ValueTask<SocketConnection> call = SocketConnection.ConnectAsync(endPoint, timeout, cancellationToken);
            begun.SetResult();
            await using SocketConnection connection = await call;
        }).AsTask();
        await begun.Task.WithCeiling();
        return connect;
    }

    private sealed class UnsupportedEndPoint : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.AppleTalk;
    }

    /// <summary>A listener whose backlog is full: the system answers no further attempt to connect.</summary>
    private sealed class SilentListener : IDisposable
    {
        private readonly Socket _listener;
        private readonly List<Socket> _fillers = [];

        internal SilentListener()
        {
            Skip.IfNot(OperatingSystem.IsLinux(), "What a full backlog does is known for Linux only.");
            _listener = PlainSocket.Listen(PlainSocket.Loopback, backlog: 1);
            // Two get in; the third is not answered, and those after it neither.
            for (int i = 0; i < 4; i++)
            {
                Socket filler = PlainSocket.Create(EndPoint);
                _fillers.Add(filler);
                filler.Blocking = false;
                try
                {
                    filler.Connect(EndPoint);
                }
                catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
                {
                }
            }
        }

        internal EndPoint EndPoint => _listener.LocalEndPoint!;

        public void Dispose()
        {
            _listener.Dispose();
            _fillers.ForEach(filler => filler.Dispose());
        }
    }
}
