using System;
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
internal sealed class ExtensionMethods(Compilation compilation, Func<string, bool> declaresExtension)
{
    private static readonly ConditionalWeakTable<INamespaceSymbol, INamedTypeSymbol[]> s_types = new();

    // Many places see the same ones of a name, and to find out whether a receiver fits takes longest.
    private readonly ConcurrentDictionary<ExtensionGroup, ExtensionGroup> _groups = new();

    /// <summary>The extension methods of a name, as they are declared.</summary>
    public ExtensionGroup Named(string name, OutlinePlace place) =>
        place.Extensions.TryGetValue(name, out var known) ? known : place.Extensions.GetOrAdd(name, Find(name, place));

    private ExtensionGroup Find(string name, OutlinePlace place)
    {
        var (types, ownNamespaces) = place.ExtensionTypes ??= TypesSeenIn(place.Scope);
        var seen = declaresExtension(name) ? types.Concat(ownNamespaces.SelectMany(static space => TypesIn(space))) : types;
        IMethodSymbol[] methods =
            [.. seen.SelectMany(type => type.GetMembers(name)).OfType<IMethodSymbol>().Where(static method => method.IsExtensionMethod)];
        if (methods.Length == 0)
            return ExtensionGroup.Empty;
        var group = new ExtensionGroup(methods);
        return _groups.GetOrAdd(group, group);
    }

    // The namespaces around it, and what it and the whole project import.
    private ExtensionTypes TypesSeenIn(OutlineScope scope)
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

        return new ExtensionTypes([.. types], [.. own]);
    }

    private static INamedTypeSymbol[] TypesIn(INamespaceSymbol space) =>
        [.. space.GetTypeMembers().Where(static type => type.MightContainExtensionMethods)];
}

/// <summary>Where a place finds extension methods.</summary>
/// <param name="Types">Of references, and types that are imported themselves.</param>
/// <param name="OwnNamespaces">Of the compilation, whose types change with every letter.</param>
internal sealed record ExtensionTypes(INamedTypeSymbol[] Types, INamespaceSymbol[] OwnNamespaces);

/// <summary>Extension methods of one name that are seen together, and what they are for each receiver.</summary>
internal sealed class ExtensionGroup(IMethodSymbol[] methods) : IEquatable<ExtensionGroup>
{
    private readonly ConcurrentDictionary<ITypeSymbol, MemberGroup> _receivers = new(SymbolEqualityComparer.Default);

    public static ExtensionGroup Empty { get; } = new([]);

    public IMethodSymbol[] Methods { get; } = methods;

    public bool IsEmpty => Methods.Length == 0;

    public bool TryFind(ITypeSymbol receiver, out MemberGroup found) => _receivers.TryGetValue(receiver, out found!);

    public MemberGroup Remember(ITypeSymbol receiver, MemberGroup found) => _receivers.GetOrAdd(receiver, found);

    public bool Equals(ExtensionGroup? other) => other is not null && Methods.SequenceEqual(other.Methods, SymbolEqualityComparer.Default);

    public override bool Equals(object? obj) => Equals(obj as ExtensionGroup);

    public override int GetHashCode() => IsEmpty ? 0 : SymbolEqualityComparer.Default.GetHashCode(Methods[0]) ^ Methods.Length;
}
