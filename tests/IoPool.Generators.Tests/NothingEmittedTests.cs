using IoPool.Generators.Tests.Helpers;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis.CSharp;

namespace IoPool.Generators.Tests;

/// <summary>Invalid input: nothing is emitted, and one rule says why.</summary>
public sealed class NothingEmittedTests
{
    [Theory]
    [InlineData("IOP4001", "partial class C { [Pinned] public async ValueTask M() => await Task.Yield(); }")]
    [InlineData("IOP4001", "class C { [Pinned] public async ValueTask<int> M() { await Task.Yield(); return 1; } }",
        "IOP4004")]
    [InlineData("IOP4002", "partial class C { [Pinned] public partial ValueTask M() => default; }")]
    [InlineData("IOP4002", "class C { [Pinned] public ValueTask M() => default; }", "IOP4004")]
    [InlineData("IOP4003", "partial class C { [Pinned] public async partial Task M() => await Task.Yield(); }")]
    [InlineData("IOP4003", "partial class C { [Pinned] async partial void M() => await Task.Yield(); }")]
    [InlineData("IOP4003", "interface I { [Pinned] Task M(); }")]
    [InlineData("IOP4004", "class C { [Pinned] public async partial ValueTask M() => await Task.Yield(); }")]
    [InlineData("IOP4004",
        "class O { partial class C { [Pinned] public async partial ValueTask M() => await Task.Yield(); } }")]
    [InlineData("IOP4005",
        "partial class C { [Pinned] public async partial ValueTask M(ref int x) => await Task.Yield(); }")]
    [InlineData("IOP4005",
        "partial class C { [Pinned] public async partial ValueTask M(scoped Span<int> x) => await Task.Yield(); }")]
    [InlineData("IOP4006", "class C { void M() { [Pinned] async ValueTask F() => await Task.Yield(); _ = F(); } }")]
    [InlineData("IOP4007",
        "partial class C { "
        + "[Pinned] public async partial IAsyncEnumerable<int> M() { await Task.Yield(); yield break; } }")]
    [InlineData("IOP4007",
        "file partial class C { [Pinned] public async partial ValueTask M() => await Task.Yield(); }")]
    [InlineData("IOP4007",
        "partial class C { [Pinned] public partial ValueTask M(); "
        + "public async partial ValueTask M() => await Task.Yield(); }")]
    [InlineData("IOP4007", "partial class C { [Pinned] public partial ValueTask M(); }")]
    [InlineData("IOP4007",
        "partial class C { public partial ValueTask M(); "
        + "[Pinned] public async partial ValueTask M() => await Task.Yield(); }")]
    [InlineData("IOP4008",
        "partial class C { [Pinned, AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))] "
        + "public async partial ValueTask M() => await Task.Yield(); }")]
    [InlineData("IOP4008",
        "partial class C { [Pinned, AsyncMethodBuilder(typeof(IoPool.CompilerServices.PinnedValueTaskMethodBuilder))] "
        + "public async partial ValueTask M() => await Task.Yield(); }")]
    public async Task BrokenShape_EmitsNothingAndSaysWhy(string rule, string code, string? second = null)
    {
        var run = await GeneratorRun.OfAsync(Usings + code);

        Assert.Empty(run.Sources);
        string[] expected = second is null ? [rule] : [rule, second];
        Assert.Equal(expected, run.RuleIds.Order());
    }

    [Theory]
    [InlineData("interface I { [Pinned] ValueTask M(); }")]
    [InlineData("interface I { [Pinned] static abstract ValueTask<int> M(); }")]
    [InlineData("abstract class C { [Pinned] public abstract ValueTask M(string text); }")]
    public async Task Contract_EmitsNothingAndReportsNothing(string code)
    {
        var run = await GeneratorRun.OfValidAsync(Usings + code);

        Assert.Empty(run.Sources);
    }

    [Fact]
    public async Task BuilderByHandOutsideOfPartialMethods_IsAccepted()
    {
        var run = await GeneratorRun.OfValidAsync(Usings + """
            interface I { [Pinned] ValueTask M(); }

            class C : I
            {
                [Pinned, AsyncMethodBuilder(typeof(IoPool.CompilerServices.PinnedValueTaskMethodBuilder))]
                async ValueTask I.M()
                {
                    [Pinned, AsyncMethodBuilder(typeof(IoPool.CompilerServices.PinnedValueTaskMethodBuilder))]
                    async ValueTask LocalAsync() => await Task.Yield();

                    await LocalAsync();
                }
            }
            """);

        Assert.Empty(run.Sources);
    }

    [Fact]
    public async Task UnknownType_IsLeftToTheCompiler()
    {
        var run = await GeneratorRun.OfAsync(Usings + """
            partial class C
            {
                [Pinned] public async partial ValueTask M(List<Missing> items) => await Task.Yield();
            }
            """);

        Assert.Empty(run.Sources);
        Assert.Empty(run.RuleIds);
        Assert.Contains(run.Diagnostics, static d => d.Id == "CS0246");
    }

    // While somebody copies a method to change it, the others keep their parts.
    [Fact]
    public async Task CopyOfAMethod_GetsNoPartOfItsOwn()
    {
        var run = await GeneratorRun.OfAsync(Usings + """
            partial class C
            {
                [Pinned] public async partial ValueTask M(int a) => await Task.Yield();
                [Pinned] public async partial ValueTask M<T>(T a) => await Task.Yield();
                [Pinned] public async partial ValueTask OtherAsync() => await Task.Yield();
            }

            partial class C
            {
                [Pinned] public async partial ValueTask M(int b = 1) => await Task.Yield();
                [Pinned] public async partial ValueTask M<U>(U a) => await Task.Yield();
            }
            """);

        Assert.Equal(3, run.Sources.Count);
        Assert.Empty(run.RuleIds);
        Assert.Contains(run.Diagnostics, static d => d.Id == "CS0757");
    }

    [Fact]
    public async Task MissingAccessibility_IsLeftToTheCompilersOwnMessage()
    {
        var run = await GeneratorRun.OfAsync(Usings + """
            partial class C
            {
                [Pinned] async partial ValueTask M() => await Task.Yield();
            }
            """);

        Assert.Single(run.Sources);
        Assert.All(run.Diagnostics, static d => Assert.Equal("CS8796", d.Id));
    }

    [Fact]
    public async Task NoPinnedMethod_EmitsNothing()
    {
        var run = await GeneratorRun.OfValidAsync(Usings + """
            partial class C
            {
                public async ValueTask M() => await Task.Yield();
            }
            """);

        Assert.Empty(run.Sources);
    }

    [Fact]
    public async Task CSharp9_EmitsNothing()
    {
        var run = await GeneratorRun.OfAsync(
            """
            using System.Threading.Tasks;
            partial class C { [IoPool.Pinned] public async partial ValueTask M() => await Task.Yield(); }
            """,
            TestCompilation.Options(LanguageVersion.CSharp9));

        Assert.Empty(run.Sources);
        Assert.Equal(["IOP4009"], run.RuleIds);
    }

    [Fact]
    public async Task CSharp10_IsEnough() => Assert.Single((await GeneratorRun.OfValidAsync(
        """
        using System.Threading.Tasks;
        partial class C { [IoPool.Pinned] public async partial ValueTask M() => await Task.Yield(); }
        """,
        TestCompilation.Options(LanguageVersion.CSharp10))).Sources);

    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.Runtime.CompilerServices;
        using System.Threading.Tasks;
        using IoPool;


        """;
}
