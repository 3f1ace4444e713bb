using System.Net.Sockets;
using IoPool.Net;
using IoPool.Tests.Support;

namespace IoPool.Tests.Net;

public sealed partial class AllocationTests
{
    private const int WarmUp = 5_000;
    private const int Measured = 5_000;

    [SkippableTheory, AllDrivers]
    public async Task Echo_InSteadyState_AllocatesNothingOnTheLoop(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        var measured = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using SocketServer server = test.Group.Listen(
            PlainSocket.Loopback, connection => EchoAndMeasureAsync(connection, measured));
        using Socket client = await PlainSocket.ConnectAsync(server.LocalEndPoint);
        await Task.Run(() =>
        {
            byte[] buffer = new byte[64];
            for (int i = 0; i < WarmUp + Measured + 1; i++)
            {
                client.Send(buffer);
                for (int count = 0; count < buffer.Length;)
                    count += client.Receive(buffer.AsSpan(count));
            }
        }).WithCeiling();
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await measured.Task.WithCeiling());
    }

    [Pinned]
    private static async partial ValueTask EchoAndMeasureAsync(SocketConnection connection, TaskCompletionSource<long> measured)
    {
        byte[] buffer = new byte[64];
        long before = 0;
        int requests = 0, count;
        while ((count = await connection.ReceiveAsync(buffer)) > 0)
        {
            await EchoAsync(connection, buffer.AsMemory(0, count));
            if (++requests == WarmUp)
                before = GC.GetAllocatedBytesForCurrentThread();
            else if (requests == WarmUp + Measured)
                measured.SetResult(GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Pinned]
    private static async partial ValueTask EchoAsync(SocketConnection connection, ReadOnlyMemory<byte> data) =>
        await connection.SendAsync(data);
}
