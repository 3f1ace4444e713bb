using System.Runtime.CompilerServices;
using IoPool.Generators;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Tests;

/// <summary>The build judges the samples by every rule there is, whatever its shipped severity.</summary>
public sealed class SamplesTests
{
    [Fact]
    public void EveryRule_IsAnErrorInTheSamples()
    {
        var rules = Situation.Analyzers
            .Where(static analyzer => analyzer is not DiagnosticSuppressor)
            .SelectMany(static analyzer => analyzer.SupportedDiagnostics)
            .Concat(GeneratorRules.All)
            .Select(static rule => $"dotnet_diagnostic.{rule.Id}.severity = error")
            .Distinct()
            .Order(StringComparer.Ordinal);

        Assert.Equal(rules, Lines().Where(static line => line.StartsWith("dotnet_", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Lines([CallerFilePath] string path = "") =>
        File.ReadLines(Path.Combine(Path.GetDirectoryName(path)!, "../../samples/.globalconfig"));
}
