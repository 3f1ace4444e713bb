using System.Collections.Immutable;
using System.Reflection;
using IoPool.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Benchmarks.Analyzers;

/// <summary>Analyzers that are measured together.</summary>
internal sealed class AnalyzerSet(string name, ImmutableArray<DiagnosticAnalyzer> analyzers)
{
    public string Name { get; } = name;

    public ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } = analyzers;

    /// <summary>What the compiler needs to show bodies and calls to any analyzer.</summary>
    public static AnalyzerSet Nothing() => new("An analyzer that does nothing", [new IdleAnalyzer()]);

    public static AnalyzerSet Ours() => new("IoPool", InAssembly(typeof(PinnedShapeAnalyzer).Assembly));

    public static IEnumerable<AnalyzerSet> Others()
    {
        var folders = typeof(AnalyzerSet).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Where(static attribute => attribute.Key.Contains("Analyzer", StringComparison.Ordinal));
        foreach (var folder in folders.OrderByDescending(static attribute => attribute.Key))
        {
            // The packages have a file for each version of Roslyn; the last one is the newest.
            var files = Directory.EnumerateFiles(
                    Path.Combine(folder.Value!, "analyzers"), folder.Key + "*.dll", SearchOption.AllDirectories)
                .Where(static file => Path.GetFileName(Path.GetDirectoryName(file)) == "cs" && !file.Contains("CodeFix"))
                .GroupBy(static file => Path.GetDirectoryName(file)!)
                .OrderBy(static group => group.Key, StringComparer.Ordinal)
                .Last();
            var version = new DirectoryInfo(folder.Value!).Name;
            yield return new AnalyzerSet(
                $"{folder.Key} {version}", [.. files.Select(Assembly.LoadFrom).ToArray().SelectMany(static file => InAssembly(file))]);
        }
    }

    private static ImmutableArray<DiagnosticAnalyzer> InAssembly(Assembly assembly) =>
    [
        .. assembly.GetTypes()
            .Where(static type => !type.IsAbstract && type.IsDefined(typeof(DiagnosticAnalyzerAttribute)))
            .OrderBy(static type => type.Name, StringComparer.Ordinal)
            .Select(static type => (DiagnosticAnalyzer)Activator.CreateInstance(type, nonPublic: true)!),
    ];

#pragma warning disable RS1036, RS1041, RS2008 // Nobody ships it.
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class IdleAnalyzer : DiagnosticAnalyzer
    {
        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
            [new("IDLE", "Idle", "Idle", "Idle", DiagnosticSeverity.Warning, isEnabledByDefault: true)];

        public override void Initialize(AnalysisContext context)
        {
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.EnableConcurrentExecution();
            context.RegisterCodeBlockAction(static _ => { });
            context.RegisterSyntaxNodeAction(static _ => { }, SyntaxKind.InvocationExpression);
        }
    }
#pragma warning restore RS1036, RS1041, RS2008
}
