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
        }
        """;

    [Fact]
    public async Task SeverityNone_ChangesNothing()
    {
        var input = TestCompilation.Create(Source);
        var options = input.Options.WithSpecificDiagnosticOptions(
        [
            KeyValuePair.Create("IOP4001", ReportDiagnostic.Suppress),
            KeyValuePair.Create("IOP4002", ReportDiagnostic.Suppress),
        ]);

        Assert.Equal(["IOP4001", "IOP4002"], await ErrorsAsync(input.WithOptions(options)));
    }

    [Fact]
    public async Task Pragma_HidesNothing() => Assert.Equal(
        ["IOP4001", "IOP4002"],
        await ErrorsAsync(TestCompilation.Create("#pragma warning disable IOP4001, IOP4002\n" + Source)));

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
