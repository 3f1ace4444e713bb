using System.IO.Compression;
using System.Xml.Linq;

namespace IoPool.Package.Tests;

/// <summary>
/// The packages, in a feed of their own and with a version that no cache can have. Packed once for all test classes, which
/// run side by side.
/// </summary>
public sealed class PackagesFixture : IAsyncLifetime
{
    private static readonly string s_folder = Directory.CreateTempSubdirectory("iopool-packages-").FullName;
    private static readonly Lazy<Task> s_packed = new(PackAsync);

    static PackagesFixture() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(s_folder, recursive: true);

    public static string PackedVersion { get; } = "0.1.0-test." + Guid.NewGuid().ToString("N");

    public string Version => PackedVersion;

    internal string Feed => Path.Combine(s_folder, "feed");

    public Task InitializeAsync() => s_packed.Value;

    public Task DisposeAsync() => Task.CompletedTask;

    internal (IReadOnlyList<string> Files, XElement Metadata) Open(string id)
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(Feed, $"{id}.{Version}.nupkg"));
        using Stream nuspec = package.GetEntry(id + ".nuspec")!.Open();
        return ([.. package.Entries.Select(entry => entry.FullName)], XDocument.Load(nuspec).Root!.Elements().First());
    }

    /// <summary>A console project outside the repository that references the package and nothing else.</summary>
    internal Consumer CreateConsumer(string program)
    {
        Consumer consumer = CreateFolder();
        consumer.Write("Program.cs", program);
        consumer.Write("Consumer.csproj", Consumer.Project("Microsoft.NET.Sdk", "<OutputType>Exe</OutputType>", Reference));
        return consumer;
    }

    /// <summary>What a project says to have the package.</summary>
    internal static string Reference => $"""<PackageReference Include="IoPool" Version="{PackedVersion}" />""";

    /// <summary>An empty folder outside the repository, with the feed of the packages besides the machine's own sources.</summary>
    internal Consumer CreateFolder()
    {
        string folder = Directory.CreateDirectory(Path.Combine(s_folder, Path.GetRandomFileName())).FullName;
        var consumer = new Consumer(folder, Path.Combine(s_folder, "packages"));
        // The library of a test is a package too; its feed has to exist for those who have none.
        Directory.CreateDirectory(Path.Combine(folder, "own-feed"));
        consumer.Write(
            "nuget.config",
            $"""
            <configuration>
              <packageSources>
                <add key="tested" value="{Feed}" />
                <add key="own" value="own-feed" />
              </packageSources>
            </configuration>
            """);
        return consumer;
    }

    internal static string FindRepository()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "IoPool.Gen.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Not in the repository.");
        return folder;
    }

    private static async Task PackAsync()
    {
        string repository = FindRepository();
        foreach (string project in new[] { "src/IoPool.Gen", "src/IoPool" })
        {
            // With an artifacts path, nothing in the repository is touched.
            (int exitCode, string output) = await Dotnet.RunAsync(
                repository, packagesFolder: null, "pack", project, "-c", "Release", "-o", Path.Combine(s_folder, "feed"),
                "--artifacts-path", Path.Combine(s_folder, "artifacts"), "-p:MinVerVersionOverride=" + PackedVersion,
                "-p:ContinuousIntegrationBuild=true");
            Assert.True(exitCode == 0, output);
        }
    }
}
