using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;

namespace IoPool.CodeFixes;

/// <summary>The place that is to be changed, and what is known of it.</summary>
internal sealed class FixSite(
    SyntaxNode root,
    SyntaxNode node,
    SemanticModel model,
    ImmutableDictionary<string, string?> facts,
    CancellationToken cancellation)
{
    public SyntaxNode Root { get; } = root;

    /// <summary>The node that the diagnostic is at: a name, a keyword's statement, a whole expression.</summary>
    public SyntaxNode Node { get; } = node;

    public SemanticModel Model { get; } = model;

    public CancellationToken Cancellation { get; } = cancellation;

    public string? Fact(string key) => facts.TryGetValue(key, out var value) && value is { Length: > 0 } ? value : null;

    public ITypeSymbol? TypeOf(SyntaxNode expression) => Model.GetTypeInfo(expression, Cancellation).Type;

    public ISymbol? SymbolOf(SyntaxNode expression) => Model.GetSymbolInfo(expression, Cancellation).Symbol;

    /// <summary>The root with a simple type name made known where the change is.</summary>
    public SyntaxNode WithType(SyntaxNode changedRoot, string typeName, params string[] namespaces)
    {
        var isKnown = Model.LookupNamespacesAndTypes(Node.SpanStart, name: typeName)
            .Any(symbol => symbol is ITypeSymbol type && KnownNames.Is(type, typeName, namespaces));
        return isKnown ? changedRoot : Usings.Add(changedRoot, string.Join(".", namespaces));
    }
}
