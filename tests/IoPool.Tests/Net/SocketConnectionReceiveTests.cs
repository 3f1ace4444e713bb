using System.Net.Sockets;
using IoPool.Tests.Support;

namespace IoPool.Tests.Net;

public sealed class SocketConnectionReceiveTests
{
    [SkippableTheory, AllTransports]
    public async Task Receive_ReturnsWhatThePeerSent(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, transport);
        await pair.Peer.SendAllAsync("hello"u8.ToArray());
        byte[] buffer = new byte[16];
        Assert.Equal(5, await pair.RunAsync(c => c.ReceiveAsync(buffer)));
        Assert.Equal("hello"u8.ToArray(), buffer[..5]);
    }

    [SkippableTheory, AllTransports]
    public async Task Receive_AfterThePeerEnded_ReturnsZeroEveryTime(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, transport);
        await pair.Peer.SendAllAsync(new byte[10]);
        pair.Peer.Shutdown(SocketShutdown.Send);
        byte[] buffer = new byte[10];
        Assert.Equal(10, await pair.RunAsync(c => c.ReceiveAsync(buffer)));
        for (int i = 0; i < 3; i++)
            Assert.Equal(0, await pair.RunAsync(c => c.ReceiveAsync(buffer)));
    }

    [SkippableTheory, AllTransports]
    public async Task Receive_ThatWaits_EndsWithTheStream(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, transport);
        Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[10]));
        pair.Peer.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await receive.WithCeiling());
    }

    [SkippableTheory, AllTransports]
    public async Task Receive_IntoABufferSmallerThanTheData_GetsTheRestNext(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, transport);
        byte[] data = Pattern.Bytes(1_000);
        await pair.Peer.SendAllAsync(data);
        byte[] received = await pair.RunAsync(async c =>
        {
            byte[] all = new byte[1_000];
            for (int count = 0; count < all.Length;)
                count += await c.ReceiveAsync(all.AsMemory(count, Math.Min(7, all.Length - count)));
            return all;
        });
        Assert.Equal(data, received);
    }

    [SkippableTheory, AllTransports]
    public async Task Receive_WithAnEmptyBuffer_WaitsForBytesAndTakesNone(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, transport);
        Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(Memory<byte>.Empty));
        await test.ParkedAsync();
        Assert.False(receive.IsCompleted);
        await pair.Peer.SendAllAsync(new byte[3]);
        Assert.Equal(0, await receive.WithCeiling());
        Assert.Equal(0, await pair.RunAsync(c => c.ReceiveAsync(Memory<byte>.Empty)));
        Assert.Equal(3, await pair.RunAsync(c => c.ReceiveAsync(new byte[10])));
    }

    [SkippableTheory, AllTransports]
    public async Task WaitToReceive_TellsBytesFromTheEndOfTheStream(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, transport);
        Task<bool> wait = await pair.BeginAsync(c => c.WaitToReceiveAsync());
        await test.ParkedAsync();
        Assert.False(wait.IsCompleted);
        await pair.Peer.SendAllAsync(new byte[3]);
        Assert.True(await wait.WithCeiling());
        Assert.True(await pair.RunAsync(c => c.WaitToReceiveAsync()));
        Assert.Equal(3, await pair.RunAsync(c => c.ReceiveAsync(new byte[10])));

        wait = await pair.BeginAsync(c => c.WaitToReceiveAsync());
        pair.Peer.Shutdown(SocketShutdown.Send);
        Assert.False(await wait.WithCeiling());
        Assert.False(await pair.RunAsync(c => c.WaitToReceiveAsync()));
        Assert.Equal(0, await pair.RunAsync(c => c.ReceiveAsync(new byte[10])));
    }

    [SkippableTheory, AllDrivers]
    public async Task Receive_WhileAnotherIsPending_Throws(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        Task<int> first = await pair.BeginAsync(c => c.ReceiveAsync(new byte[10]));
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => pair.RunAsync(c => c.ReceiveAsync(new byte[10])));
        Assert.Contains("receive", exception.Message);
        await Assert.ThrowsAsync<InvalidOperationException>(() => pair.RunAsync(c => c.WaitToReceiveAsync()));
        await Assert.ThrowsAsync<InvalidOperationException>(() => pair.RunAsync(c => c.ReceiveAsync(Memory<byte>.Empty)));

        await pair.Peer.SendAllAsync(new byte[4]);
        Assert.Equal(4, await first.WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task Receive_WhileASendIsPending_IsFine(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, smallBuffers: true);
        byte[] data = Pattern.Bytes(ConnectionPair.MoreThanBuffersHold);
        Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[10]));
        Task send = await pair.BeginAsync(c => c.SendAsync(data));
        await test.ParkedAsync();
        Assert.False(receive.IsCompleted);
        Assert.False(send.IsCompleted);

        await pair.Peer.SendAllAsync(new byte[4]);
        Assert.Equal(4, await receive.WithCeiling());
        Assert.False(send.IsCompleted);
        Assert.Equal(data, await pair.Peer.ReceiveAllAsync(data.Length));
        await send.WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Receive_AfterThePeerReset_FailsWithConnectionReset(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[10]));
        pair.Peer.Reset();
        var exception = await Assert.ThrowsAsync<SocketException>(() => receive.WithCeiling());
        Assert.Equal(SocketError.ConnectionReset, exception.SocketErrorCode);
    }

    [SkippableTheory, AllDrivers]
    public async Task WaitToReceive_AfterThePeerReset_FailsWithConnectionReset(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        Task<bool> wait = await pair.BeginAsync(c => c.WaitToReceiveAsync());
        pair.Peer.Reset();
        var exception = await Assert.ThrowsAsync<SocketException>(() => wait.WithCeiling());
        Assert.Equal(SocketError.ConnectionReset, exception.SocketErrorCode);
    }

    [SkippableTheory, AllDrivers]
    public async Task Receive_PastUrgentData_IsNotHeldUp(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.Peer.SendAllAsync("abc"u8.ToArray());
        Assert.Equal(1, pair.Peer.Send("!"u8, SocketFlags.OutOfBand));
        await pair.Peer.SendAllAsync("def"u8.ToArray());
        // A receive stops at the urgent mark, with the rest there already.
        string text = await pair.RunAsync(async c =>
        {
            byte[] buffer = new byte[100];
            int count = 0;
            while (count < 6)
                count += await c.ReceiveAsync(buffer.AsMemory(count));
            return System.Text.Encoding.ASCII.GetString(buffer, 0, count);
        });
        Assert.Equal("abcdef", text);
    }

    [SkippableTheory, AllDrivers]
    public async Task Receive_WithUrgentDataAnywhere_LosesNothingElse(DriverKind driver)
    {
        for (int seed = 1; seed <= 10; seed++)
        {
            await using TestGroup test = TestGroup.Create(driver);
            await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
            var random = new Random(seed);
            for (int round = 0; round < 20; round++)
            {
                byte[] before = Pattern.Bytes(1 + random.Next(3_000)), after = Pattern.Bytes(1 + random.Next(3_000));
                Task<byte[]> receiving = await pair.BeginAsync(c => ReceiveAllAsync(c, before.Length + after.Length));
                await pair.Peer.SendAllAsync(before);
                if (random.Next(2) == 0)
                    await test.ParkedAsync();
                // The urgent byte itself is not part of the stream.
                Assert.Equal(1, pair.Peer.Send("!"u8, SocketFlags.OutOfBand));
                if (random.Next(2) == 0)
                    await test.ParkedAsync();
                await pair.Peer.SendAllAsync(after);
                byte[] received = await receiving.WithCeiling();
                Assert.True(received.AsSpan().SequenceEqual((byte[])[.. before, .. after]), $"seed {seed}, round {round}");
            }
        }
    }

    private static async ValueTask<byte[]> ReceiveAllAsync(IoPool.Net.SocketConnection connection, int length)
    {
        byte[] all = new byte[length];
        // More room than there are bytes: every receive is a short one, which tells that the socket is drained.
        byte[] buffer = new byte[length + 1];
        for (int count = 0; count < length;)
        {
            int received = await connection.ReceiveAsync(buffer);
            buffer.AsSpan(0, received).CopyTo(all.AsSpan(count));
            count += received;
        }

        return all;
    }
}
