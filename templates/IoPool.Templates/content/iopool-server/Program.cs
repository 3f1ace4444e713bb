using System.Net;
using System.Runtime.InteropServices;
using IoPool;
using IoPool.Net;

// The first signal lets connections end; the second ends the process.
var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = stop.TrySetResult());
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = stop.TrySetResult());

await using var group = new EventLoopGroup(new EventLoopGroupOptions
{
#if (fixedLoops)
    LoopCount = LOOP_COUNT,
#endif
    // A client that resets its connection, for example.
    UnhandledException = (loop, exception) => Console.Error.WriteLine($"{loop.Name}: {exception.Message}"),
});
await using var server = group.Listen(new IPEndPoint(IPAddress.Loopback, 7000), LineServer.HandleAsync);
Console.WriteLine($"Listening on {server.LocalEndPoint}, {group.Count} loop(s), driver {group.DriverDescription}. Ctrl+C stops.");

await await Task.WhenAny(stop.Task, server.Completion);
Console.WriteLine($"Stopping, {server.ConnectionCount} connection(s).");
await group.ShutdownAsync();
