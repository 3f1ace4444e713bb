namespace IoPool.Package.Tests;

/// <summary>A folder with a consumer's projects. All consumers share a packages folder.</summary>
internal sealed record Consumer(string Folder, string PackagesFolder)
{
    internal static string Project(string sdk, string properties, string items) =>
        $"""
        <Project Sdk="{sdk}">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            {items}
          </ItemGroup>
        </Project>
        """;

    internal void Write(string file, string text)
    {
        string path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    internal Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) =>
        Dotnet.RunAsync(Folder, PackagesFolder, arguments);

    internal RunningProgram Start(params string[] arguments) => Dotnet.Start(Folder, PackagesFolder, arguments);

    /// <summary>Runs dotnet, sees that it succeeds, and returns what it printed.</summary>
    internal async Task<string> SucceedAsync(params string[] arguments)
    {
        (int exitCode, string output) = await RunAsync(arguments);
        Assert.True(exitCode == 0, output);
        return output;
    }

    /// <summary>Builds without an error or a warning.</summary>
    internal async Task BuildCleanlyAsync(params string[] arguments)
    {
        string output = await SucceedAsync(["build", .. arguments]);
        Assert.True(output.Contains("0 Warning(s)", StringComparison.Ordinal), output);
    }

    /// <summary>What the generator wrote, where the build was told to keep it.</summary>
    internal string[] GeneratedFiles(string project) =>
        Directory.GetFiles(Path.Combine(Folder, project, "obj"), "*.g.cs", SearchOption.AllDirectories)
            .Where(file => file.Contains("IoPool.Generators", StringComparison.Ordinal)).ToArray();
}
