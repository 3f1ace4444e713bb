using IoPool.Tests.Support;

namespace IoPool.Tests.Net;

public sealed class CancellationTests
{
    [SkippableTheory, AllTransports]
    public async Task CancelledReceive_KeepsTheConnectionUsable_AndLosesNothing(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, transport);
        for (byte i = 0; i < 50; i++)
        {
            using var source = new CancellationTokenSource();
            Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[4], source.Token));
            source.Cancel();
            var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receive.WithCeiling());
            Assert.Equal(source.Token, exception.CancellationToken);

            await pair.Peer.SendAllAsync(new[] { i });
            byte[] buffer = new byte[4];
            Assert.Equal(1, await pair.RunAsync(c => c.ReceiveAsync(buffer)));
            Assert.Equal(i, buffer[0]);
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task ReceivesThatRaceWithTheirCancellation_LoseNothingOfTheStream(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        byte[] data = Pattern.Bytes(2_000);
        Task<byte[]> receiving = await pair.BeginAsync(async c =>
        {
            byte[] all = new byte[data.Length];
            int count = 0;
            while (count < all.Length)
            {
                using var source = new CancellationTokenSource();
                ValueTask<int> call = c.ReceiveAsync(all.AsMemory(count), source.Token);
                Task cancelling = Task.Run(source.Cancel);
                try
                {
                    count += await call;
                }
                catch (OperationCanceledException)
                {
                }

                await cancelling;
            }

            return all;
        });
        foreach (byte[] chunk in data.Chunk(7))
            await pair.Peer.SendAllAsync(chunk);
        Assert.Equal(data, await receiving.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task CancelledWait_KeepsTheConnectionUsable(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        using var source = new CancellationTokenSource();
        Task<bool> wait = await pair.BeginAsync(c => c.WaitToReceiveAsync(source.Token));
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WithCeiling());
        await pair.Peer.SendAllAsync(new byte[1]);
        Assert.True(await pair.RunAsync(c => c.WaitToReceiveAsync()));
    }

    [SkippableTheory, AllDrivers]
    public async Task Calls_WithATokenThatIsCancelled_DoNothing(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.Peer.SendAllAsync(new byte[3]);
        var cancelled = new CancellationToken(canceled: true);
        await pair.RunAsync(async c =>
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => c.ReceiveAsync(new byte[4], cancelled).AsTask());
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => c.WaitToReceiveAsync(cancelled).AsTask());
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => c.SendAsync(new byte[4], cancelled).AsTask());
            Assert.Equal(3, await c.ReceiveAsync(new byte[4]));
            await c.SendAsync(new byte[1]);
            c.ShutdownSend();
        });
        Assert.Single(await pair.Peer.ReceiveToEndAsync());
    }

    [SkippableTheory, AllDrivers]
    public async Task CancelledSend_HalfWay_SaysSo_AndNoOtherIsPossible(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, smallBuffers: true);
        using var source = new CancellationTokenSource();
        Task send = await pair.BeginAsync(c => c.SendAsync(new byte[ConnectionPair.MoreThanBuffersHold], source.Token));
        await test.ParkedAsync();
        source.Cancel();
        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => send.WithCeiling());
        Assert.Contains("cannot be used for sending", exception.Message);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => pair.RunAsync(c => c.SendAsync(new byte[1])));
        Assert.Contains("half-way", refused.Message);

        await pair.Peer.SendAllAsync(new byte[4]);
        Assert.Equal(4, await pair.RunAsync(c => c.ReceiveAsync(new byte[4])));
    }

    [SkippableFact]
    public async Task CancelledSend_OfWhichNothingWasSent_LeavesTheConnectionUsable()
    {
        // The portable driver does not learn how much a cancelled send has sent, and takes the worst for granted.
        await using TestGroup test = TestGroup.Create(DriverKind.Epoll);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, smallBuffers: true);
        using var source = new CancellationTokenSource();
        int sent = 0, before;
        Task sending = await pair.BeginAsync(async c =>
        {
            while (true)
            {
                // One byte is sent whole or not at all.
                await c.SendAsync(new byte[1], source.Token);
                sent++;
            }
        });
        do
        {
            before = sent;
            await test.ParkedAsync();
        }
        while (sent != before);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WithCeiling());

        await pair.Peer.ReceiveAllAsync(sent);
        await pair.RunAsync(c => c.SendAsync("on"u8.ToArray()));
        Assert.Equal("on"u8.ToArray(), await pair.Peer.ReceiveAllAsync(2));
    }

    [SkippableTheory, AllDrivers]
    public async Task Cancelling_OnTheLoop_DoesNotReenterTheCanceller(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        var events = new List<string>();
        using var source = new CancellationTokenSource();
        Task receive = await pair.BeginAsync(async c =>
        {
            try
            {
                await c.ReceiveAsync(new byte[4], source.Token);
            }
            catch (OperationCanceledException)
            {
                events.Add("resumed");
            }
        });
        await pair.RunAsync(_ =>
        {
            events.Add("cancelling");
            source.Cancel();
            events.Add("cancelled");
        });
        await receive.WithCeiling();
        Assert.Equal(["cancelling", "cancelled", "resumed"], events);
    }

    [SkippableTheory, AllDrivers]
    public async Task Disposing_OnTheLoop_DoesNotReenterTheDisposer(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        var events = new List<string>();
        Task receive = await pair.BeginAsync(async c =>
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => c.ReceiveAsync(new byte[4]).AsTask());
            events.Add("resumed");
        });
        await pair.RunAsync(c =>
        {
            events.Add("disposing");
            c.Abort();
            events.Add("disposed");
        });
        await receive.WithCeiling();
        Assert.Equal(["disposing", "disposed", "resumed"], events);
    }

    [SkippableTheory, AllDrivers]
    public async Task ATokenOfAnEarlierCall_CancelledLater_DoesNotEndTheNext(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        using var earlier = new CancellationTokenSource();
        Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[4], earlier.Token));
        await pair.Peer.SendAllAsync(new byte[1]);
        await receive.WithCeiling();

        using var present = new CancellationTokenSource();
        receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[4], present.Token));
        earlier.Cancel();
        await test.ParkedAsync();
        Assert.False(receive.IsCompleted);
        await pair.Peer.SendAllAsync(new byte[2]);
        Assert.Equal(2, await receive.WithCeiling());
    }
}
