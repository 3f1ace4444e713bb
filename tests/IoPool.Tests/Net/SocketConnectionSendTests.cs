using System.Buffers;
using System.Net.Sockets;
using IoPool.Net;
using IoPool.Tests.Support;

namespace IoPool.Tests.Net;

public sealed partial class SocketConnectionSendTests
{
    [SkippableTheory, AllTransports]
    public async Task Send_MoreThanTheBuffersHold_ArrivesWhole(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, transport, smallBuffers: true);
        byte[] data = Pattern.Bytes(ConnectionPair.MoreThanBuffersHold);
        Task send = await pair.BeginAsync(c => c.SendAsync(data));
        await test.ParkedAsync();
        Assert.False(send.IsCompleted);
        Assert.Equal(data, await pair.Peer.ReceiveAllAsync(data.Length));
        await send.WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Send_Nothing_CompletesAndSendsNothing(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.RunAsync(async c =>
        {
            await c.SendAsync(ReadOnlyMemory<byte>.Empty);
            await c.SendAsync(ReadOnlySequence<byte>.Empty);
            await c.SendAsync("x"u8.ToArray());
            c.ShutdownSend();
        });
        Assert.Equal("x"u8.ToArray(), await pair.Peer.ReceiveToEndAsync());
    }

    [SkippableTheory, AllDrivers]
    public async Task Send_WhileAnotherIsPending_Throws(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, smallBuffers: true);
        byte[] data = Pattern.Bytes(ConnectionPair.MoreThanBuffersHold);
        Task send = await pair.BeginAsync(c => c.SendAsync(data));
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => pair.RunAsync(c => c.SendAsync(new byte[1])));
        Assert.Contains("send", exception.Message);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => pair.RunAsync(c => c.SendAsync(new ReadOnlySequence<byte>(new byte[1]))));
        await Assert.ThrowsAsync<InvalidOperationException>(() => pair.RunAsync(c => c.ShutdownSend()));
        Assert.Equal(data, await pair.Peer.ReceiveAllAsync(data.Length));
        await send.WithCeiling();
    }

    [SkippableTheory, AllTransports]
    public async Task SendSequence_WithEmptyAndManySegments_ArrivesInOrder(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, transport);
        byte[] data = Pattern.Bytes(5_000);
        // 0, 1, 2, ... bytes, an empty segment before each tenth: a hundred segments, more than one system call takes.
        ReadOnlySequence<byte> sequence = Segments(data, Enumerable.Range(0, 100).Select(i => i % 10 == 0 ? 0 : i));
        Assert.False(sequence.IsSingleSegment);
        await pair.RunAsync(async c =>
        {
            await c.SendAsync(sequence);
            c.ShutdownSend();
        });
        Assert.Equal(sequence.ToArray(), await pair.Peer.ReceiveToEndAsync());
    }

    [SkippableTheory, AllDrivers]
    public async Task SendSequence_OfEmptySegmentsOnly_SendsNothing(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        ReadOnlySequence<byte> sequence = Segments([], Enumerable.Repeat(0, 20));
        await pair.RunAsync(async c =>
        {
            await c.SendAsync(sequence);
            c.ShutdownSend();
        });
        Assert.Empty(await pair.Peer.ReceiveToEndAsync());
    }

    [SkippableTheory, AllDrivers]
    public async Task SendSequence_EndingInEmptySegments_Completes(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        ReadOnlySequence<byte> sequence = Segments("xy"u8.ToArray(), [0, 1, 0, 1, 0, 0]);
        await pair.RunAsync(async c =>
        {
            await c.SendAsync(sequence);
            c.ShutdownSend();
        });
        Assert.Equal("xy"u8.ToArray(), await pair.Peer.ReceiveToEndAsync());
    }

    [SkippableTheory, AllDrivers]
    public async Task SendSequence_MoreThanTheBuffersHold_ArrivesWhole(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, smallBuffers: true);
        byte[] data = Pattern.Bytes(ConnectionPair.MoreThanBuffersHold);
        ReadOnlySequence<byte> sequence = Segments(data, Enumerable.Repeat(data.Length / 40, 40));
        Task send = await pair.BeginAsync(c => c.SendAsync(sequence));
        await test.ParkedAsync();
        Assert.False(send.IsCompleted);
        Assert.Equal(data, await pair.Peer.ReceiveAllAsync(data.Length));
        await send.WithCeiling();
    }

    [SkippableTheory, AllTransports]
    public async Task ShutdownSend_GivesThePeerTheEnd_AndReceivingGoesOn(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, transport);
        await pair.RunAsync(async c =>
        {
            await c.SendAsync("last"u8.ToArray());
            c.ShutdownSend();
        });
        Assert.Equal("last"u8.ToArray(), await pair.Peer.ReceiveToEndAsync());
        await pair.Peer.SendAllAsync("answer"u8.ToArray());
        Assert.Equal(6, await pair.RunAsync(c => c.ReceiveAsync(new byte[10])));
    }

    [SkippableTheory, AllTransports]
    public async Task ShutdownByThePeer_EndsReceiving_AndSendingGoesOn(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, transport);
        pair.Peer.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await pair.RunAsync(c => c.ReceiveAsync(new byte[10])));
        await pair.RunAsync(c => c.SendAsync("answer"u8.ToArray()));
        Assert.Equal("answer"u8.ToArray(), await pair.Peer.ReceiveAllAsync(6));
    }

    [SkippableTheory, AllDrivers]
    public async Task Send_AfterShutdownSend_FailsAndSaysSo(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        await pair.RunAsync(c => c.ShutdownSend());
        var exception = await Assert.ThrowsAsync<SocketException>(() => pair.RunAsync(c => c.SendAsync(new byte[1])));
        Assert.Equal(SocketError.Shutdown, exception.SocketErrorCode);
    }

    [SkippableTheory, AllDrivers]
    public async Task Send_ThatWaits_WhenThePeerResets_Fails(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, smallBuffers: true);
        Task send = await pair.BeginAsync(c => c.SendAsync(new byte[ConnectionPair.MoreThanBuffersHold]));
        await test.ParkedAsync();
        pair.Peer.Reset();
        var exception = await Assert.ThrowsAsync<SocketException>(() => send.WithCeiling());
        Assert.True(
            exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown, $"{exception.SocketErrorCode}");
    }

    [SkippableTheory, AllDrivers]
    public async Task SendAndReceive_ThatBothWait_WhenThePeerResets_BothEnd(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test, smallBuffers: true);
        Task<int> receive = await pair.BeginAsync(c => c.ReceiveAsync(new byte[1]));
        Task send = await pair.BeginAsync(c => c.SendAsync(new byte[ConnectionPair.MoreThanBuffersHold]));
        await test.ParkedAsync();
        pair.Peer.Reset();
        await Assert.ThrowsAsync<SocketException>(() => send.WithCeiling());
        // The system tells of a reset once: whoever comes second finds the end of the stream.
        if (await Record.ExceptionAsync(() => receive.WithCeiling()) is { } exception)
            Assert.IsType<SocketException>(exception);
        else
            Assert.Equal(0, await receive);
    }

    [SkippableTheory, AllTransports]
    public async Task Echo_Of3MB_SentBeforeAnythingIsRead_ComesBackWhole(DriverKind driver, Transport transport)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        using var address = new FreeAddress(transport);
        await using SocketServer server = test.Group.Listen(address.EndPoint, BufferThenEchoAsync);
        using Socket client = await PlainSocket.ConnectAsync(server.LocalEndPoint);
        byte[] data = Pattern.Bytes(3_000_000);
        await client.SendAllAsync(data);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(data, await client.ReceiveToEndAsync());
    }

    [Pinned]
    private static async partial ValueTask BufferThenEchoAsync(SocketConnection connection)
    {
        var all = new MemoryStream();
        byte[] buffer = new byte[8_192];
        int count;
        while ((count = await connection.ReceiveAsync(buffer)) > 0)
            all.Write(buffer, 0, count);
        await connection.SendAsync(all.GetBuffer().AsMemory(0, (int)all.Length));
    }

    private static ReadOnlySequence<byte> Segments(byte[] data, IEnumerable<int> lengths)
    {
        var first = new Segment(default, 0);
        Segment last = first;
        int position = 0;
        foreach (int length in lengths)
        {
            last = last.Append(data.AsMemory(position, length));
            position += length;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        internal Segment(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        internal Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
