using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace IoPool.Package.Tests;

public sealed class PackageFilesTests(PackagesFixture packages) : IClassFixture<PackagesFixture>
{
    [Theory]
    [InlineData("IoPool", "nupkg", "IoPool.nuspec", "README.md", "icon.png", "lib/net10.0/IoPool.dll", "lib/net10.0/IoPool.xml")]
    [InlineData("IoPool", "snupkg", "IoPool.nuspec", "lib/net10.0/IoPool.pdb")]
    [InlineData(
        "IoPool.Gen", "nupkg", "IoPool.Gen.nuspec", "README.md", "analyzers/dotnet/cs/IoPool.Analyzers.dll",
        "analyzers/dotnet/cs/IoPool.CodeFixes.dll", "analyzers/dotnet/cs/IoPool.Generators.dll",
        "buildTransitive/IoPool.Gen.targets", "icon.png")]
    public void PackageHoldsExactly(string id, string extension, params string[] files)
    {
        using ZipArchive package = Open(id, extension);
        Assert.Equal(files, Files(package));
    }

    [Fact]
    public void NothingElseIsPacked() =>
        Assert.Equal(
            [$"IoPool.{packages.Version}.nupkg", $"IoPool.{packages.Version}.snupkg", $"IoPool.Gen.{packages.Version}.nupkg"],
            Directory.GetFiles(packages.Feed).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Fact]
    public void RuntimeDependsOnItsOwnVersionOfTheCompilerSideWithAllAssets()
    {
        XElement metadata = packages.Open("IoPool").Metadata;
        XElement dependency = Assert.Single(metadata.Descendants(), element => element.Name.LocalName == "dependency");
        Assert.Equal("IoPool.Gen", (string?)dependency.Attribute("id"));
        Assert.Equal($"[{packages.Version}]", (string?)dependency.Attribute("version"));
        Assert.Equal("All", (string?)dependency.Attribute("include"));
        Assert.Null(dependency.Attribute("exclude"));
    }

    [Fact]
    public void CompilerSideDependsOnNothingAndIsPassedOn()
    {
        string[] elements = [.. packages.Open("IoPool.Gen").Metadata.Descendants().Select(element => element.Name.LocalName)];
        Assert.DoesNotContain("developmentDependency", elements);
        Assert.DoesNotContain("dependency", elements);
    }

    [Theory]
    [InlineData("IoPool")]
    [InlineData("IoPool.Gen")]
    public void PackageSaysLicenceIconReadmeAndCommit(string id)
    {
        XElement metadata = packages.Open(id).Metadata;
        Assert.Equal("MIT OR Apache-2.0", Element(metadata, "license").Value);
        Assert.Equal("icon.png", Element(metadata, "icon").Value);
        Assert.Equal("README.md", Element(metadata, "readme").Value);
        Assert.Matches("^[0-9a-f]{40}$", (string?)Element(metadata, "repository").Attribute("commit"));
    }

    [Theory]
    [InlineData("IoPool.Analyzers")]
    [InlineData("IoPool.CodeFixes")]
    [InlineData("IoPool.Generators")]
    public void CompilerSideCarriesItsSymbolsWithoutPathsOfTheMachine(string assembly)
    {
        using ZipArchive package = Open("IoPool.Gen", "nupkg");
        using var image = new PEReader(Extract(package, $"analyzers/dotnet/cs/{assembly}.dll"));
        DebugDirectoryEntry[] entries = [.. image.ReadDebugDirectory()];
        Assert.Contains(entries, entry => entry.Type == DebugDirectoryEntryType.Reproducible);
        DebugDirectoryEntry symbols = Assert.Single(entries, entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using MetadataReaderProvider provider = image.ReadEmbeddedPortablePdbDebugDirectoryData(symbols);
        AssertMapped(provider.GetMetadataReader());
    }

    [Fact]
    public void RuntimesSymbolsNameNoPathOfTheMachine()
    {
        using ZipArchive package = Open("IoPool", "snupkg");
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(Extract(package, "lib/net10.0/IoPool.pdb"));
        AssertMapped(provider.GetMetadataReader());
    }

    private static void AssertMapped(MetadataReader symbols)
    {
        // What the build itself wrote lies outside of the repository here, and here only.
        string[] sources = [.. symbols.Documents.Select(document => symbols.GetString(symbols.GetDocument(document).Name))
            .Where(name => !name.Contains("/artifacts/obj/", StringComparison.Ordinal))];
        Assert.NotEmpty(sources);
        Assert.All(sources, name => Assert.StartsWith("/_", name, StringComparison.Ordinal));
    }

    private static XElement Element(XElement metadata, string name) =>
        Assert.Single(metadata.Elements(), element => element.Name.LocalName == name);

    /// <summary>All files but those of the container format.</summary>
    private static IEnumerable<string> Files(ZipArchive package) =>
        package.Entries.Select(entry => entry.FullName)
            .Where(file => file is not "[Content_Types].xml" && !file.StartsWith("_rels/", StringComparison.Ordinal)
                && !file.StartsWith("package/services/metadata/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static MemoryStream Extract(ZipArchive package, string file)
    {
        var copy = new MemoryStream();
        using Stream entry = package.GetEntry(file)!.Open();
        entry.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }

    private ZipArchive Open(string id, string extension) =>
        ZipFile.OpenRead(Path.Combine(packages.Feed, $"{id}.{packages.Version}.{extension}"));
}
