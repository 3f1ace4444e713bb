using System.Collections.Immutable;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Tests;

public sealed class DefaultValueSuppressorTests
{
    [Fact]
    public async Task DefaultValueOnAPinnedMethod_IsSuppressed()
    {
        var warnings = await DefaultValueWarningsAsync("""
            using System.Threading.Tasks;

            partial class C
            {
                [IoPool.Pinned]
                public async partial ValueTask M(int first = 1, string? second = null) => await Task.Yield();
            }
            """);

        Assert.Equal(2, warnings.Length);
        Assert.All(warnings, static w => Assert.True(w.IsSuppressed));
    }

    [Fact]
    public async Task DefaultValueElsewhere_IsNotSuppressed()
    {
        var warnings = await DefaultValueWarningsAsync("""
            using System.Threading.Tasks;

            interface I
            {
                ValueTask M(int value);
            }

            partial class C : I
            {
                ValueTask I.M(int value = 1) => default;

                partial void Plain(int value);

                partial void Plain(int value = 1) { }
            }
            """);

        Assert.Equal(2, warnings.Length);
        Assert.All(warnings, static w => Assert.False(w.IsSuppressed));
    }

    [Fact]
    public async Task DefaultValueOfAPinnedMethodThatGotNoPart_IsNotSuppressed()
    {
        var warnings = await DefaultValueWarningsAsync("""
            using System.Threading.Tasks;

            interface I
            {
                ValueTask M(int value);
            }

            class C : I
            {
                [IoPool.Pinned] async ValueTask I.M(int value = 1) => await Task.Yield();
            }
            """);

        Assert.False(Assert.Single(warnings).IsSuppressed);
    }

    private static async Task<ImmutableArray<Diagnostic>> DefaultValueWarningsAsync(string source)
    {
        var input = TestCompilation.Create(source);
        TestCompilation.Driver(input).RunGeneratorsAndUpdateCompilation(input, out var output, out _);
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]),
            onAnalyzerException: null,
            concurrentAnalysis: true,
            logAnalyzerExecutionTime: false,
            reportSuppressedDiagnostics: true);
        var all = await output.WithAnalyzers([new DefaultValueSuppressor()], options).GetAllDiagnosticsAsync();
        return [.. all.Where(static d => d.Id == "CS1066")];
    }
}
