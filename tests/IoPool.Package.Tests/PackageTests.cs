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

    [Fact]
    public async Task MethodThatIsNotPartialIsAnErrorAlsoWithoutAnalyzers()
    {
        Consumer consumer = packages.CreateConsumer(Program.Replace("async partial", "async", StringComparison.Ordinal));
        foreach (string switches in new[] { "-p:RunAnalyzers=true", "-p:RunAnalyzers=false" })
        {
            (int exitCode, string output) = await consumer.RunAsync("build", switches);
            Assert.NotEqual(0, exitCode);
            Assert.Contains("error IOP4001", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task PackagesReadmeIsAProgramThatRunsAlsoWithoutAnalyzers()
    {
        string readme = File.ReadAllText(Path.Combine(PackagesFixture.FindRepository(), "src/IoPool/README.md"));
        Consumer consumer = packages.CreateConsumer(readme.Split("```csharp\n")[1].Split("```")[0]);
        await consumer.BuildCleanlyAsync("-p:RunAnalyzers=false");
        string output = await consumer.SucceedAsync("run", "--no-build");
        Assert.Contains("hello from ", output, StringComparison.Ordinal);
        // No assembly but the runtime's and the consumer's own.
        Assert.Equal(
            ["Consumer.dll", "IoPool.dll"],
            Directory.GetFiles(Path.Combine(consumer.Folder, "bin"), "*.dll", SearchOption.AllDirectories).Select(Path.GetFileName).Order());
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
