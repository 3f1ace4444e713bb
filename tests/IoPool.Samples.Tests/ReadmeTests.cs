namespace IoPool.Samples.Tests;

/// <summary>What the README shows is what is compiled and run.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void CodeIsTheQuickstartSample()
    {
        string readme = Read("README.md");
        string code = Assert.Single(readme.Split("```csharp\n")[1..]).Split("\n```")[0];
        Assert.Equal(Read("Quickstart.cs.txt").TrimEnd(), code);
    }

    [Fact]
    public void HandlerIsTheOneOfTheEchoServer()
    {
        const string Begin = "static partial class Echo";
        string[] handlers = [.. new[] { "Quickstart.cs.txt", "Echo.cs.txt" }.Select(file => Read(file).Split(Begin)[1])];
        Assert.Equal(handlers[0], handlers[1]);
    }

    [Fact]
    public void CommandsAreTheTwoThatThereAre()
    {
        string readme = Read("README.md");
        Assert.Contains("dotnet run -c Release --project samples/EchoServer\n", readme, StringComparison.Ordinal);
        Assert.Contains("dotnet test IoPool.Gen.sln\n", readme, StringComparison.Ordinal);
    }

    private static string Read(string file) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Readme", file)).ReplaceLineEndings("\n");
}
