using System.Collections.Immutable;
using IoPool.Analyzers.Blocking.Outlines;
using IoPool.Analyzers.Catalogue;
using IoPool.Analyzers.LoopCode;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Blocking;

/// <summary>Finds what blocks a loop, directly and by way of helpers.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BlockingAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        BlockingRules.All.Add(BlockingRules.ContractMismatch);

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypesByMetadataName(KnownNames.PinnedAttribute).IsEmpty)
                return;
            var catalogue = BlockingCatalogue.Create(start.Options, start.CancellationToken);
            var graph = new BlockingGraph(
                start.Compilation, start.Options, catalogue, new OutlineFilter(start.Compilation, catalogue));
            LoopCodeFinder.Register(start, body => Analyze(body, graph), method => Analyze(method, graph));
            ContractJudge.Register(start, graph);
        });
    }

    private static void Analyze(LoopBody body, BlockingGraph graph)
    {
        var settings = BlockingSettings.Of(body.Operation.Syntax.SyntaxTree, body.Options);
        var sites = BodyScan.Run(graph, body.Operation, settings, new ScanBudget(body.Cancellation), !body.IsPinned);
        foreach (var site in sites)
        {
            if (site.Chain is null || site.Chain.Depth <= settings.MaxCallDepth)
                body.Report(Describe(site));
        }
    }

    private static void Analyze(LoopMethodGroup method, BlockingGraph graph)
    {
        var settings = BlockingSettings.Of(method.Reference.Syntax.SyntaxTree, method.Options);
        var chain = graph.ChainOfDelegate(method.Reference, settings, new ScanBudget(method.Cancellation));
        if (chain is not null && chain.Depth <= settings.MaxCallDepth)
        {
            method.Report(Describe(
                new BlockingSite(
                    method.Reference, method.Reference.Syntax,
                    chain.IsSure ? BlockingRules.BlockingDelegate : BlockingRules.TransitiveMaybe,
                    chain.IsSure ? Certainty.Always : Certainty.May, Advice.NameOf(chain.Helper), Advice.Helper)
                {
                    Chain = chain,
                    DelegateRunner = Advice.NameOf(method.Call.TargetMethod),
                }));
        }
    }

    private static Diagnostic Describe(BlockingSite site)
    {
        var at = Locations.Of(site.Syntax);
        var more = site.Chain?.Locations;
        if (site.DelegateRunner is { } runner && site.Certainty == Certainty.Always)
        {
            var what = site.Chain is { } chain ? string.Join(" -> ", chain.Names) : site.Name;
            return Diagnostic.Create(
                BlockingRules.BlockingDelegate, at, more, PropertiesOf(site), runner, what, site.Advice);
        }

        if (site.Chain is { } way)
        {
            return Diagnostic.Create(
                site.Rule, at, more, PropertiesOf(site), site.Name, string.Join(" -> ", way.Names), site.Advice);
        }

        return Diagnostic.Create(site.Rule, at, additionalLocations: null, PropertiesOf(site), site.Name, site.Advice);
    }

    private static ImmutableDictionary<string, string?> PropertiesOf(BlockingSite site)
    {
        var properties = ImmutableDictionary<string, string?>.Empty;
        if (site.Row is not { } row)
            return properties;
        properties = properties.Add(DiagnosticFacts.Category, row.Category);
        if (row.AsyncName is { } name)
            properties = properties.Add(DiagnosticFacts.AsyncName, name);
        return row.AsyncType is { } type ? properties.Add(DiagnosticFacts.AsyncType, type) : properties;
    }
}
