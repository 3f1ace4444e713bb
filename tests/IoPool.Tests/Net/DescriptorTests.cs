using System.Net.Sockets;
using IoPool.Interop;
using IoPool.Net;
using IoPool.Tests.Support;

namespace IoPool.Tests.Net;

[Collection(ProcessWide.Name)]
public sealed class DescriptorTests
{
    [SkippableTheory, AllDrivers]
    public async Task TenThousandConnections_OpenedAndClosed_LeaveNoDescriptorBehind(DriverKind driver)
    {
        const int Rounds = 7, BatchesPerRound = 15, BatchSize = 100;
        Descriptors.Open();
        await using TestGroup test = TestGroup.Create(driver, 2);
        int first = 0;
        for (int round = 0; round < Rounds; round++)
        {
            await using (SocketServer server = test.Group.Listen(PlainSocket.Loopback, SocketServerTests.EchoAsync))
            {
                for (int batch = 0; batch < BatchesPerRound; batch++)
                    await OpenAndCloseAsync(test, server, BatchSize, reset: batch % 2 == 0);
                await server.DisposeAsync().WithCeiling();
                Assert.Equal(BatchesPerRound * BatchSize, server.AcceptedCount);
            }

            // The first round may open what the process keeps.
            int open = Descriptors.Open().Count;
            first = round == 0 ? open : first;
            Assert.InRange(open, 0, first + 10);
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task FailedAndCancelledAttempts_LeaveNoDescriptorBehind(DriverKind driver)
    {
        Descriptors.Open();
        await using TestGroup test = TestGroup.Create(driver);
        using Socket bound = PlainSocket.Create(PlainSocket.Loopback);
        bound.Bind(PlainSocket.Loopback);
        await using SocketServer server = test.Group.Listen(PlainSocket.Loopback, _ => default);
        int first = 0;
        for (int i = 0; i < 200; i++)
        {
            await Assert.ThrowsAsync<SocketException>(
                () => test.Group.RunAsync(() => SocketConnection.ConnectAsync(bound.LocalEndPoint!)).WithCeiling());
            Assert.Throws<SocketException>(() => test.Group.Listen(server.LocalEndPoint!, _ => default));
            int open = Descriptors.Open().Count;
            first = i == 0 ? open : first;
            Assert.InRange(open, 0, first + 10);
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task Groups_StartedAndStopped_LeaveNoDescriptorBehind(DriverKind driver)
    {
        int first = 0;
        for (int i = 0; i < 30; i++)
        {
            await using (TestGroup test = TestGroup.Create(driver, 2))
            {
                SocketServer server = test.Group.Listen(PlainSocket.Loopback, SocketServerTests.EchoAsync);
                await SocketServerTests.EchoOnceAsync(server.LocalEndPoint, 10);
            }

            int open = Descriptors.Open().Count;
            first = i == 0 ? open : first;
            Assert.InRange(open, 0, first + 10);
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task Descriptors_OfGroupServerAndConnections_AreClosedOnExec(DriverKind driver)
    {
        HashSet<int> before = Descriptors.Open();
        await using TestGroup test = TestGroup.Create(driver, 2);
        await using SocketServer server = test.Group.Listen(PlainSocket.Loopback, SocketServerTests.EchoAsync);
        await test.Group[0].RunAsync(async () =>
        {
            await using SocketConnection connection = await SocketConnection.ConnectAsync(server.LocalEndPoint!);
            await connection.SendAsync("x"u8.ToArray());
            await connection.ReceiveAsync(new byte[1]);

            Socket plain = PlainSocket.Create(PlainSocket.Loopback);
            await plain.ConnectAsync(server.LocalEndPoint!);
            await using SocketConnection adopted = SocketConnection.Adopt(plain.SafeHandle);
            // An answer: the server has accepted it.
            await adopted.SendAsync("x"u8.ToArray());
            await adopted.ReceiveAsync(new byte[1]);
            int[] opened = [.. Descriptors.Open().Except(before)];
            // The listener and both sides of two connections, and epoll's own two a loop.
            Assert.InRange(opened.Length, driver == DriverKind.Epoll ? 9 : 5, int.MaxValue);
            Assert.All(opened, descriptor => Assert.True(Descriptors.IsCloseOnExec(descriptor), $"Descriptor {descriptor}"));
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Accept_WithoutADescriptorLeft_BacksOffAndRecovers(DriverKind driver)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "The number of descriptors is limited by a Linux shell.");
        Assert.Contains(ChildProcess.Recovered, await ChildProcess.RunAsync("no-descriptors", driver, descriptorLimit: 512));
    }

    [SkippableFact]
    public async Task Wake_OfALoopThatHasStopped_WritesToNobodysDescriptor()
    {
        TestGroup test = TestGroup.Create(DriverKind.Epoll);
        await test.Group.ShutdownAsync().WithCeiling();
        // These take the numbers that the loop had.
        SafeDescriptor[] others =
            [.. from _ in Enumerable.Range(0, 100) select new SafeDescriptor(LibC.eventfd(0, EventFdFlags.EFD_CLOEXEC | EventFdFlags.EFD_NONBLOCK))];
        test.Group[0].Driver.Wake();
        Assert.All(others, other => Assert.False(HasCount(other)));
        Assert.All(others, other => other.Dispose());
    }

    private static unsafe bool HasCount(SafeDescriptor eventDescriptor)
    {
        ulong count;
        return LibC.read(eventDescriptor.Value, &count, sizeof(ulong)) == sizeof(ulong);
    }

    private static async Task OpenAndCloseAsync(TestGroup test, SocketServer server, int count, bool reset)
    {
        var clients = new List<Socket>(count);
        for (int i = 0; i < count; i++)
            clients.Add(await PlainSocket.ConnectAsync(server.LocalEndPoint));
        // Everybody is being served.
        await Task.WhenAll(from client in clients select PingAsync(client)).WithCeiling();
        foreach (Socket client in clients)
        {
            if (reset)
                client.Reset();
            else
                client.Dispose();
        }

        await test.ParkedAsync();
    }

    private static async Task PingAsync(Socket client)
    {
        await client.SendAllAsync("x"u8.ToArray());
        await client.ReceiveAllAsync(1);
    }
}
