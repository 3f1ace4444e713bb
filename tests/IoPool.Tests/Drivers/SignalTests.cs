using System.Runtime.InteropServices;
using IoPool.Interop;
using IoPool.Net;
using IoPool.Tests.Net;
using IoPool.Tests.Support;

namespace IoPool.Tests.Drivers;

public sealed class SignalTests
{
    private const int SIGWINCH = 28;

    [SkippableTheory, AllDrivers]
    public async Task Signals_ThatInterruptTheLoopsThread_DisturbNothing(DriverKind driver)
    {
        bool isX64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;
        Skip.IfNot(OperatingSystem.IsLinux() && (isX64 || RuntimeInformation.ProcessArchitecture == Architecture.Arm64));
        using var handled = new SemaphoreSlim(0);
        // By its number, as SIGWINCH is no signal of every platform.
        using var registration = PosixSignalRegistration.Create((PosixSignal)SIGWINCH, context =>
        {
            context.Cancel = true;
            handled.Release();
        });
        await using TestGroup test = TestGroup.Create(driver);
        nint thread = await test.Group[0].RunAsync(
            () => ValueTask.FromResult(LibC.syscall(isX64 ? 186 : 178, 0, 0, 0, 0, 0, 0))).WithCeiling();
        await using SocketServer server = test.Group.Listen(PlainSocket.Loopback, SocketServerTests.EchoAsync);
        for (int i = 0; i < 100; i++)
        {
            // To a loop that waits, and to one that works.
            await test.ParkedAsync();
            Assert.Equal(0, LibC.syscall(isX64 ? 234 : 131, Environment.ProcessId, thread, SIGWINCH, 0, 0, 0));
            await SocketServerTests.EchoOnceAsync(server.LocalEndPoint, 1_000);
        }

        Assert.True(await handled.WaitAsync(TestGroup.Ceiling));
        Assert.Empty(test.Unhandled);
    }
}
