using System.Diagnostics;

namespace IoPool.Package.Tests;

/// <summary>A program that runs until it is told to end. Disposing it kills what still runs.</summary>
internal sealed class RunningProgram(Process process, TimeSpan limit) : IAsyncDisposable
{
    private readonly CancellationTokenSource _ceiling = new(limit);
    private Task _rest = Task.CompletedTask;

    /// <summary>The next line of its output that holds a text.</summary>
    internal async Task<string> ReadLineAsync(string part)
    {
        while (await process.StandardOutput.ReadLineAsync(_ceiling.Token) is { } line)
        {
            if (line.Contains(part, StringComparison.Ordinal))
            {
                // Read on, or the program would stand still with its output full.
                _rest = process.StandardOutput.ReadToEndAsync(_ceiling.Token);
                return line;
            }
        }

        throw new InvalidOperationException($"It ended without '{part}': {await process.StandardError.ReadToEndAsync(_ceiling.Token)}");
    }

    internal async Task<int> WaitForExitAsync()
    {
        await process.WaitForExitAsync(_ceiling.Token);
        await _rest;
        return process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
        _ceiling.Dispose();
        return ValueTask.CompletedTask;
    }
}
