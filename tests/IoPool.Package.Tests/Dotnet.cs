using System.Diagnostics;

namespace IoPool.Package.Tests;

/// <summary>The dotnet command, as somebody outside this repository would run it.</summary>
internal static class Dotnet
{
    private static readonly TimeSpan s_ceiling = TimeSpan.FromMinutes(5);

    /// <summary>Runs it and returns what it printed.</summary>
    internal static async Task<(int ExitCode, string Output)> RunAsync(string folder, string? packagesFolder, params string[] arguments)
    {
        using Process process = Launch(folder, packagesFolder, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using var ceiling = new CancellationTokenSource(s_ceiling);
        try
        {
            await process.WaitForExitAsync(ceiling.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"dotnet {string.Join(' ', arguments)} did not end: {await output}");
        }

        return (process.ExitCode, await output + await error);
    }

    /// <summary>Starts a program that goes on running.</summary>
    internal static RunningProgram Start(string folder, string? packagesFolder, params string[] arguments) =>
        new(Launch(folder, packagesFolder, arguments), s_ceiling);

    private static Process Launch(string folder, string? packagesFolder, string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        ForgetThisBuild(start.Environment);
        if (packagesFolder is not null)
            start.Environment["NUGET_PACKAGES"] = packagesFolder;
        return Process.Start(start)!;
    }

    /// <summary>A test run sets variables for MSBuild and the test host that would reach into the consumer's build.</summary>
    private static void ForgetThisBuild(IDictionary<string, string?> environment)
    {
        foreach (string name in environment.Keys.Where(
            name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            environment.Remove(name);
        }

        // A server that stays behind would hold the pipes of this process open.
        environment["MSBUILDDISABLENODEREUSE"] = "1";
        environment["UseSharedCompilation"] = "false";
    }
}
