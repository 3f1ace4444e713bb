using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace IoPool.Package.Tests;

public sealed class TemplateTests(PackagesFixture packages) : IClassFixture<PackagesFixture>
{
    private static readonly TimeSpan s_ceiling = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task NewServerAnswersAndStopsOnCtrlC()
    {
        Consumer consumer = packages.CreateFolder();
        await InstallAsync(consumer);
        await NewAsync(consumer, "my-server", "--port", "0", "--loops", "2");
        await consumer.BuildCleanlyAsync("my-server");

        using Process process = StartServer(consumer, "my-server");
        await using var server = new RunningProgram(process, s_ceiling);
        string line = await server.ReadLineAsync("Listening on ");
        Assert.Matches(@"^Listening on 127\.0\.0\.1:[1-9][0-9]*, 2 loop\(s\), driver (io_uring|epoll|portable)", line);
        using var client = new TcpClient();
        using var ceiling = new CancellationTokenSource(s_ceiling);
        await client.ConnectAsync(IPEndPoint.Parse(line.Split(' ', ',')[2]), ceiling.Token);
        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith("Welcome to ", await reader.ReadLineAsync(ceiling.Token), StringComparison.Ordinal);

        // Two lines at once, the second of which arrives in parts.
        await client.GetStream().WriteAsync("first\nsec"u8.ToArray(), ceiling.Token);
        Assert.Equal("FIRST", await reader.ReadLineAsync(ceiling.Token));
        await client.GetStream().WriteAsync("ond\n"u8.ToArray(), ceiling.Token);
        Assert.Equal("SECOND", await reader.ReadLineAsync(ceiling.Token));

        using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        await kill.WaitForExitAsync(ceiling.Token);
        Assert.Equal("Goodbye.", await reader.ReadLineAsync(ceiling.Token));
        Assert.Null(await reader.ReadLineAsync(ceiling.Token));
        Assert.Equal(0, await server.WaitForExitAsync());
    }

    [Fact]
    public async Task OptionsChangeNothingButWhatTheySay()
    {
        Consumer consumer = packages.CreateFolder();
        await InstallAsync(consumer);
        await NewAsync(consumer, "Plain");
        await NewAsync(consumer, "Chosen", "--port", "8123", "--loops", "3", "--aot");

        Assert.Equal(["LineServer.cs", "Plain.csproj", "Program.cs"], FilesOf("Plain"));
        Assert.Equal(["Chosen.csproj", "LineServer.cs", "Program.cs"], FilesOf("Chosen"));
        Assert.Contains("Loopback, 7000)", Read("Plain", "Program.cs"), StringComparison.Ordinal);
        Assert.Contains("Loopback, 8123)", Read("Chosen", "Program.cs"), StringComparison.Ordinal);
        Assert.DoesNotContain("LoopCount", Read("Plain", "Program.cs"), StringComparison.Ordinal);
        Assert.Contains("    LoopCount = 3,", Read("Chosen", "Program.cs"), StringComparison.Ordinal);
        Assert.DoesNotContain("Aot", Read("Plain", "Plain.csproj"), StringComparison.Ordinal);
        Assert.Contains("<PublishAot>true</PublishAot>", Read("Chosen", "Chosen.csproj"), StringComparison.Ordinal);
        Assert.Equal(Read("Plain", "LineServer.cs"), Read("Chosen", "LineServer.cs"));
        Assert.Contains(PackagesFixture.Reference, Read("Plain", "Plain.csproj"), StringComparison.Ordinal);

        string Read(string project, string file) => File.ReadAllText(Path.Combine(consumer.Folder, project, file));
        IEnumerable<string> FilesOf(string project) => Directory.GetFileSystemEntries(Path.Combine(consumer.Folder, project))
            .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
    }

    /// <summary>Packs the templates and installs them where no other use of dotnet on this machine sees them.</summary>
    private async Task InstallAsync(Consumer consumer)
    {
        (int exitCode, string output) = await Dotnet.RunAsync(
            PackagesFixture.FindRepository(), packagesFolder: null, "pack", "templates/IoPool.Templates", "-c", "Release",
            "-o", Path.Combine(consumer.Folder, "own-feed"), "--artifacts-path", Path.Combine(consumer.Folder, "artifacts"),
            "-p:MinVerVersionOverride=" + packages.Version);
        Assert.True(exitCode == 0, output);
        await consumer.SucceedAsync(
            "new", "install", $"own-feed/IoPool.Templates.{packages.Version}.nupkg", "--debug:custom-hive", HiveOf(consumer));
    }

    private static Task<string> NewAsync(Consumer consumer, string name, params string[] options) =>
        consumer.SucceedAsync(["new", "iopool-server", "-o", name, .. options, "--debug:custom-hive", HiveOf(consumer)]);

    // A relative one is another for every command.
    private static string HiveOf(Consumer consumer) => Path.Combine(consumer.Folder, "hive");

    private static Process StartServer(Consumer consumer, string name)
    {
        // A shell that starts the tests in the background has SIGINT ignored, and a child would inherit that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Environment.ProcessPath!, $"{name}/bin/Debug/net10.0/{name}.dll"])
        {
            WorkingDirectory = consumer.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("IOPOOL_DRIVER");
        return Process.Start(start)!;
    }
}
