using System.Runtime.CompilerServices;
using IoPool.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Tests;

/// <summary>The release notes of both Roslyn projects list the rules that are there, and no others.</summary>
public sealed class AnalyzerReleaseTests
{
    private const string Notes = "AnalyzerReleases.Unshipped.md";

    [Fact]
    public void AnalyzerRules_AreInTheReleaseNotes() =>
        Assert.Equal(Rows(AnalyzerRules()), Read("analyzers/IoPool.Analyzers"));

    [Fact]
    public void GeneratorRules_AreInTheReleaseNotes() =>
        Assert.Equal(Rows(GeneratorRules.All), Read("generators/IoPool.Generators"));

    private static IEnumerable<DiagnosticDescriptor> AnalyzerRules() =>
        typeof(PinnedShapeAnalyzer).Assembly.GetTypes()
            .Where(static type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract)
            .Where(static type => !type.IsSubclassOf(typeof(DiagnosticSuppressor)))
            .SelectMany(static type => ((DiagnosticAnalyzer)Activator.CreateInstance(type)!).SupportedDiagnostics);

    private static string[] Rows(IEnumerable<DiagnosticDescriptor> rules) =>
    [
        .. rules
            .Select(static rule => $"{rule.Id} | {rule.Category} | {rule.DefaultSeverity}")
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    // The last column is words for the reader.
    private static string[] Read(string project, [CallerFilePath] string path = "") =>
    [
        .. File.ReadLines(Path.Combine(Path.GetDirectoryName(path)!, "../..", project, Notes))
            .Where(static line => line.StartsWith("IOP", StringComparison.Ordinal))
            .Select(static line => string.Join(" | ", line.Split('|').Take(3).Select(static cell => cell.Trim())))
            .Order(StringComparer.Ordinal),
    ];
}
