using IoPool.Generators.Tests.Helpers;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;

namespace IoPool.Generators.Tests;

/// <summary>
/// Code that compiles, looks pinned and is not: the generator alone says so, since analyzers can be switched off, and
/// nobody repeats it where they are not.
/// </summary>
public sealed class LawOneTests
{
    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.Runtime.CompilerServices;
        using System.Threading.Tasks;
        using IoPool;
        using IoPool.CompilerServices;


        """;

    private const string ByHand = "[Pinned, AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]";

    /// <summary>Rule, what is underlined, code.</summary>
    public static TheoryData<string, string, string> Unpinned => new()
    {
        { "IOP4001", "M", "partial class C { [Pinned] async ValueTask M() => await Task.Yield(); }" },
        { "IOP4001", "M", "partial class C { [Pinned] async ValueTask<int> M() { await Task.Yield(); return 1; } }" },
        { "IOP4001", "M", "partial class C { [Pinned] async Task M() => await Task.Yield(); }" },
        { "IOP4001", "M", "partial class C { [Pinned] async void M() => await Task.Yield(); }" },
        { "IOP4006", "F", "class C { void M() { _ = F(); [Pinned] async ValueTask F() => await Task.Yield(); } }" },
        {
            "IOP4006", "F",
            "class C { int P { get { _ = F(); return 1; [Pinned] async Task F() => await Task.Yield(); } } }"
        },
        {
            "IOP4006", "F",
            "class C { Action A = () => { _ = F(); [Pinned] static async ValueTask F() => await Task.Yield(); }; }"
        },
        {
            "IOP4006", "F",
            "class C { void M() { _ = F(); "
            + "[Pinned] async IAsyncEnumerable<int> F() { await Task.Yield(); yield break; } } }"
        },
        { "IOP4006", "Pinned", "class C { Func<ValueTask> F = [Pinned] async () => await Task.Yield(); }" },
        {
            "IOP4006", "Pinned",
            "class C { void M() { Func<int, Task> f = [Pinned] async (x) => await Task.Yield(); } }"
        },
        { "IOP4006", "Pinned", "class C { void M() { var f = [Pinned] async ValueTask () => await Task.Yield(); } }" },
        { "IOP4006", "Pinned", "class C { Task M() => Task.Run([Pinned] async () => await Task.Yield()); }" },
        { "IOP4007", "M", "class C : I { [Pinned] async ValueTask I.M() => await Task.Yield(); }" },
        { "IOP4007", "M", "interface J : I { [Pinned] async ValueTask I.M() => await Task.Yield(); }" },
        { "IOP4007", "M", "file class C { [Pinned] public async ValueTask M() => await Task.Yield(); }" },
        { "IOP4007", "M", "file class C { class D { [Pinned] public async ValueTask M() => await Task.Yield(); } }" },
        {
            "IOP4007", "M",
            "static class E { extension(string text) { [Pinned] public async ValueTask M() => await Task.Yield(); } }"
        },
        {
            "IOP4007", "M",
            "static class E { extension(string) { [Pinned] public static async ValueTask M() => await Task.Yield(); } }"
        },
        {
            "IOP4007", "M",
            "partial class C { [Pinned] async IAsyncEnumerable<int> M() { await Task.Yield(); yield break; } }"
        },
        {
            "IOP4007", "M",
            "partial class C { [Pinned] async IAsyncEnumerator<int> M() { await Task.Yield(); yield break; } }"
        },
        {
            "IOP4007", "M",
            $"class C {{ {ByHand} async IAsyncEnumerable<int> M() {{ await Task.Yield(); yield break; }} }}"
        },
        {
            "IOP4007", "M",
            "partial class C { public partial ValueTask M(); "
            + "[Pinned] public async partial ValueTask M() => await Task.Yield(); }"
        },
        {
            "IOP4007", "M",
            "partial class C { [Pinned] public partial ValueTask M(); "
            + "public async partial ValueTask M() => await Task.Yield(); }"
        },
        {
            "IOP4007", "M",
            "class C : I { [Pinned, AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))] "
            + "async ValueTask I.M() => await Task.Yield(); }"
        },
    };

    public static TheoryData<string> PinnedByHand => new()
    {
        $"class C : I {{ {ByHand} async ValueTask I.M() => await Task.Yield(); }}",
        $"file class C {{ {ByHand} public async ValueTask M() => await Task.Yield(); }}",
        $"static class E {{ extension(string s) {{ {ByHand} public async ValueTask M() => await Task.Yield(); }} }}",
        $"class C {{ async ValueTask M() {{ await F(); {ByHand} async ValueTask F() => await Task.Yield(); }} }}",
        $"class C {{ Func<ValueTask> F = {ByHand} async ValueTask () => await Task.Yield(); }}",
    };

    [Theory]
    [MemberData(nameof(Unpinned))]
    public void WithoutAnalyzers_IsAnErrorOfTheGenerator(string rule, string underlined, string code)
    {
        var input = Create(code);
        AssertCompiles(input);

        var result = TestCompilation.Driver(input).RunGenerators(input).GetRunResult();

        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal(rule, diagnostic.Id);
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.Contains(WellKnownDiagnosticTags.NotConfigurable, diagnostic.Descriptor.CustomTags);
        Assert.Equal(TestCompilation.Path, diagnostic.Location.GetLineSpan().Path);
        var text = input.SyntaxTrees.Single().GetText();
        Assert.Equal(underlined, text.ToString(diagnostic.Location.SourceSpan));
        Assert.Equal(
            text.Lines.GetLinePositionSpan(diagnostic.Location.SourceSpan), diagnostic.Location.GetLineSpan().Span);
        Assert.Empty(result.GeneratedTrees);
    }

    [Theory]
    [MemberData(nameof(Unpinned))]
    public async Task WithAnalyzers_IsAnErrorOnce(string rule, string underlined, string code)
    {
        var run = await GeneratorRun.OfAsync(Create(code));

        Assert.Contains(underlined, code, StringComparison.Ordinal);
        Assert.Equal(rule, Assert.Single(run.RuleIds, id => id == rule));
        Assert.All(run.RuleIds, id => Assert.True(id == rule || id == "IOP4003", id));
    }

    [Theory]
    [MemberData(nameof(PinnedByHand))]
    public async Task PinnedBuilderByHand_IsSilent(string code)
    {
        var run = await GeneratorRun.OfAsync(Create(code));

        Assert.Empty(run.RuleIds);
        Assert.Empty(run.Sources);
        AssertCompiles(run.Output);
    }

    // The compiler refuses the second attribute, so that there is no need to say the rest twice.
    [Fact]
    public void BothPartsByHandAndMarked_IsSaidOnce()
    {
        var input = Create("""
            partial class C
            {
                [Pinned] public partial ValueTask M();
                [Pinned] public async partial ValueTask M() => await Task.Yield();
            }
            """);

        var result = TestCompilation.Driver(input).RunGenerators(input).GetRunResult();

        Assert.Equal("IOP4007", Assert.Single(result.Diagnostics).Id);
    }

    [Fact]
    public void MovedByALineDirective_StaysWhereTheCodeIs()
    {
        var input = Create("""
            partial class C
            {
            #line 7 "/src/Other.txt"
                [Pinned] async ValueTask M() => await Task.Yield();
            }
            """);

        var result = TestCompilation.Driver(input).RunGenerators(input).GetRunResult();

        Assert.Equal(TestCompilation.Path, Assert.Single(result.Diagnostics).Location.GetLineSpan().Path);
    }

    private static Compilation Create(string code) => TestCompilation.Create(
        $$"""{{Usings}}interface I { ValueTask M(); }{{"\n"}}{{code}}""");

    private static void AssertCompiles(Compilation compilation) =>
        Assert.DoesNotContain(compilation.GetDiagnostics(), static d => d.Severity == DiagnosticSeverity.Error);
}
