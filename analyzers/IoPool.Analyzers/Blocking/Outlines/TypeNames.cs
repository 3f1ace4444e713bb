using System.Linq;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Blocking.Outlines;

/// <summary>What written types mean, in the files of one compilation.</summary>
internal sealed class TypeNames(Compilation compilation)
{
    /// <summary>The type of a name that is written in a member; null where that is not clear.</summary>
    public ITypeSymbol? Resolve(TypeName name, OutlinePlace place, IMethodSymbol? method, INamedTypeSymbol type)
    {
        switch (name.Kind)
        {
            case TypeNameKind.Predefined:
                return compilation.GetSpecialType(name.Special);
            case TypeNameKind.Array:
                return Resolve(name.Left!, place, method, type) is { } element ? compilation.CreateArrayTypeSymbol(element) : null;
            case TypeNameKind.Nullable:
                return Resolve(name.Left!, place, method, type) is not { } value ? null
                    : value is { IsValueType: true, TypeKind: not TypeKind.TypeParameter }
                        ? compilation.GetSpecialType(SpecialType.System_Nullable_T).Construct(value)
                        : value;
            default:
                return Construct(FindNamed(name, place, method, type) as INamedTypeSymbol, name.Arguments, place, method, type);
        }
    }

    /// <summary>The type or namespace that a simple name means in a type; type parameters mean nothing.</summary>
    public INamespaceOrTypeSymbol? Find(string name, int arity, OutlinePlace place, IMethodSymbol? method, INamedTypeSymbol type)
    {
        if (arity == 0 && method is not null && method.TypeParameters.Any(parameter => parameter.Name == name))
            return null;
        for (var outer = type; outer is not null; outer = outer.ContainingType)
        {
            if (arity == 0 && outer.TypeParameters.Any(parameter => parameter.Name == name))
                return null;
            for (var current = outer; current is not null; current = current.BaseType)
            {
                if (FindNested(current, name, arity, type) is { } nested)
                    return nested;
            }

            foreach (var contract in outer.TypeKind == TypeKind.Interface ? outer.AllInterfaces : [])
            {
                if (FindNested(contract, name, arity, type) is { } nested)
                    return nested;
            }

            if (outer.Name == name && outer.Arity == arity)
                return outer;
        }

        var key = (name, arity);
        return place.Types.TryGetValue(key, out var known) ? known : place.Types.GetOrAdd(key, Find(place.Scope, name, arity));
    }

    // What nobody there may see is not meant.
    private INamedTypeSymbol? FindNested(INamedTypeSymbol container, string name, int arity, INamedTypeSymbol user)
    {
        foreach (var nested in container.GetTypeMembers(name, arity))
        {
            if (nested.DeclaredAccessibility == Accessibility.Public || compilation.IsSymbolAccessibleWithin(nested, user))
                return nested;
        }

        return null;
    }

    /// <summary>A type or namespace in another one.</summary>
    public static INamespaceOrTypeSymbol? FindIn(INamespaceOrTypeSymbol container, string name, int arity)
    {
        INamespaceOrTypeSymbol? space = null;
        foreach (var member in container.GetMembers(name))
        {
            if (member is INamedTypeSymbol type && type.Arity == arity)
                return type;
            space ??= arity == 0 ? member as INamespaceSymbol : null;
        }

        return space;
    }

    /// <summary>A generic type of written arguments.</summary>
    public INamedTypeSymbol? Construct(
        INamedTypeSymbol? generic, TypeName[] arguments, OutlinePlace place, IMethodSymbol? method, INamedTypeSymbol type)
    {
        if (generic is null || arguments.Length == 0)
            return generic;
        var resolved = ResolveAll(arguments, place, method, type);
        return resolved is null ? null : generic.OriginalDefinition.ContainingType is { Arity: > 0 } ? null : generic.ConstructedFrom.Construct(resolved);
    }

    public ITypeSymbol[]? ResolveAll(TypeName[] names, OutlinePlace place, IMethodSymbol? method, INamedTypeSymbol type)
    {
        var resolved = new ITypeSymbol[names.Length];
        for (var i = 0; i < resolved.Length; i++)
        {
            if (Resolve(names[i], place, method, type) is not { } one)
                return null;
            resolved[i] = one;
        }

        return resolved;
    }

    private INamespaceOrTypeSymbol? FindNamed(TypeName name, OutlinePlace place, IMethodSymbol? method, INamedTypeSymbol type)
    {
        if (name.Left is not { } left)
            return Find(name.Name!, name.Arguments.Length, place, method, type);
        var container = left.Kind == TypeNameKind.Global
            ? compilation.GlobalNamespace
            : left.Arguments.Length > 0 ? null : FindNamed(left, place, method, type);
        return container is null ? null : FindIn(container, name.Name!, name.Arguments.Length);
    }

    private INamespaceOrTypeSymbol? Find(OutlineScope scope, string name, int arity)
    {
#pragma warning disable RS1030 // In the file that the outline is of.
        var model = compilation.GetSemanticModel(scope.Tree);
#pragma warning restore RS1030
        INamespaceOrTypeSymbol? found = null;
        foreach (var symbol in model.LookupSymbols(scope.Position, name: name))
        {
            // A static member that is imported nearer.
            if (symbol is not (INamespaceOrTypeSymbol or IAliasSymbol))
                return null;
            var target = symbol is IAliasSymbol alias ? alias.Target : symbol as INamespaceOrTypeSymbol;
            var fits = target is INamedTypeSymbol type ? type.Arity == arity || symbol is IAliasSymbol : arity == 0;
            if (!fits)
                continue;
            // Two of a name are for the compiler to choose from.
            if (found is not null)
                return null;
            found = target;
        }

        return found is ITypeSymbol { TypeKind: TypeKind.Error } or INamedTypeSymbol { IsFileLocal: true } ? null : found;
    }
}
