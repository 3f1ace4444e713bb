using System.Collections.Concurrent;
using System.Linq;
using IoPool.Analyzers.Catalogue;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Blocking.Outlines;

/// <summary>What names and types mean in one compilation.</summary>
internal sealed class OutlineContext(Compilation compilation, BlockingCatalogue catalogue)
{
    private readonly ConcurrentDictionary<OutlineScope, OutlinePlace> _places = new();

    public Compilation Compilation { get; } = compilation;

    public INamedTypeSymbol? SystemType { get; } = compilation.GetTypesByMetadataName("System.Type").FirstOrDefault();

    public MemberNames Members { get; } = new(compilation, catalogue);

    public TypeNames Types { get; } = new(compilation);

    /// <summary>What a scope is in this compilation. Scopes of the same text share it.</summary>
    public OutlinePlace PlaceOf(OutlineScope scope) =>
        _places.TryGetValue(scope, out var known) ? known : _places.GetOrAdd(scope, new OutlinePlace(scope));
}

/// <summary>A place in one compilation, and what is known of the names that are used there.</summary>
internal sealed class OutlinePlace(OutlineScope scope)
{
    public OutlineScope Scope { get; } = scope;

    public ConcurrentDictionary<(string Name, int Arity), INamespaceOrTypeSymbol?> Types { get; } = new();

    public ConcurrentDictionary<string, ExtensionGroup> Extensions { get; } = new();

    public ExtensionTypes? ExtensionTypes { get; set; }
}
