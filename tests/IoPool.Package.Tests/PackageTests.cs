using System.Xml.Linq;

namespace IoPool.Package.Tests;

public sealed class PackageTests(PackagesFixture packages) : IClassFixture<PackagesFixture>
{
    private const string Program = """
        using System.Net;
        using System.Net.Sockets;
        using IoPool;
        using IoPool.Net;

        await using var group = new EventLoopGroup(new EventLoopGroupOptions { LoopCount = 1, ThreadNamePrefix = "consumer-" });
        await using var server = group.Listen(new IPEndPoint(IPAddress.Loopback, 0), Echo.HandleAsync);
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)server.LocalEndPoint!);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync("over the package"u8.ToArray());
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream);
        Console.WriteLine(await reader.ReadToEndAsync());

        static partial class Echo
        {
            [Pinned]
            public static async partial ValueTask HandleAsync(SocketConnection connection)
            {
                var buffer = new byte[4096];
                int count;
                while ((count = await connection.ReceiveAsync(buffer)) > 0)
                    await connection.SendAsync(buffer.AsMemory(0, count));
                // Pinned or not shows where an ordinary method would have left the loop.
                await Task.Run(() => { }).ConfigureAwait(false);
                await connection.SendAsync(System.Text.Encoding.ASCII.GetBytes($" on {EventLoop.Current}"));
            }
        }
        """;

    [Fact]
    public void RuntimePackageBringsTheCompilerSide()
    {
        (IReadOnlyList<string> files, XElement metadata) = packages.Open("IoPool");
        Assert.Contains("lib/net10.0/IoPool.dll", files);
        Assert.Contains("lib/net10.0/IoPool.xml", files);

        XElement dependency = Assert.Single(metadata.Descendants(), element => element.Name.LocalName == "dependency");
        Assert.Equal("IoPool.Gen", (string?)dependency.Attribute("id"));
        Assert.Equal($"[{packages.Version}]", (string?)dependency.Attribute("version"));
        Assert.Equal("All", (string?)dependency.Attribute("include"));
        Assert.Null(dependency.Attribute("exclude"));
    }

    [Fact]
    public void CompilerPackageHoldsAnalyzersAndNothingToReference()
    {
        (IReadOnlyList<string> files, XElement metadata) = packages.Open("IoPool.Gen");
        Assert.Equal(
            [
                "analyzers/dotnet/cs/IoPool.Analyzers.dll",
                "analyzers/dotnet/cs/IoPool.CodeFixes.dll",
                "analyzers/dotnet/cs/IoPool.Generators.dll",
            ],
            files.Where(file => file.EndsWith(".dll", StringComparison.Ordinal)).Order());
        string[] elements = [.. metadata.Descendants().Select(element => element.Name.LocalName)];
        Assert.DoesNotContain("developmentDependency", elements);
        Assert.DoesNotContain("dependency", elements);
    }

    [Fact]
    public async Task OneReferenceIsEnoughForAPinnedEcho()
    {
        Consumer consumer = packages.CreateConsumer(Program);

        (int exitCode, string output) = await consumer.RunAsync("build", "-p:EmitCompilerGeneratedFiles=true");
        Assert.True(exitCode == 0, output);
        Assert.Contains("0 Warning(s)", output, StringComparison.Ordinal);
        string[] generated = Directory.GetFiles(Path.Combine(consumer.Folder, "obj"), "*HandleAsync*.g.cs", SearchOption.AllDirectories);
        Assert.Contains("PinnedValueTaskMethodBuilder", File.ReadAllText(Assert.Single(generated)), StringComparison.Ordinal);

        (exitCode, output) = await consumer.RunAsync("run", "--no-build");
        Assert.True(exitCode == 0, output);
        Assert.Equal("over the package on consumer-1", output.Trim());
    }

    [Theory]
    [InlineData("-p:RunAnalyzers=true")]
    [InlineData("-p:RunAnalyzers=false")]
    public async Task MethodThatIsNotPartialIsAnError(string switches)
    {
        Consumer consumer = packages.CreateConsumer(Program.Replace("async partial", "async", StringComparison.Ordinal));

        (int exitCode, string output) = await consumer.RunAsync("build", switches);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("error IOP4001", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FormatAppliesTheFixes()
    {
        Consumer consumer = packages.CreateConsumer("""
            using IoPool;

            await using var group = new EventLoopGroup();
            await group.RunAsync(() => Worker.RunAsync("Consumer.csproj", CancellationToken.None));

            static partial class Worker
            {
                [Pinned]
                public static async partial ValueTask RunAsync(string path, CancellationToken token)
                {
                    await EventLoop.Yield();
                    Thread.Sleep(10); // a moment
                    Console.WriteLine(File.ReadAllText(path).Length);
                }
            }
            """);
        (int exitCode, string output) = await consumer.RunAsync("build");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("error IOP1002", output, StringComparison.Ordinal);
        Assert.Contains("warning IOP1004", output, StringComparison.Ordinal);

        (exitCode, output) = await consumer.RunAsync(
            "format", "analyzers", "--no-restore", "--diagnostics", "IOP1004", "IOP1002", "--severity", "info");
        Assert.True(exitCode == 0, output);

        string program = File.ReadAllText(Path.Combine(consumer.Folder, "Program.cs"));
        Assert.Contains(
            "        await EventLoop.Delay(TimeSpan.FromMilliseconds(10), token); // a moment", program, StringComparison.Ordinal);
        Assert.Contains(
            "        Console.WriteLine((await File.ReadAllTextAsync(path, token)).Length);", program, StringComparison.Ordinal);
        (exitCode, output) = await consumer.RunAsync("build");
        Assert.True(exitCode == 0, output);
        Assert.Contains("0 Warning(s)", output, StringComparison.Ordinal);
    }
}
