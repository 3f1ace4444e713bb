using System.Collections.Immutable;
using Basic.Reference.Assemblies;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.Analyzers.Tests;

/// <summary>Code in the making, strange projects: the analyzer neither throws nor says what is not so.</summary>
public sealed class RobustnessTests
{
    [Theory]
    [InlineData("partial class C { [Pinned] public async partial ValueTask")]
    [InlineData("partial class C { [Pinned] public async partial ValueTask M(")]
    [InlineData("partial class C { [Pinned] public async partial ValueTask M(int) => }")]
    [InlineData("partial class C { [Pinned] public async partial M() { } }")]
    [InlineData("partial class C { [Pinned] public async partial ValueTask<> M() { } }")]
    [InlineData("partial class C { [Pinned] public async partial ValueTask I.M() { } }")]
    [InlineData("partial class C { [Pinned, Pinned] public async partial ValueTask M() { } }")]
    [InlineData("partial class C { [Pinned(1)] public async partial ValueTask M<T, T>(int a, int a = \"\") { } }")]
    [InlineData("partial class C { [Pinned, AsyncMethodBuilder] public async ValueTask M() { } }")]
    [InlineData("partial class C { [Pinned, AsyncMethodBuilder(null)] public async ValueTask M() { } }")]
    [InlineData("partial class C { [Pinned, AsyncMethodBuilder(typeof(Missing))] public async ValueTask M() { } }")]
    [InlineData("[Pinned] async partial ValueTask M() => await Task.Yield();")]
    [InlineData("namespace N { [Pinned] public async partial ValueTask M() { } }")]
    [InlineData("class C : Missing, I { public override ValueTask M() => default; } interface I { [Pinned] ValueTask M(); }")]
    [InlineData("class C : I { } interface I { [Pinned] ValueTask M(); }")]
    [InlineData("class A : B { [Pinned] ValueTask M(); } class B : A { }")]
    [InlineData("partial enum E { [Pinned] M }")]
    [InlineData("[Pinned] delegate ValueTask D();")]
    [InlineData("partial class C { void M() { [Pinned] async ValueTask F( } }")]
    [InlineData("partial class C { int P { [Pinned] get; [Pinned] } }")]
    public async Task BrokenCode_NeitherThrowsNorStaysUnexplained(string code)
    {
        var input = TestCompilation.Create("""
            using System.Runtime.CompilerServices;
            using System.Threading.Tasks;
            using IoPool;

            """ + code);
        var driver = TestCompilation.Driver(input)
            .RunGeneratorsAndUpdateCompilation(input, out var output, out var reported);

        Assert.Null(driver.GetRunResult().Results.Single().Exception);
        var all = (await AnalyzeAsync(output)).AddRange(reported);
        Assert.DoesNotContain(all, static d => d.Id == "AD0001");
    }

    [Fact]
    public async Task WithoutIoPool_NothingIsAnalyzed()
    {
        var compilation = CSharpCompilation.Create(
            "Sample",
            [CSharpSyntaxTree.ParseText("class C { [IoPool.Pinned] async System.Threading.Tasks.ValueTask M() { } }")],
            Net100.References.All);

        Assert.Empty(await AnalyzeAsync(compilation));
    }

    [Fact]
    public async Task AttributeInTwoReferences_IsStillKnown()
    {
        var second = RuntimeReference.Build(
            "IoPool.Copy", "namespace IoPool { internal sealed class PinnedAttribute : System.Attribute; }");
        var compilation = TestCompilation.Create(
            "partial class C { [IoPool.Pinned] public int M() => 1; }", options: null, second);

        Assert.Equal(["IOP4002", "IOP4003"], (await AnalyzeAsync(compilation)).Select(static d => d.Id).Order());
    }

    // The IDE references projects as compilations: their symbols have syntax that this compilation does not know.
    [Fact]
    public async Task ContractOfAProjectReference_IsJudgedWithoutItsSyntax()
    {
        var library = CSharpCompilation.Create(
            "Library",
            [CSharpSyntaxTree.ParseText("""
                using System.Threading.Tasks;
                public interface I { [IoPool.Pinned] ValueTask M(); }
                public class Base { public async ValueTask M() => await Task.Yield(); }
                """)],
            [.. Net100.References.All, RuntimeReference.Instance],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var compilation = TestCompilation.Create(
            "class Derived : Base, I;", options: null, library.ToMetadataReference());

        var diagnostic = Assert.Single(await AnalyzeAsync(compilation));
        Assert.Equal("IOP4010", diagnostic.Id);
        Assert.Equal(TestCompilation.Path, diagnostic.Location.GetLineSpan().Path);
    }

    [Fact]
    public async Task TypeOfAnotherGenerator_IsExplained()
    {
        var input = TestCompilation.Create("""
            using System.Collections.Generic;
            using System.Threading.Tasks;

            partial class C
            {
                [IoPool.Pinned] public async partial ValueTask M(List<Written> items) => await Task.Yield();
            }
            """);
        TestCompilation.Driver(input)
            .AddGenerators([new OtherGenerator().AsSourceGenerator()])
            .RunGeneratorsAndUpdateCompilation(input, out var output, out _);

        var diagnostic = Assert.Single(await AnalyzeAsync(output));
        Assert.Equal(
            "'M' cannot be [Pinned]: another source generator writes 'Written', and generators do not see each other's "
            + "types",
            diagnostic.GetMessage());
    }

    private static Task<ImmutableArray<Diagnostic>> AnalyzeAsync(Compilation compilation) =>
        compilation.WithAnalyzers([new PinnedShapeAnalyzer()]).GetAnalyzerDiagnosticsAsync();

    private sealed class OtherGenerator : IIncrementalGenerator
    {
        public void Initialize(IncrementalGeneratorInitializationContext context) => context.RegisterSourceOutput(
            context.CompilationProvider,
            static (output, _) => output.AddSource(
                "Written.g.cs", SourceText.From("public class Written;", System.Text.Encoding.UTF8)));
    }
}
