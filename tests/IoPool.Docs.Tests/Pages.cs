using System.Text.RegularExpressions;

namespace IoPool.Docs.Tests;

/// <summary>The READMEs and what stands in docs, as the repository has it.</summary>
internal static partial class Pages
{
    internal static string Root { get; } = FindRoot();

    /// <summary>Every page that a reader may come to, by its path from the root.</summary>
    internal static IReadOnlyList<string> All { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat(new[] { "benchmarks", "benchmarks/peers", "src/IoPool", "src/IoPool.Gen" }
                .Select(static folder => Path.Combine(Root, folder, "README.md")))
            .Select(static path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Those whose code is compiled here. That of the rules' pages is, by the analyzer's tests.</summary>
    internal static IReadOnlyList<string> WithCode { get; } =
        [.. All.Where(static page => !page.StartsWith("docs/rules/", StringComparison.Ordinal))];

    internal static string Read(string page) =>
        File.ReadAllText(Path.Combine(Root, page)).ReplaceLineEndings("\n");

    internal static IEnumerable<CodeBlock> BlocksOf(string page)
    {
        string text = Read(page);
        foreach (Match match in Fenced().Matches(text))
        {
            int line = text.AsSpan(0, match.Groups["fence"].Index).Count('\n') + 1;
            string? marker = match.Groups["marker"] is { Success: true } found ? found.Value : null;
            yield return new CodeBlock(page, line, match.Groups["language"].Value, match.Groups["code"].Value, marker);
        }
    }

    private static string FindRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "IoPool.Gen.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Not in the repository.");
        return folder;
    }

    // A comment right before a block says how to read it.
    [GeneratedRegex(
        @"^(?:<!--[ ](?<marker>[^\n]*?)[ ]-->\n\n?)?(?<fence>```)(?<language>\w*)[^\n]*\n(?<code>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();
}

/// <summary>A fenced block of a page.</summary>
/// <param name="Page">The page's path from the root.</param>
/// <param name="Line">Where it begins.</param>
/// <param name="Language">The word after the fence.</param>
/// <param name="Code">What is in it.</param>
/// <param name="Marker">The comment before it, which readers do not see.</param>
internal sealed record CodeBlock(string Page, int Line, string Language, string Code, string? Marker)
{
    public override string ToString() => $"{Page}({Line}):\n{Code}";
}
