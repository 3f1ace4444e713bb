using IoPool.Generators.Tests.Helpers;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IoPool.Generators.Tests;

public sealed class IncrementalTests
{
    private const string Source = """
        using System.Threading.Tasks;

        namespace Demo;

        public partial class C
        {
            [IoPool.Pinned] public async partial ValueTask FirstAsync(int value = 1) => await Task.Yield();

            [IoPool.Pinned] public async partial ValueTask<T> SecondAsync<T>(T value) where T : class
            {
                await Task.Yield();
                return value;
            }

            [IoPool.Pinned] public async ValueTask NotPartialAsync() => await Task.Yield();

            public void Functions()
            {
                System.Func<ValueTask> lambda = [IoPool.Pinned] async () => await Task.Yield();
                [IoPool.Pinned] async ValueTask LocalAsync() => await Task.Yield();
            }
        }
        """;

    [Theory]
    [InlineData(PinnedMethodGenerator.ParseStep)]
    [InlineData(PinnedMethodGenerator.ModelsStep)]
    [InlineData(PinnedMethodGenerator.ProblemsStep)]
    public void UnrelatedFile_LeavesTheStepCached(string step)
    {
        var result = Edit(static compilation => compilation.AddSyntaxTrees(Parse("class Unrelated { void M() { } }")));

        Assert.NotEmpty(result.TrackedSteps[step]);
        GeneratorRun.AssertCached(result.TrackedSteps[step]);
    }

    [Theory]
    [InlineData(PinnedMethodGenerator.ParseStep)]
    [InlineData(PinnedMethodGenerator.ModelsStep)]
    [InlineData(PinnedMethodGenerator.ProblemsStep)]
    public void UnrelatedMemberBelow_LeavesTheStepCached(string step)
    {
        var result = Edit(static compilation => Replace(compilation, Source[..^1] + "    int Unrelated() => 1;\n}"));

        Assert.NotEmpty(result.TrackedSteps[step]);
        GeneratorRun.AssertCached(result.TrackedSteps[step]);
    }

    [Fact]
    public void EditInABody_LeavesTheModelsCached()
    {
        var result = Edit(static compilation =>
            Replace(compilation, Source.Replace("return value;", "/* new */ return value;")));

        GeneratorRun.AssertCached(result.TrackedSteps[PinnedMethodGenerator.ModelsStep]);
    }

    [Fact]
    public void MovedText_ChangesProblemsOnly()
    {
        var result = Edit(static compilation => Replace(compilation, "// a new first line\n" + Source));

        GeneratorRun.AssertCached(result.TrackedSteps[PinnedMethodGenerator.ModelsStep]);
        Assert.Contains(
            result.TrackedSteps[PinnedMethodGenerator.ProblemsStep].SelectMany(static s => s.Outputs),
            static o => o.Reason == IncrementalStepRunReason.Modified);
    }

    [Fact]
    public void ChangedSignature_ChangesOneModelOnly()
    {
        var result = Edit(static compilation => Replace(compilation, Source.Replace("int value = 1", "int value = 2")));

        var steps = result.TrackedSteps[PinnedMethodGenerator.ModelsStep];
        Assert.Equal(2, steps.Length);
        var changed = Assert.Single(steps, static s => s.Outputs[0].Reason == IncrementalStepRunReason.Modified);
        GeneratorRun.AssertCached(steps.Remove(changed));
    }

    [Fact]
    public void UnrelatedReference_LeavesTheOutputsCached()
    {
        var reference = RuntimeReference.Build("Unrelated", "public class Unrelated;");

        var result = Edit(compilation => compilation.AddReferences(reference));

        GeneratorRun.AssertCached(result.TrackedOutputSteps.SelectMany(static s => s.Value));
    }

    [Fact]
    public void Models_HoldNothingOfACompilation()
    {
        var compilation = TestCompilation.Create(Source);
        var result = TestCompilation.Driver(compilation).RunGenerators(compilation).GetRunResult().Results.Single();

        string[] steps =
            [PinnedMethodGenerator.ParseStep, PinnedMethodGenerator.ModelsStep, PinnedMethodGenerator.ProblemsStep];
        var outputs = steps.SelectMany(s => result.TrackedSteps[s]).SelectMany(static s => s.Outputs).ToArray();
        Assert.Equal(5 + 2 + 3, outputs.Length);
        Assert.All(outputs, static o => ModelGuard.AssertNothingForbidden(o.Value));
    }

    [Fact]
    public void Guard_FindsAPlantedSymbol()
    {
        var compilation = TestCompilation.Create(Source);
        var symbol = compilation.GetTypesByMetadataName("Demo.C").Single();

        object[] planted =
        [
            new Holder<ISymbol>(symbol),
            new Holder<object>(symbol),
            new Holder<object[]>([1, "text", new Holder<object>(compilation)]),
            new Holder<SyntaxTree>(compilation.SyntaxTrees[0]),
            new Holder<object>(compilation.SyntaxTrees[0].GetRoot()),
            new Holder<Location>(symbol.Locations[0]),
            // Nothing is in it, and something could be.
            new Holder<IMethodSymbol?>(null),
        ];

        Assert.All(planted, static p =>
            Assert.Throws<Xunit.Sdk.FailException>(() => ModelGuard.AssertNothingForbidden(p)));
        ModelGuard.AssertNothingForbidden(new Holder<string>("text"));
    }

    private static GeneratorRunResult Edit(Func<CSharpCompilation, CSharpCompilation> edit)
    {
        var compilation = TestCompilation.Create(Source);
        var driver = TestCompilation.Driver(compilation).RunGenerators(compilation);
        return driver.RunGenerators(edit(compilation)).GetRunResult().Results.Single();
    }

    private static CSharpCompilation Replace(CSharpCompilation compilation, string source) =>
        compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[0], Parse(source, TestCompilation.Path));

    private static SyntaxTree Parse(string source, string path = "/src/Other.cs") =>
        CSharpSyntaxTree.ParseText(source, TestCompilation.Options(), path);

    private sealed record Holder<T>(T Value);
}
