namespace IoPool.Package.Tests;

public sealed class OtherProjectsTests(PackagesFixture packages) : IClassFixture<PackagesFixture>
{
    [Fact]
    public async Task WebApplicationServesPinnedEndpoints()
    {
        Consumer consumer = packages.CreateFolder();
        consumer.Write("Web.csproj", Consumer.Project("Microsoft.NET.Sdk.Web", "", PackagesFixture.Reference));
        consumer.Write("Program.cs", """
            using IoPool;

            await using var group = new EventLoopGroup(new EventLoopGroupOptions { LoopCount = 1, ThreadNamePrefix = "web-" });
            // Requests arrive on the thread pool: a pinned endpoint is queued to a loop of this group.
            EventLoopGroup.Default = group;

            WebApplication app = WebApplication.CreateBuilder(args).Build();
            app.MapGet("/where/{who}", Endpoints.WhereAsync);
            app.MapGet("/stop", (IHostApplicationLifetime lifetime) => lifetime.StopApplication());
            await app.RunAsync();

            static partial class Endpoints
            {
                [Pinned]
                public static async partial ValueTask<string> WhereAsync(string who)
                {
                    await Task.Run(() => { }).ConfigureAwait(false);
                    return $"{who} on {EventLoop.Current!.Name}";
                }
            }
            """);
        await consumer.BuildCleanlyAsync();

        await using RunningProgram server = consumer.Start("run", "--no-build", "--no-launch-profile", "--", "--urls", "http://127.0.0.1:0");
        string line = await server.ReadLineAsync("Now listening on: ");
        using var client = new HttpClient { BaseAddress = new Uri(line[line.IndexOf("http:", StringComparison.Ordinal)..]) };
        Assert.Equal("hello on web-1", await client.GetStringAsync(new Uri("where/hello", UriKind.Relative)));
        using HttpResponseMessage stopped = await client.GetAsync(new Uri("stop", UriKind.Relative));
        Assert.Equal(0, await server.WaitForExitAsync());
    }

    [Fact]
    public async Task FSharpUsesTheRuntimeAlone()
    {
        Consumer consumer = packages.CreateFolder();
        consumer.Write("Program.fsproj", Consumer.Project(
            "Microsoft.NET.Sdk", "<OutputType>Exe</OutputType>", """<Compile Include="Program.fs" />""" + PackagesFixture.Reference));
        consumer.Write("Program.fs", """
            open System
            open System.Threading.Tasks
            open IoPool

            let group = new EventLoopGroup(EventLoopGroupOptions(LoopCount = 1, ThreadNamePrefix = "fs-"))

            let nameOfLoop () : ValueTask<string> =
                ValueTask<string>(task {
                    do! Task.Yield()
                    return match EventLoop.Current with null -> "none" | loop -> loop.Name
                })

            printfn "%s" (group.RunAsync(Func<ValueTask<string>>(nameOfLoop)).AsTask().Result)
            group.DisposeAsync().AsTask().Wait()
            """);

        await consumer.BuildCleanlyAsync();
        Assert.Equal("fs-1", (await consumer.SucceedAsync("run", "--no-build")).Trim());
    }
}
