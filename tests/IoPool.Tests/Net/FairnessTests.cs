using System.Net.Sockets;
using IoPool.Net;
using IoPool.Tests.Support;

namespace IoPool.Tests.Net;

public sealed partial class FairnessTests
{
    [SkippableTheory, AllDrivers]
    public async Task AConnectionThatAlwaysHasData_StarvesNoOther(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        await using SocketServer greedy = test.Group.Listen(PlainSocket.Loopback, ReadByteByByteAsync);
        await using SocketServer server = test.Group.Listen(PlainSocket.Loopback, SocketServerTests.EchoAsync);
        using Socket flood = await PlainSocket.ConnectAsync(greedy.LocalEndPoint);
        Task flooding = Task.Run(async () =>
        {
            try
            {
                byte[] data = new byte[65_536];
                while (true)
                    await flood.SendAllAsync(data);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        });
        for (int i = 0; i < 20; i++)
            await SocketServerTests.EchoOnceAsync(server.LocalEndPoint, 1_000);
        Assert.False(flooding.IsCompleted);
        flood.Dispose();
        await flooding.WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task AHandlerWhoseSendsAllCompleteAtOnce_StarvesNoOther(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        await using ConnectionPair pair = await ConnectionPair.CreateAsync(test);
        bool stop = false;
        Task sending = await pair.BeginAsync(async c =>
        {
            // Sends of nothing never wait.
            while (!Volatile.Read(ref stop))
                await c.SendAsync(ReadOnlyMemory<byte>.Empty);
        });
        await using SocketServer server = test.Group.Listen(PlainSocket.Loopback, SocketServerTests.EchoAsync);
        for (int i = 0; i < 20; i++)
            await SocketServerTests.EchoOnceAsync(server.LocalEndPoint, 1_000);
        Assert.False(sending.IsCompleted);
        Volatile.Write(ref stop, true);
        await sending.WithCeiling();
    }

    [Pinned]
    private static async partial ValueTask ReadByteByByteAsync(SocketConnection connection)
    {
        byte[] one = new byte[1];
        try
        {
            while (await connection.ReceiveAsync(one) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // The peer closed with bytes under way.
        }
    }
}
