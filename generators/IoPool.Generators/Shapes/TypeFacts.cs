using System;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace IoPool.Generators.Shapes;

internal static class TypeFacts
{
    /// <summary>Whether the predicate holds for a type or for any type that it is put together from.</summary>
    public static bool Any(ITypeSymbol type, Func<ITypeSymbol, bool> predicate) =>
        predicate(type) || type switch
        {
            IArrayTypeSymbol array => Any(array.ElementType, predicate),
            IPointerTypeSymbol pointer => Any(pointer.PointedAtType, predicate),
            IFunctionPointerTypeSymbol function =>
                Any(function.Signature.ReturnType, predicate)
                || function.Signature.Parameters.Any(p => Any(p.Type, predicate)),
            INamedTypeSymbol named =>
                named.TypeArguments.Any(a => Any(a, predicate))
                || (named.ContainingType is { } outer && Any(outer, predicate)),
            _ => false,
        };
}
