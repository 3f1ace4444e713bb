using System.Diagnostics;

namespace IoPool.Native.Tests;

/// <summary>The sample, published by the script that measures it.</summary>
public sealed class PublishedSample : IAsyncLifetime
{
    private static readonly TimeSpan s_publishCeiling = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_runCeiling = TimeSpan.FromMinutes(1);
    private static readonly string s_repository = FindRepository();

    /// <summary>Why it cannot be published here; null where it was.</summary>
    public string? Missing { get; } =
        !OperatingSystem.IsLinux() ? "The script is for Linux."
        : !IsOnPath("clang") && !IsOnPath("gcc") ? "Neither clang nor gcc is installed, and the native compiler links with one."
        : null;

    internal string Output { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (Missing is not null)
            return;
        (int exitCode, string output) = await RunProcessAsync("bash", ["benchmarks/start.sh", "1"], s_publishCeiling);
        Assert.True(exitCode == 0, output);
        Output = output;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    internal static Task<(int ExitCode, string Output)> RunAsync(string form, params string[] arguments) =>
        RunProcessAsync(Path.Combine(s_repository, "artifacts/start", form, "EchoServer"), arguments, s_runCeiling);

    private static async Task<(int ExitCode, string Output)> RunProcessAsync(string program, string[] arguments, TimeSpan limit)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = s_repository,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A test run sets variables for MSBuild and the test host that would reach into the build.
        foreach (string name in start.Environment.Keys.Where(
            name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        // The tests name the driver themselves. A build server that stays behind would hold the pipes of this process open.
        start.Environment.Remove("IOPOOL_DRIVER");
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using var ceiling = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(ceiling.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end: {await output}{await error}");
        }

        return (process.ExitCode, await output + await error);
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string FindRepository()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "IoPool.Gen.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Not in the repository.");
        return folder;
    }
}
