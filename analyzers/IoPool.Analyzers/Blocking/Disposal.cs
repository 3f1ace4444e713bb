using System.Linq;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Blocking;

internal static class Disposal
{
    /// <summary>The method that a synchronous <c>using</c> of a type calls.</summary>
    public static IMethodSymbol? FindDispose(ITypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            foreach (var member in current.GetMembers("Dispose"))
            {
                if (member is IMethodSymbol { Parameters.Length: 0, IsStatic: false } method)
                    return method;
            }
        }

        var contract = KnownTypes.IsInSystem(type, "IDisposable")
            ? type
            : type.AllInterfaces.FirstOrDefault(static i => KnownTypes.IsInSystem(i, "IDisposable"));
        var declared = contract?.GetMembers("Dispose").FirstOrDefault();
        return declared is null
            ? null
            : (type.TypeKind == TypeKind.Interface ? declared : type.FindImplementationForInterfaceMember(declared)) as IMethodSymbol;
    }
}
