using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Blocking.Outlines;

/// <summary>The extension methods of one compilation and its references, by the places that see them.</summary>
/// <remarks>
/// Asked of the compiler for a place and a receiver, it goes through all of them every time. Those of references are
/// found once, whatever is typed in between.
/// </remarks>
/// <param name="compilation">What to look through.</param>
/// <param name="declaresExtension">Whether the compilation itself declares an extension method of a name.</param>
internal sealed class ExtensionMethods(Compilation compilation, System.Func<string, bool> declaresExtension)
{
    private static readonly ConditionalWeakTable<INamespaceSymbol, INamedTypeSymbol[]> s_types = new();

    private readonly ConcurrentDictionary<OutlineScope, Place> _places = new();

    /// <summary>The extension methods of a name, as they are declared.</summary>
    public IMethodSymbol[] Named(string name, OutlineScope scope)
    {
        var place = _places.GetOrAdd(scope, PlaceOf);
        return place.Methods.GetOrAdd(name, wanted =>
        [
            .. place.Types
                .Concat(declaresExtension(wanted) ? place.OwnNamespaces.SelectMany(static space => TypesIn(space)) : [])
                .SelectMany(type => type.GetMembers(wanted))
                .OfType<IMethodSymbol>()
                .Where(static method => method.IsExtensionMethod),
        ]);
    }

    // The namespaces around it, and what it and the whole project import.
    private Place PlaceOf(OutlineScope scope)
    {
#pragma warning disable RS1030 // In the file that the outline is of.
        var model = compilation.GetSemanticModel(scope.Tree);
#pragma warning restore RS1030
        var seen = new HashSet<INamespaceOrTypeSymbol>(SymbolEqualityComparer.Default);
        for (var space = model.GetEnclosingSymbol(scope.Position) as INamespaceSymbol; space is not null; space = space.ContainingNamespace)
            seen.Add(space);
        foreach (var imported in model.GetImportScopes(scope.Position).SelectMany(static imports => imports.Imports))
            seen.Add(imported.NamespaceOrType);
        var types = seen.OfType<INamedTypeSymbol>().ToList();
        var own = new List<INamespaceSymbol>();
        foreach (var part in seen.OfType<INamespaceSymbol>().SelectMany(static space => space.ConstituentNamespaces))
        {
            if (SymbolEqualityComparer.Default.Equals(part.ContainingAssembly, compilation.Assembly))
                own.Add(part);
            else if (part.ContainingAssembly is { MightContainExtensionMethods: true })
                types.AddRange(s_types.GetValue(part, static space => TypesIn(space)));
        }

        return new Place([.. types], [.. own]);
    }

    private static INamedTypeSymbol[] TypesIn(INamespaceSymbol space) =>
        [.. space.GetTypeMembers().Where(static type => type.MightContainExtensionMethods)];

    private sealed class Place(INamedTypeSymbol[] types, INamespaceSymbol[] ownNamespaces)
    {
        public INamedTypeSymbol[] Types { get; } = types;

        public INamespaceSymbol[] OwnNamespaces { get; } = ownNamespaces;

        public ConcurrentDictionary<string, IMethodSymbol[]> Methods { get; } = new();
    }
}
