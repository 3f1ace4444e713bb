using System.Runtime.InteropServices;

namespace EchoServer;

/// <summary>SIGINT and SIGTERM: the first asks the server to drain, the second ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    internal StopSignals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => OnSignal(context, number: 2));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => OnSignal(context, number: 15));
    }

    /// <summary>Completes with the first signal.</summary>
    internal Task Requested => _requested.Task;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
    }

    private void OnSignal(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        // The exit code is what a shell makes of a process that a signal ended.
        if (!_requested.TrySetResult())
            Environment.Exit(128 + number);
    }
}
