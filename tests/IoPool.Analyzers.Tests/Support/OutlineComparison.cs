using System.Collections.Immutable;
using IoPool.Analyzers.Blocking;
using IoPool.Analyzers.Blocking.Outlines;
using IoPool.Analyzers.Catalogue;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Tests.Support;

/// <summary>
/// What is said of a helper by its outline is what is said when it is bound: asked of every member of every situation,
/// whether anything calls it or not.
/// </summary>
internal static class OutlineComparison
{
    public static void Verify(Compilation compilation, AnalyzerOptions options)
    {
        var bound = GraphOf(compilation, options, withOutlines: false);
        var outlined = GraphOf(compilation, options, withOutlines: true);
        foreach (var method in MethodsOf(compilation))
        {
            var expected = Show(bound.ChainOf(method, new ScanBudget(CancellationToken.None)));
            var found = Show(outlined.ChainOf(method, new ScanBudget(CancellationToken.None)));
            Assert.True(expected == found, $"{method} is '{expected}' when it is bound, and '{found}' by outlines.");
        }
    }

    public static IEnumerable<IMethodSymbol> MethodsOf(Compilation compilation) => compilation.SyntaxTrees.SelectMany(tree =>
    {
        var model = compilation.GetSemanticModel(tree);
        return tree.GetRoot().DescendantNodes()
            .Select(node => model.GetDeclaredSymbol(node))
            .SelectMany(static symbol => symbol switch
            {
                IMethodSymbol { MethodKind: not MethodKind.LocalFunction } method => [method],
                IPropertySymbol { GetMethod: { } getter, SetMethod: var setter } => setter is null ? [getter] : [getter, setter],
                INamedTypeSymbol type => type.InstanceConstructors,
                _ => ImmutableArray<IMethodSymbol>.Empty,
            })
            .Distinct<IMethodSymbol>(SymbolEqualityComparer.Default)
            .ToArray();
    });

    private static BlockingGraph GraphOf(Compilation compilation, AnalyzerOptions options, bool withOutlines)
    {
        var catalogue = BlockingCatalogue.Create(options, CancellationToken.None);
        return new BlockingGraph(
            compilation, options, catalogue, withOutlines ? new OutlineFilter(compilation, catalogue) : null);
    }

    private static string Show(BlockingChain? chain) =>
        chain is null ? "harmless" : $"{(chain.IsSure ? "surely" : "maybe")} {string.Join(" -> ", chain.Names)}";
}
