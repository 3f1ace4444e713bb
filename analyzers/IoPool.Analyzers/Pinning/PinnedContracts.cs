using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers;

/// <summary>Finds what stands in for a pinned member without being pinned itself.</summary>
internal sealed class PinnedContracts
{
    // Nearly no interface has a pinned member, and nearly every type implements some interface.
    private readonly ConcurrentDictionary<INamedTypeSymbol, bool> _hasPinnedMember =
        new(SymbolEqualityComparer.Default);

    /// <summary>The pinned member that a method overrides or explicitly implements, itself unpinned.</summary>
    public static IMethodSymbol? FindBroken(IMethodSymbol method)
    {
        for (var overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
        {
            if (KnownNames.IsPinned(overridden))
                return overridden;
        }

        return method.ExplicitInterfaceImplementations.FirstOrDefault(KnownNames.IsPinned);
    }

    /// <summary>Pinned interface members that a type implements implicitly, itself or by what it inherits.</summary>
    public IEnumerable<(IMethodSymbol Contract, IMethodSymbol Implementation)> FindUnpinnedImplementations(
        INamedTypeSymbol type)
    {
        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct))
            yield break;
        foreach (var contract in type.AllInterfaces.Where(HasPinnedMember).SelectMany(static t => PinnedMembers(t)))
        {
            if (type.FindImplementationForInterfaceMember(contract) is not IMethodSymbol implementation
                || KnownNames.IsPinned(implementation)
                || !IsReportedHere(type, contract, implementation))
            {
                continue;
            }

            yield return (contract, implementation);
        }
    }

    private static bool IsReportedHere(INamedTypeSymbol type, IMethodSymbol contract, IMethodSymbol implementation)
    {
        // An explicit implementation, also one in an interface, and an override are reported as methods.
        if (FindBroken(implementation) is not null)
            return false;
        // What the base type had already implemented that way was reported there.
        var inherited = type.BaseType?.FindImplementationForInterfaceMember(contract);
        return !SymbolEqualityComparer.Default.Equals(inherited, implementation);
    }

    private static IEnumerable<IMethodSymbol> PinnedMembers(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IMethodSymbol>().Where(KnownNames.IsPinned);

    private bool HasPinnedMember(INamedTypeSymbol type) =>
        _hasPinnedMember.GetOrAdd(type.OriginalDefinition, static t => PinnedMembers(t).Any());
}
