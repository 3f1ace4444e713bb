namespace IoPool.Package.Tests;

/// <summary>An application that has IoPool by way of a library, whose author did nothing to pass on the compiler side.</summary>
public sealed class LibraryTests(PackagesFixture packages) : IClassFixture<PackagesFixture>
{
    private const string Library = """
        using IoPool;

        namespace Shared;

        public static partial class Work
        {
            [Pinned]
            public static async partial ValueTask<string> NameOfLoopAsync()
            {
                await Task.Yield();
                await Task.Run(() => { }).ConfigureAwait(false);
                return EventLoop.Current!.Name;
            }
        }
        """;

    private const string Application = """
        using IoPool;
        using Shared;

        await using var group = new EventLoopGroup(new EventLoopGroupOptions { LoopCount = 1, ThreadNamePrefix = "app-" });
        Console.WriteLine(await group.RunAsync(Caller.CallAsync));

        static partial class Caller
        {
            [Pinned]
            public static async partial ValueTask<string> CallAsync()
            {
                // Gone before the test looks: Thread.Sleep(1);
                return await Work.NameOfLoopAsync() + " is " + EventLoop.Current!.Name;
            }
        }
        """;

    private const string KeepGenerated = "-p:EmitCompilerGeneratedFiles=true";

    [Fact]
    public async Task ProjectReferencePassesOnTheCompilerSide()
    {
        Consumer consumer = CreateLibraryAndApplication("""<ProjectReference Include="../Shared/Shared.csproj" />""");

        await CheckApplicationAsync(consumer);
        // The library has what restore brought, and it is not added again.
        Assert.Single(consumer.GeneratedFiles("Shared"));
    }

    [Fact]
    public async Task PackageReferencePassesOnTheCompilerSide()
    {
        Consumer consumer = CreateLibraryAndApplication("""<PackageReference Include="Shared" Version="1.0.0" />""");
        string output = await consumer.SucceedAsync("pack", "Shared", "-o", "own-feed");
        Assert.DoesNotContain("warning", output, StringComparison.Ordinal);

        await CheckApplicationAsync(consumer);
    }

    [Fact]
    public async Task LibraryWithoutAReferenceSaysByNameWhatBlocks()
    {
        Consumer consumer = packages.CreateFolder();
        consumer.Write("Old/Old.csproj", Consumer.Project("Microsoft.NET.Sdk", "<TargetFramework>netstandard2.0</TargetFramework><LangVersion>latest</LangVersion>", ""));
        consumer.Write("Old/Store.cs", """
            namespace Old;

            internal sealed class BlockingAttribute(string? replacement = null) : System.Attribute
            {
                public string? Replacement { get; } = replacement;
            }

            public static class Store
            {
                [Blocking("await SaveAsync()")]
                public static void Save() { }
            }
            """);
        consumer.Write("App/App.csproj", Consumer.Project("Microsoft.NET.Sdk", "<OutputType>Exe</OutputType>",
            PackagesFixture.Reference + """<ProjectReference Include="../Old/Old.csproj" />"""));
        consumer.Write("App/Program.cs", Application.Replace("using Shared;", "using Old;", StringComparison.Ordinal)
            .Replace("return await Work.NameOfLoopAsync() +", "await EventLoop.Yield(); Store.Save(); return", StringComparison.Ordinal));

        string output = await consumer.SucceedAsync("build", "App");

        Assert.Contains("warning IOP1014", output, StringComparison.Ordinal);
        Assert.Contains("await SaveAsync()", output, StringComparison.Ordinal);
    }

    private static async Task CheckApplicationAsync(Consumer consumer)
    {
        await consumer.BuildCleanlyAsync("App", KeepGenerated);
        Assert.Single(consumer.GeneratedFiles("App"));
        Assert.Equal("app-1 is app-1", (await consumer.SucceedAsync("run", "--no-build", "--project", "App")).Trim());

        consumer.Write("App/Program.cs", Application.Replace("// Gone before the test looks: ", "", StringComparison.Ordinal));
        (int exitCode, string output) = await consumer.RunAsync("build", "App", "--no-restore");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("error IOP1002", output, StringComparison.Ordinal);

        consumer.Write("App/Program.cs", Application.Replace("async partial", "async", StringComparison.Ordinal));
        (exitCode, output) = await consumer.RunAsync("build", "App", "--no-restore", "-p:RunAnalyzers=false");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("error IOP4001", output, StringComparison.Ordinal);
    }

    private Consumer CreateLibraryAndApplication(string reference)
    {
        Consumer consumer = packages.CreateFolder();
        // A version of its own for each test, in the packages folder that all share.
        string version = $"1.0.0-{Guid.NewGuid():N}";
        consumer.Write("Shared/Shared.csproj", Consumer.Project(
            "Microsoft.NET.Sdk", $"<Version>{version}</Version>", PackagesFixture.Reference));
        consumer.Write("Shared/Work.cs", Library);
        consumer.Write("App/App.csproj", Consumer.Project(
            "Microsoft.NET.Sdk", "<OutputType>Exe</OutputType>", reference.Replace("1.0.0", version, StringComparison.Ordinal)));
        consumer.Write("App/Program.cs", Application);
        return consumer;
    }
}
