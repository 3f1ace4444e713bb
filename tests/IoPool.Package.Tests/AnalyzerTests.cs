namespace IoPool.Package.Tests;

/// <summary>The packed analyzers in a build: they have their catalogue with them, and listen to the project.</summary>
public sealed class AnalyzerTests(PackagesFixture packages) : IClassFixture<PackagesFixture>
{
    private const string Program = """
        using IoPool;

        await using var group = new EventLoopGroup();
        await group.RunAsync(() => Worker.RunAsync("Consumer.csproj"));

        static partial class Worker
        {
            [Pinned]
            public static async partial ValueTask RunAsync(string path)
            {
                await EventLoop.Yield();
                Thread.Sleep(10);
                Console.WriteLine(File.ReadAllText(path).Length + Random.Shared.NextDouble());
            }
        }
        """;

    [Fact]
    public async Task CatalogueAndOptionsOfTheProjectCount()
    {
        Consumer consumer = packages.CreateConsumer(Program);
        (int exitCode, string output) = await consumer.RunAsync("build");
        Assert.NotEqual(0, exitCode);
        AssertReported(output, "Program.cs(12,16): error IOP1002");
        AssertReported(output, "Program.cs(13,32): warning IOP1004");
        Assert.DoesNotContain("IOP1014", output, StringComparison.Ordinal);

        await WriteAsync(
            consumer,
            "Directory.Build.props",
            """
            <Project>
              <ItemGroup>
                <AdditionalFiles Include="IoPool.BlockingApis.tsv" />
              </ItemGroup>
            </Project>
            """);
        await WriteAsync(
            consumer,
            "IoPool.BlockingApis.tsv",
            "M:System.Random.NextDouble\talways\tdraw it elsewhere\nM:Random.\n");
        (exitCode, output) = await consumer.RunAsync("build");
        Assert.NotEqual(0, exitCode);
        AssertReported(output, "Program.cs(13,73): warning IOP1014");
        Assert.Contains("draw it elsewhere", output, StringComparison.Ordinal);
        AssertReported(output, "IoPool.BlockingApis.tsv(2,1): warning IOP1019");

        await WriteAsync(
            consumer,
            ".editorconfig",
            """
            root = true
            [*.cs]
            dotnet_diagnostic.IOP1002.severity = none
            dotnet_diagnostic.IOP1004.severity = error
            dotnet_diagnostic.IOP1006.severity = warning
            dotnet_diagnostic.IOP1014.severity = suggestion
            """);
        (exitCode, output) = await consumer.RunAsync("build");
        Assert.NotEqual(0, exitCode);
        AssertReported(output, "Program.cs(13,32): error IOP1004");
        AssertReported(output, "Program.cs(13,17): warning IOP1006");
        Assert.DoesNotContain("IOP1002", output, StringComparison.Ordinal);
        Assert.DoesNotContain("IOP1014", output, StringComparison.Ordinal);
    }

    private static void AssertReported(string output, string report) =>
        Assert.True(output.Contains(report, StringComparison.Ordinal), $"No '{report}' in:\n{output}");

    private static Task WriteAsync(Consumer consumer, string name, string text) =>
        File.WriteAllTextAsync(Path.Combine(consumer.Folder, name), text);
}
