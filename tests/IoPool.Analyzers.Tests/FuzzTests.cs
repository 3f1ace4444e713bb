using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using IoPool.Analyzers.Tests.Support;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Tests;

/// <summary>
/// Broken code: analyzers, suppressor and generator neither throw nor hang over it, whatever they say. A sample of the
/// seeds by default, all of them with <c>IOPOOL_FUZZ=all</c>, one with <c>IOPOOL_FUZZ_SEED=n</c>.
/// </summary>
public sealed class FuzzTests
{
    private const int Sample = 300;
    private const int SeedsOfASource = 30;
    private const int MostShown = 20;

    private const string Throws = "class C { void M() { throw null; } }";

    private static readonly TimeSpan s_ceiling = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task BrokenCode_NeitherThrowsNorHangs()
    {
        var problems = new List<string>();
        foreach (var seed in Seeds())
        {
            var source = FuzzCase.Create(seed, FuzzCorpus.Sources);
            if (await FindProblemAsync(seed, source, Situation.Analyzers, s_ceiling) is { } problem)
                problems.Add(problem);
        }

        Assert.True(problems.Count == 0, string.Join("\n\n", problems.Take(MostShown)));
    }

    [Fact]
    public void Corpus_HoldsTheSituations()
    {
        Assert.True(FuzzCorpus.Sources.Length > 400, $"Only {FuzzCorpus.Sources.Length} sources.");
        Assert.Contains(FuzzCorpus.Sources, static s => s.Contains("Thread.Sleep(1", StringComparison.Ordinal));
        Assert.DoesNotContain(FuzzCorpus.Sources, static s => s.Contains("{|IOP", StringComparison.Ordinal));
    }

    [Fact]
    public void Corpus_IsMostlyCodeThatCompiles()
    {
        var compiles = FuzzCorpus.Sources.Where(static (_, index) => index % 20 == 0).Select(static source =>
            CSharpSyntaxTree.ParseText(source, TestCompilation.Options())
                .GetDiagnostics().All(static d => d.Severity != DiagnosticSeverity.Error)).ToArray();

        Assert.True(compiles.Count(static c => c) > compiles.Length * 3 / 4, string.Join(' ', compiles));
    }

    [Fact]
    public void SameSeed_MakesTheSameCode() =>
        Assert.Equal(FuzzCase.Create(7, FuzzCorpus.Sources), FuzzCase.Create(7, FuzzCorpus.Sources));

    [Fact]
    public async Task AnalyzerThatThrows_IsFoundWithItsSeed()
    {
        var problem = await FindProblemAsync(41, Throws, [new OnThrow(static _ => Throw())], s_ceiling);

        Assert.Contains("IOPOOL_FUZZ_SEED=41", problem, StringComparison.Ordinal);
        Assert.Contains("planted", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnalyzerThatHangs_IsFoundWithItsSeed()
    {
        var problem = await FindProblemAsync(
            42,
            Throws,
            [new OnThrow(static token => token.WaitHandle.WaitOne(s_ceiling))],
            TimeSpan.FromMilliseconds(50));

        Assert.Contains("IOPOOL_FUZZ_SEED=42", problem, StringComparison.Ordinal);
        Assert.Contains("hangs", problem, StringComparison.Ordinal);
    }

    private static IEnumerable<int> Seeds()
    {
        if (Environment.GetEnvironmentVariable("IOPOOL_FUZZ_SEED") is { Length: > 0 } one)
            return [int.Parse(one, CultureInfo.InvariantCulture)];
        var isWhole = Environment.GetEnvironmentVariable("IOPOOL_FUZZ") == "all";
        return Enumerable.Range(0, isWhole ? FuzzCorpus.Sources.Length * SeedsOfASource : Sample);
    }

    private static async Task<string?> FindProblemAsync(
        int seed, string source, ImmutableArray<DiagnosticAnalyzer> analyzers, TimeSpan ceiling)
    {
        using var end = new CancellationTokenSource(ceiling);
        string? problem;
        try
        {
            // An analyzer that does not look at the token is left behind.
            problem = await Task.Run(() => AnalyzeAsync(source, analyzers, end.Token)).WaitAsync(ceiling + ceiling);
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            problem = $"hangs, {ceiling} are over";
        }

        return problem is null ? null : $"IOPOOL_FUZZ_SEED={seed}: {problem}\nIn:\n{source}";
    }

    private static async Task<string?> AnalyzeAsync(
        string source, ImmutableArray<DiagnosticAnalyzer> analyzers, CancellationToken cancellation)
    {
        var input = TestCompilation.Create(source);
        var driver = TestCompilation.Driver(input)
            .RunGeneratorsAndUpdateCompilation(input, out var output, out _, cancellation);
        if (driver.GetRunResult().Results.Select(static r => r.Exception).FirstOrDefault() is { } thrown)
            return thrown.ToString();

        var exceptions = new ConcurrentQueue<Exception>();
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]),
            (exception, _, _) => exceptions.Enqueue(exception),
            concurrentAnalysis: true,
            logAnalyzerExecutionTime: false,
            reportSuppressedDiagnostics: true);
        var all = await output.WithAnalyzers(analyzers, options).GetAllDiagnosticsAsync(cancellation);
        return exceptions.FirstOrDefault()?.ToString()
            ?? all.FirstOrDefault(static d => d.Id == "AD0001")?.ToString();
    }

    private static void Throw() => throw new InvalidOperationException("planted");

#pragma warning disable RS1001, RS1025, RS1026, RS1036, RS1041 // Nobody loads it.
    private sealed class OnThrow(Action<CancellationToken> act) : DiagnosticAnalyzer
    {
        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
            [BlockingRules.Sleep];

        public override void Initialize(AnalysisContext context) => context.RegisterSyntaxNodeAction(
            node => act(node.CancellationToken), SyntaxKind.ThrowStatement);
    }
}
