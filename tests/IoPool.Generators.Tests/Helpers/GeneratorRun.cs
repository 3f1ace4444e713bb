using System.Collections.Immutable;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IoPool.Generators.Tests.Helpers;

/// <summary>
/// One run of the generator over a sample, and what every test asks of it whatever else it is about: the second run
/// comes from the cache, models hold nothing forbidden, and generator and analyzer agree.
/// </summary>
internal sealed class GeneratorRun
{
    private static readonly string[] s_steps =
        [PinnedMethodGenerator.ParseStep, PinnedMethodGenerator.ModelsStep, PinnedMethodGenerator.ProblemsStep];

    private GeneratorRun(Compilation output, GeneratorRunResult result, ImmutableArray<Diagnostic> diagnostics)
    {
        Output = output;
        Result = result;
        Diagnostics = diagnostics;
    }

    public Compilation Output { get; }

    public GeneratorRunResult Result { get; }

    /// <summary>Warnings and errors of compiler, generator and analyzer together.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; }

    public IReadOnlyList<(string Hint, string Text)> Sources =>
        [.. Result.GeneratedSources.Select(static s => (s.HintName, s.SourceText.ToString()))];

    public string Source => Assert.Single(Sources).Text;

    public static Task<GeneratorRun> OfAsync(
        string source, CSharpParseOptions? options = null, params MetadataReference[] more) =>
        OfAsync(TestCompilation.Create(source, options, more));

    public static async Task<GeneratorRun> OfAsync(Compilation input)
    {
        var driver = TestCompilation.Driver(input).RunGeneratorsAndUpdateCompilation(
            input, out var output, out var reported);
        var result = driver.GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        AssertCachedOnSecondRun(driver, input);
        foreach (var step in s_steps.Where(result.TrackedSteps.ContainsKey).SelectMany(s => result.TrackedSteps[s]))
            ModelGuard.AssertNothingForbidden(step.Outputs.Select(static o => o.Value).ToArray());

        var all = await Agreement.CheckAsync(input, output, reported);
        return new GeneratorRun(output, result, [.. all.Where(static d => d.Severity >= DiagnosticSeverity.Warning)]);
    }

    /// <summary>Runs over a valid sample: it has to compile afterwards without a single warning.</summary>
    public static async Task<GeneratorRun> OfValidAsync(
        string source, CSharpParseOptions? options = null, params MetadataReference[] more)
    {
        var run = await OfAsync(source, options, more);
        Assert.True(
            run.Diagnostics.IsEmpty,
            string.Join('\n', run.Diagnostics) + "\n" + string.Join('\n', run.Sources.Select(static s => s.Text)));
        using var image = new MemoryStream();
        Assert.True(run.Output.Emit(image).Success);
        return run;
    }

    public IReadOnlyList<string> RuleIds =>
        [.. Diagnostics.Select(static d => d.Id).Where(static id => id.StartsWith("IOP", StringComparison.Ordinal))];

    private static void AssertCachedOnSecondRun(GeneratorDriver driver, Compilation input)
    {
        var again = driver.RunGenerators(input.Clone()).GetRunResult().Results.Single();
        AssertCached(again.TrackedSteps.Where(step => s_steps.Contains(step.Key)).SelectMany(static s => s.Value));
        AssertCached(again.TrackedOutputSteps.SelectMany(static s => s.Value));
    }

    public static void AssertCached(IEnumerable<IncrementalGeneratorRunStep> steps) =>
        Assert.All(steps.SelectMany(static s => s.Outputs), static output => Assert.True(
            output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged,
            $"{output.Reason}: {output.Value}"));
}
