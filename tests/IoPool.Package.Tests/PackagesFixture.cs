using System.IO.Compression;
using System.Xml.Linq;

namespace IoPool.Package.Tests;

/// <summary>The packages, in a feed of their own and with a version that no cache can have.</summary>
public sealed class PackagesFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("iopool-packages-").FullName;

    public string Version { get; } = "0.1.0-test." + Guid.NewGuid().ToString("N");

    internal string Feed => Path.Combine(_folder, "feed");

    public async Task InitializeAsync()
    {
        string repository = FindRepository();
        foreach (string project in new[] { "src/IoPool.Gen", "src/IoPool" })
        {
            // With an artifacts path, nothing in the repository is touched.
            (int exitCode, string output) = await Dotnet.RunAsync(
                repository, packagesFolder: null, "pack", project, "-c", "Release", "-o", Feed,
                "--artifacts-path", Path.Combine(_folder, "artifacts"), "-p:Version=" + Version);
            Assert.True(exitCode == 0, output);
        }
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    internal (IReadOnlyList<string> Files, XElement Metadata) Open(string id)
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(Feed, $"{id}.{Version}.nupkg"));
        using Stream nuspec = package.GetEntry(id + ".nuspec")!.Open();
        return ([.. package.Entries.Select(entry => entry.FullName)], XDocument.Load(nuspec).Root!.Elements().First());
    }

    /// <summary>A console project outside the repository that references the package and nothing else.</summary>
    internal Consumer CreateConsumer(string program)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, Path.GetRandomFileName())).FullName;
        File.WriteAllText(Path.Combine(folder, "Program.cs"), program);
        File.WriteAllText(
            Path.Combine(folder, "nuget.config"),
            $"""<configuration><packageSources><add key="tested" value="{Feed}" /></packageSources></configuration>""");
        File.WriteAllText(
            Path.Combine(folder, "Consumer.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="IoPool" Version="{Version}" />
              </ItemGroup>
            </Project>
            """);
        return new Consumer(folder, Path.Combine(_folder, "packages"));
    }

    private static string FindRepository()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "IoPool.Gen.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Not in the repository.");
        return folder;
    }
}

internal sealed record Consumer(string Folder, string PackagesFolder)
{
    internal Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) =>
        Dotnet.RunAsync(Folder, PackagesFolder, arguments);
}
