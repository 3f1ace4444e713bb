using System.Text.RegularExpressions;

namespace IoPool.Docs.Tests;

/// <summary>What pages point to is there: files, headings, and the paths that commands name.</summary>
public sealed partial class LinkTests
{
    private static readonly string[] s_languages = ["csharp", "sh", "text", "xml", "ini", "json", "yaml", "dockerfile", "rust"];

    private static readonly string[] s_folders =
        ["src/", "tests/", "samples/", "benchmarks/", "docs/", "analyzers/", "generators/", ".ci/"];

    public static TheoryData<string> AllPages => [.. Pages.All];

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Links_LeadSomewhere(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Pages.Root, page))!;
        foreach (Match link in Link().Matches(Fences().Replace(Pages.Read(page), "")))
        {
            string target = link.Groups["target"].Value;
            if (target.Contains("://", StringComparison.Ordinal))
                continue;

            string[] parts = target.Split('#');
            string path = parts[0].Length == 0 ? Path.Combine(Pages.Root, page) : Path.GetFullPath(Path.Combine(folder, parts[0]));
            Assert.True(File.Exists(path) || Directory.Exists(path), $"{page} links to {target}, which is not there.");
            if (parts.Length == 2)
                Assert.True(HeadingsOf(path).Contains(parts[1]), $"{page} links to {target}: no such heading.");
        }
    }

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Blocks_SayWhatLanguageTheyAre(string page) =>
        Assert.All(Pages.BlocksOf(page), static block => Assert.Contains(block.Language, s_languages));

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Commands_NameWhatIsThere(string page)
    {
        foreach (CodeBlock block in Pages.BlocksOf(page).Where(static block => block.Language == "sh"))
        {
            string commands = ShellComment().Replace(block.Code, "");
            foreach (string word in commands.Split([' ', '\n', '\'', '"'], StringSplitOptions.RemoveEmptyEntries))
            {
                bool isPath = s_folders.Any(folder => word.StartsWith(folder, StringComparison.Ordinal))
                    || word.EndsWith(".sln", StringComparison.Ordinal);
                if (isPath)
                    Assert.True(Path.Exists(Path.Combine(Pages.Root, word)), $"{word} is not there: {block}");
            }
        }
    }

    /// <summary>Every page of the folder is in its index, so that nobody has to know that it exists.</summary>
    [Fact]
    public void Index_HasEveryPage()
    {
        string index = Pages.Read("docs/README.md");
        IEnumerable<string> pages = Directory.EnumerateFiles(Path.Combine(Pages.Root, "docs"), "*.md")
            .Select(Path.GetFileName)
            .OfType<string>()
            .Where(static name => name != "README.md");
        Assert.All(pages, page => Assert.Contains($"({page})", index, StringComparison.Ordinal));
    }

    // As GitHub names them: lower case, hyphens for spaces, no punctuation.
    private static HashSet<string> HeadingsOf(string path) =>
    [
        .. Heading().Matches(Fences().Replace(File.ReadAllText(path).ReplaceLineEndings("\n"), ""))
            .Select(static match => Punctuation().Replace(match.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-')),
    ];

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>[^\n]+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"(?<=^|\s)#[^\n]*")]
    private static partial Regex ShellComment();

    [GeneratedRegex(@"^```.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();
}
