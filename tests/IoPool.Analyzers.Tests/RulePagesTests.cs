using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using IoPool.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Tests;

/// <summary>
/// Rules and their pages say the same. The index is written anew with <c>IOPOOL_ACCEPT_SNAPSHOTS=1</c>.
/// </summary>
public sealed partial class RulePagesTests
{
    private const string IndexStart = "<!-- rules: written by RulePagesTests -->\n\n";
    private const string IndexEnd = "\n<!-- end of rules -->";

    public static TheoryData<string> Ids => [.. Rules.Keys];

    private static SortedDictionary<string, DiagnosticDescriptor> Rules { get; } = new(
        typeof(PinnedShapeAnalyzer).Assembly.GetTypes()
            .Where(static type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract)
            .Where(static type => !type.IsSubclassOf(typeof(DiagnosticSuppressor)))
            .SelectMany(static type => ((DiagnosticAnalyzer)Activator.CreateInstance(type)!).SupportedDiagnostics)
            .Concat(GeneratorRules.All)
            .DistinctBy(static rule => rule.Id)
            .ToDictionary(static rule => rule.Id),
        StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_HasAPageWithItsTitleAndSeverity(string id)
    {
        var (rule, page) = (Rules[id], ReadPage(id));

        Assert.StartsWith($"# {id}: {rule.Title}\n", page, StringComparison.Ordinal);
        Assert.Contains($"| Category | {rule.Category} |\n", page, StringComparison.Ordinal);
        Assert.Contains($"| Severity | {rule.DefaultSeverity} |\n", page, StringComparison.Ordinal);
        Assert.Matches(Law(), page);
        foreach (var section in new[] { "## What it says", "## Why", "## Example", "## How to fix it" })
            Assert.Contains(section + "\n", page, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_SaysWhoReportsIt(string id)
    {
        var isOfGenerator = GeneratorRules.All.Any(rule => rule.Id == id);
        var reporter = isOfGenerator ? "the generator, also where analyzers are switched off" : "the analyzer";

        Assert.Contains($"| Reported by | {reporter} |\n", ReadPage(id), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_SaysWhetherItCanBeSwitchedOff(string id)
    {
        var isFixed = Rules[id].CustomTags.Contains(WellKnownDiagnosticTags.NotConfigurable);
        var answer = isFixed ? "no" : $"yes, `dotnet_diagnostic.{id}.severity`";

        Assert.Contains($"| Can be switched off | {answer} |\n", ReadPage(id), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_LinksToItsPage(string id) => Assert.Equal(
        $"https://github.com/iopool/iopool/blob/main/docs/rules/{id}.md", Rules[id].HelpLinkUri);

    [Fact]
    public void ShapeRules_AreErrorsThatNobodySwitchesOff()
    {
        var shape = Rules.Values.Where(static r => r.Id.StartsWith("IOP40", StringComparison.Ordinal)).ToArray();

        Assert.Equal(10, shape.Length);
        Assert.All(shape, static rule =>
        {
            Assert.Equal(DiagnosticSeverity.Error, rule.DefaultSeverity);
            Assert.Contains(WellKnownDiagnosticTags.NotConfigurable, rule.CustomTags);
        });
    }

    [Fact]
    public void EveryPage_HasARule() => Assert.Empty(PageIds().Except(Rules.Keys));

    [Fact]
    public void Index_ListsEveryRule()
    {
        var path = Path.Combine(Folder(), "README.md");
        var text = File.ReadAllText(path);
        var start = text.IndexOf(IndexStart, StringComparison.Ordinal) + IndexStart.Length;
        var end = text.IndexOf(IndexEnd, StringComparison.Ordinal);
        var expected = text[..start] + Index() + text[end..];

        if (Environment.GetEnvironmentVariable("IOPOOL_ACCEPT_SNAPSHOTS") == "1")
            File.WriteAllText(path, expected);
        else
            Assert.Equal(expected, text);
    }

    private static string Index()
    {
        var rows = Rules.Values.Select(static rule =>
            $"| [{rule.Id}]({rule.Id}.md) | {rule.Title} | {rule.Category} | {rule.DefaultSeverity} "
            + $"| {Law().Match(ReadPage(rule.Id)).Groups["law"].Value} |\n");
        return "| Rule | Title | Category | Severity | Law |\n|---|---|---|---|---|\n" + string.Concat(rows);
    }

    internal static IEnumerable<string> PageIds() =>
        Directory.GetFiles(Folder(), "IOP*.md").Select(static file => Path.GetFileNameWithoutExtension(file));

    internal static string ReadPage(string id) => File.ReadAllText(Path.Combine(Folder(), id + ".md"));

    internal static string Folder([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../docs/rules"));

    [GeneratedRegex(@"\| Law \| \[(?<law>[123])\. [^\]]+\]\(\.\./threading-laws\.md\) \|\n")]
    private static partial Regex Law();
}
