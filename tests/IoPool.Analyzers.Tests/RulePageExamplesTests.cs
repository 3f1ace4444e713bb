using System.Collections.Immutable;
using System.Text.RegularExpressions;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.Analyzers.Tests;

/// <summary>
/// The examples of the pages are true: each compiles with nothing but usings before it, its rule is reported where the
/// page says so, and nothing at all is reported where the page says that it is fine.
/// </summary>
public sealed partial class RulePageExamplesTests
{
    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        using System.Security.Cryptography;
        using System.Threading;
        using System.Threading.Tasks;
        using IoPool;
        using IoPool.CompilerServices;
        using IoPool.Net;

        """;

    private const string CatalogueLine = "IOP1019";

    // By page, so that a page is checked from the day that it is written.
    public static TheoryData<string> Ids =>
    [
        .. RulePagesTests.PageIds()
            .Where(static id => !id.StartsWith("IOP40", StringComparison.Ordinal) && id != CatalogueLine)
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task ReportedExample_IsReported(string id)
    {
        var page = RulePagesTests.ReadPage(id);
        foreach (var example in Examples(page, "Reported", "csharp"))
        {
            var found = await Situation.AnalyzeAsync(Compile(example));

            Assert.True(found.Any(d => d.Id == id), $"{id} is not reported:\n{Show(found)}\n{example}");
            // What else the example breaks has a link, so that the reader is not surprised.
            foreach (var other in found.Where(d => d.Id != id))
                Assert.True(page.Contains($"({other.Id}.md)", StringComparison.Ordinal), Show([other]));
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task FineExample_IsSilent(string id)
    {
        foreach (var example in Examples(RulePagesTests.ReadPage(id), "Fine", "csharp"))
        {
            var found = await Situation.AnalyzeAsync(Compile(example));

            Assert.True(found.IsEmpty, $"Reported all the same:\n{Show(found)}\n{example}");
        }
    }

    /// <summary>A block that no other test looks at would not be checked at all.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void Page_HasNoOtherCode(string id)
    {
        var page = RulePagesTests.ReadPage(id);
        var checkedBlocks = Examples(page, "Reported", "csharp").Count + Examples(page, "Fine", "csharp").Count;

        Assert.Equal(checkedBlocks, Fence().Count(page));
    }

    [Theory]
    [InlineData("Reported", true)]
    [InlineData("Fine", false)]
    public async Task CatalogueExample_IsWhatThePageSays(string heading, bool isReported)
    {
        foreach (var example in Examples(RulePagesTests.ReadPage(CatalogueLine), heading, "text"))
        {
            var options = new AnalyzerOptions([new TextFile(example)]);
            var found = await Situation.AnalyzeAsync(TestCompilation.Create("class Nothing;"), options: options);

            Assert.True(found.Any() == isReported && found.All(static d => d.Id == CatalogueLine), $"{Show(found)}\n{example}");
        }
    }

    [Fact]
    public async Task GuidesCode_CompilesAndIsSilent()
    {
        var guide = File.ReadAllText(Path.Combine(RulePagesTests.Folder(), "../blocking.md"));
        foreach (Match block in Code().Matches(guide))
            Assert.Empty(await Situation.AnalyzeAsync(Compile(block.Groups["code"].Value)));
    }

    // Every example is whole declarations; it may break rules, and nothing else.
    private static Compilation Compile(string example)
    {
        var compilation = TestCompilation.Create(Usings + example);
        TestCompilation.Driver(compilation).RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
        var complaints = output.GetDiagnostics().Where(static d =>
            d.Severity >= DiagnosticSeverity.Warning && !d.Id.StartsWith("IOP", StringComparison.Ordinal));
        Assert.True(!complaints.Any(), $"{Show([.. complaints])}\n{example}");
        return compilation;
    }

    private static IReadOnlyList<string> Examples(string page, string heading, string language)
    {
        var examples = Example().Matches(page)
            .Where(match => match.Groups["heading"].Value == heading && match.Groups["language"].Value == language)
            .Select(static match => match.Groups["code"].Value)
            .ToArray();
        Assert.NotEmpty(examples);
        return examples;
    }

    private static string Show(ImmutableArray<Diagnostic> found) => string.Join('\n', found);

    // "Reported:" or "Reported, some more words:", and the block after it.
    [GeneratedRegex(@"^(?<heading>Reported|Fine)\b[^\n]*:\n\n```(?<language>\w+)\n(?<code>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^```\w+$", RegexOptions.Multiline)]
    private static partial Regex Fence();

    private sealed class TextFile(string content) : AdditionalText
    {
        public override string Path => "/src/IoPool.BlockingApis.tsv";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(content);
    }
}
