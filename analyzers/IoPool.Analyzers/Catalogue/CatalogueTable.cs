using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Catalogue;

/// <summary>Entries by type and member. Found by the names of symbols; parameter lists are compared last.</summary>
internal sealed class CatalogueTable
{
    private readonly Dictionary<string, List<TypeEntries>> _types = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Whether any member has this name in code; constructors go by the name of their type.</summary>
    public bool MayKnow(string name) => _names.Contains(name);

    public bool HasType(INamedTypeSymbol type) => FindType(type) is not null;

    /// <summary>The entry of a definition as a member of one type; an exact signature goes before <c>(*)</c>.</summary>
    public CatalogueEntry? Find(INamedTypeSymbol type, ISymbol member)
    {
        if (FindType(type) is not { } known)
            return null;

        CatalogueEntry? ofEveryOverload = null;
        foreach (var entry in known.Entries)
        {
            if (!IsFor(entry.Pattern, member))
                continue;
            if (entry.Pattern.Parameters is not null)
                return entry;
            ofEveryOverload ??= entry;
        }

        return ofEveryOverload;
    }

    /// <summary>Every entry, which reads all of them.</summary>
    public IEnumerable<CatalogueEntry> All() =>
        _types.Values.SelectMany(static types => types).SelectMany(static type => type.Entries);

    /// <summary>Adds a type whose entries are read when they are first asked for.</summary>
    public void AddType(string fullName, Func<List<CatalogueEntry>> read)
    {
        var simpleName = MemberPattern.SimpleNameOf(fullName);
        if (!_types.TryGetValue(simpleName, out var types))
            _types.Add(simpleName, types = []);
        types.Add(new TypeEntries(fullName, read));
    }

    public void AddName(string nameInCode) => _names.Add(nameInCode);

    private TypeEntries? FindType(INamedTypeSymbol type)
    {
        if (!_types.TryGetValue(type.Name, out var candidates))
            return null;

        foreach (var candidate in candidates)
        {
            if (SymbolNames.IsNamed(type, candidate.FullName))
                return candidate;
        }

        return null;
    }

    private static bool IsFor(MemberPattern pattern, ISymbol member) => member switch
    {
        IMethodSymbol method => !pattern.IsProperty
            && (method.MethodKind == MethodKind.Constructor
                ? pattern.Name == "#ctor"
                : pattern.Name == method.Name && pattern.HasArity(method.Arity))
            && (pattern.Parameters is null || SymbolNames.HaveTypes(method.Parameters, pattern.Parameters)),
        IPropertySymbol property => pattern.IsProperty
            && pattern.Name == property.MetadataName
            && (pattern.Parameters is null || SymbolNames.HaveTypes(property.Parameters, pattern.Parameters)),
        _ => false,
    };

    private sealed class TypeEntries(string fullName, Func<List<CatalogueEntry>> read)
    {
        private readonly Lazy<List<CatalogueEntry>> _entries = new(read);

        public string FullName { get; } = fullName;

        public List<CatalogueEntry> Entries => _entries.Value;
    }
}
