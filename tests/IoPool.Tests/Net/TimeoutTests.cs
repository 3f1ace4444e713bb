using System.Net.Sockets;
using IoPool.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace IoPool.Tests.Net;

public sealed class TimeoutTests
{
    private readonly FakeTimeProvider _time = new();

    [SkippableTheory, AllDrivers]
    public async Task ReceiveTimeout_EndsTheReceive_AndTheConnectionStaysUsable(DriverKind driver)
    {
        await using TestGroup test = CreateGroup(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.RunAsync(c => c.ReceiveTimeout = TimeSpan.FromMinutes(1));
        for (int i = 0; i < 3; i++)
        {
            Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[4]));
            await AdvanceAsync(test, TimeSpan.FromSeconds(59));
            Assert.False(receive.IsCompleted);
            await AdvanceAsync(test, TimeSpan.FromSeconds(2));
            await Assert.ThrowsAsync<TimeoutException>(() => receive.WithCeiling());
        }

        await pair.Peer.SendAllAsync(new byte[4]);
        Assert.Equal(4, await pair.RunAsync(c => c.ReceiveAsync(new byte[4])));
    }

    [SkippableTheory, AllDrivers]
    public async Task ReceiveTimeout_EndsAWaitForBytes(DriverKind driver)
    {
        await using TestGroup test = CreateGroup(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.RunAsync(c => c.ReceiveTimeout = TimeSpan.FromMinutes(1));
        Task<bool> wait = await pair.BeginAsync(c => c.WaitToReceiveAsync());
        await AdvanceAsync(test, TimeSpan.FromSeconds(61));
        await Assert.ThrowsAsync<TimeoutException>(() => wait.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task ReceiveTimeout_CountsFromTheCall_EvenAfterALongComputation(DriverKind driver)
    {
        await using TestGroup test = CreateGroup(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.RunAsync(c => c.ReceiveTimeout = TimeSpan.FromMinutes(1));
        // A first receive leaves the connection's timer set, and with it the loop's own idea of the time.
        Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[4]));
        await pair.Peer.SendAllAsync(new byte[4]);
        await receive.WithCeiling();
        receive = await pair.BeginAsync(c =>
        {
            _time.Advance(TimeSpan.FromMinutes(5));
            return c.ReceiveAsync(new byte[4]);
        });
        await test.ParkedAsync();
        await AdvanceAsync(test, TimeSpan.FromSeconds(50));
        Assert.False(receive.IsCompleted);
        await pair.Peer.SendAllAsync(new byte[4]);
        Assert.Equal(4, await receive.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task ReceiveTimeout_SetWhileAReceiveIsPending_Counts(DriverKind driver)
    {
        await using TestGroup test = CreateGroup(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[4]));
        await pair.RunAsync(c => c.ReceiveTimeout = TimeSpan.FromMinutes(1));
        await AdvanceAsync(test, TimeSpan.FromSeconds(61));
        await Assert.ThrowsAsync<TimeoutException>(() => receive.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task ReceiveTimeout_TakenBackWhileAReceiveIsPending_DoesNotEndIt(DriverKind driver)
    {
        await using TestGroup test = CreateGroup(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.RunAsync(c => c.ReceiveTimeout = TimeSpan.FromMinutes(1));
        Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[4]));
        await pair.RunAsync(c => c.ReceiveTimeout = Timeout.InfiniteTimeSpan);
        await AdvanceAsync(test, TimeSpan.FromHours(1));
        await pair.Peer.SendAllAsync(new byte[4]);
        Assert.Equal(4, await receive.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task SendTimeout_HalfWay_EndsTheSend_AndNoOtherIsPossible(DriverKind driver)
    {
        await using TestGroup test = CreateGroup(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, smallBuffers: true);
        await pair.RunAsync(c => c.SendTimeout = TimeSpan.FromMinutes(1));
        Task send = await pair.BeginAsync(c => c.SendAsync(new byte[ConnectionPair.MoreThanBuffersHold]));
        await AdvanceAsync(test, TimeSpan.FromSeconds(61));
        await Assert.ThrowsAsync<TimeoutException>(() => send.WithCeiling());
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => pair.RunAsync(c => c.SendAsync(new byte[1])));
        Assert.Contains("half-way", exception.Message);

        // The other direction is not concerned.
        await pair.Peer.SendAllAsync(new byte[4]);
        Assert.Equal(4, await pair.RunAsync(c => c.ReceiveAsync(new byte[4])));
    }

    [SkippableTheory, AllDrivers]
    public async Task IdleTimeout_ResetsTheConnection_AndEndsBothCalls(DriverKind driver)
    {
        await using TestGroup test = CreateGroup(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, smallBuffers: true);
        await pair.RunAsync(c => c.IdleTimeout = TimeSpan.FromMinutes(1));
        Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[4]));
        Task send = await pair.BeginAsync(c => c.SendAsync(new byte[ConnectionPair.MoreThanBuffersHold]));
        await AdvanceAsync(test, TimeSpan.FromSeconds(61));
        await Assert.ThrowsAsync<TimeoutException>(() => receive.WithCeiling());
        await Assert.ThrowsAsync<TimeoutException>(() => send.WithCeiling());
        await Assert.ThrowsAsync<TimeoutException>(() => pair.RunAsync(c => c.ReceiveAsync(new byte[4])));
        var exception = await Assert.ThrowsAsync<SocketException>(() => pair.Peer.ReceiveToEndAsync());
        Assert.Equal(SocketError.ConnectionReset, exception.SocketErrorCode);
    }

    [SkippableTheory, AllDrivers]
    public async Task IdleTimeout_StartsAnewWithEveryReceive(DriverKind driver)
    {
        await using TestGroup test = CreateGroup(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.RunAsync(c => c.IdleTimeout = TimeSpan.FromMinutes(1));
        for (int i = 0; i < 5; i++)
        {
            Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[4]));
            await AdvanceAsync(test, TimeSpan.FromSeconds(50));
            await pair.Peer.SendAllAsync(new byte[4]);
            Assert.Equal(4, await receive.WithCeiling());
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task IdleTimeout_WhileTheUsersCodeComputes_DoesNotCount(DriverKind driver)
    {
        await using TestGroup test = CreateGroup(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.RunAsync(c => c.IdleTimeout = TimeSpan.FromMinutes(1));
        Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[4]));
        await pair.Peer.SendAllAsync(new byte[4]);
        await receive.WithCeiling();
        await AdvanceAsync(test, TimeSpan.FromHours(1));
        await pair.Peer.SendAllAsync(new byte[4]);
        Assert.Equal(4, await pair.RunAsync(c => c.ReceiveAsync(new byte[4])));
    }

    [SkippableFact]
    public async Task IdleTimeout_DoesNotEndASendThatGetsOn()
    {
        // The portable driver hands a whole send to the base class library, which tells nothing of its progress.
        await using TestGroup test = CreateGroup(DriverKind.Epoll);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, smallBuffers: true);
        await pair.RunAsync(c => c.IdleTimeout = TimeSpan.FromMinutes(1));
        byte[] data = Pattern.Bytes(ConnectionPair.MoreThanBuffersHold);
        Task send = await pair.BeginAsync(c => c.SendAsync(data));
        var received = new MemoryStream();
        for (int i = 0; i < 4; i++)
        {
            await AdvanceAsync(test, TimeSpan.FromSeconds(40));
            received.Write(await pair.Peer.ReceiveAllAsync(1_000_000));
        }

        Assert.Equal(data, received.ToArray());
        await send.WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Dispose_WithTimeoutsSet_LeavesNoTimerBehind(DriverKind driver)
    {
        await using TestGroup test = CreateGroup(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.RunAsync(c => c.IdleTimeout = c.ReceiveTimeout = TimeSpan.FromMinutes(1));
        Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[4]));
        await pair.RunAsync(c => c.DisposeAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receive.WithCeiling());
        await AdvanceAsync(test, TimeSpan.FromHours(1));
        Assert.Empty(test.Unhandled);
    }

    private TestGroup CreateGroup(DriverKind driver) =>
        TestGroup.Create(driver, 1, options => options.TimeProvider = _time);

    /// <summary>Moves time, with the loop's timers set before and run after.</summary>
    private async Task AdvanceAsync(TestGroup test, TimeSpan time)
    {
        await test.ParkedAsync();
        _time.Advance(time);
        await test.ParkedAsync();
    }
}
