using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Tests;

/// <summary>A method that only looks pinned is worse than one that is not, so no switch hides a shape rule.</summary>
public sealed class NotConfigurableTests
{
    private const string Source = """
        using System.Threading.Tasks;

        partial class C
        {
            [IoPool.Pinned] public async ValueTask NotPartialAsync() => await Task.Yield();
            [IoPool.Pinned] public ValueTask NotAsync() => default;

            public void Functions()
            {
                [IoPool.Pinned] async ValueTask LocalAsync() => await Task.Yield();
            }
        }

        file class Local
        {
            [IoPool.Pinned] public async ValueTask InAFileLocalTypeAsync() => await Task.Yield();
        }
        """;

    private static readonly string[] s_rules = ["IOP4001", "IOP4002", "IOP4006", "IOP4007"];

    [Fact]
    public async Task SeverityNone_ChangesNothing()
    {
        var input = TestCompilation.Create(Source);
        var options = input.Options.WithSpecificDiagnosticOptions(
        [
            KeyValuePair.Create("IOP4001", ReportDiagnostic.Suppress),
            KeyValuePair.Create("IOP4002", ReportDiagnostic.Suppress),
            KeyValuePair.Create("IOP4006", ReportDiagnostic.Suppress),
            KeyValuePair.Create("IOP4007", ReportDiagnostic.Suppress),
        ]);

        Assert.Equal(s_rules, await ErrorsAsync(input.WithOptions(options)));
    }

    [Fact]
    public async Task Pragma_HidesNothing() => Assert.Equal(
        s_rules,
        await ErrorsAsync(TestCompilation.Create(
            $"#pragma warning disable {string.Join(", ", s_rules)}\n{Source}")));

    private static async Task<IEnumerable<string>> ErrorsAsync(Compilation input)
    {
        TestCompilation.Driver(input).RunGeneratorsAndUpdateCompilation(input, out var output, out var reported);
        var analyzed = await output.WithAnalyzers([new PinnedShapeAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        return reported.AddRange(analyzed)
            .Where(static d => d is { IsSuppressed: false, Severity: DiagnosticSeverity.Error })
            .Select(static d => d.Id)
            .Order();
    }
}
