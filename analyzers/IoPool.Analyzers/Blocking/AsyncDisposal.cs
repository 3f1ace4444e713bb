using System.Linq;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Blocking;

/// <summary>Whether a type has an asynchronous disposal that does more than to call the synchronous one.</summary>
internal static class AsyncDisposal
{
    public static bool IsBetterFor(ITypeSymbol? type)
    {
        if (type is null || FindDisposeAsync(type) is not { } method)
            return false;
        // The default of a base class: whatever derives from it may not have one of its own.
        if (method.ContainingType is { IsAbstract: true, TypeKind: TypeKind.Class } owner && method.IsVirtual)
            return !IsOfBaseLibrary(owner);
        return !IsHarmless(type);
    }

    /// <summary>Whether a type has only the asynchronous disposal that its base class has for all, which disposes synchronously.</summary>
    public static bool IsOnlyInherited(ITypeSymbol type) =>
        FindDisposeAsync(type) is { IsVirtual: true, ContainingType: { } owner }
        && !SymbolEqualityComparer.Default.Equals(owner, type)
        && IsOfBaseLibrary(owner);

    /// <summary>The method that an asynchronous <c>using</c> of a type calls.</summary>
    public static IMethodSymbol? FindDisposeAsync(ITypeSymbol type)
    {
        var contract = type.AllInterfaces.FirstOrDefault(static i => KnownTypes.IsInSystem(i, "IAsyncDisposable"));
        if (type.TypeKind == TypeKind.Interface)
            return (contract ?? (KnownTypes.IsInSystem(type, "IAsyncDisposable") ? type : null))?.GetMembers("DisposeAsync")
                .OfType<IMethodSymbol>().FirstOrDefault();
        return contract?.GetMembers("DisposeAsync").FirstOrDefault() is { } member
            ? MostDerived(type.FindImplementationForInterfaceMember(member) as IMethodSymbol, type)
            : null;
    }

    // The implementation is where the interface is; what runs may be an override of it.
    private static IMethodSymbol? MostDerived(IMethodSymbol? implementation, ITypeSymbol type)
    {
        for (var current = type; current is not null && implementation is not null; current = current.BaseType)
        {
            foreach (var member in current.GetMembers(implementation.Name))
            {
                if (member is IMethodSymbol { IsOverride: true, Parameters.Length: 0 } overriding)
                    return overriding;
            }
        }

        return implementation;
    }

    private static bool IsOfBaseLibrary(INamedTypeSymbol type) =>
        type.Name is "Stream" or "TextWriter" or "DbCommand" or "DbConnection" or "DbTransaction" or "DbDataReader"
            or "DbBatch" or "XmlWriter" or "XmlReader";

    // They have nothing to wait for.
    private static bool IsHarmless(ITypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.Name is "MemoryStream" or "StringWriter" or "UnmanagedMemoryStream" or "CancellationTokenSource"
                or "DbCommand")
            {
                return true;
            }
        }

        return KnownTypes.IsInThreading(type, "Timer") || KnownTypes.IsInThreading(type, "ITimer");
    }
}
