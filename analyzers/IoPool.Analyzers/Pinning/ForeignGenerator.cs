using System.Linq;
using System.Threading;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers;

/// <summary>
/// Explains a method that is shaped well and still got no generated part: its signature names a type of another source
/// generator. Ours cannot tell that from a misspelt name, but here, after all of them ran, it shows.
/// </summary>
internal static class ForeignGenerator
{
    public static ITypeSymbol? FindType(IMethodSymbol method, CancellationToken cancellation)
    {
        ITypeSymbol? found = null;
        if (method.PartialDefinitionPart is not null)
            return null;
        foreach (var type in method.Parameters.Select(static p => p.Type).Prepend(method.ReturnType))
        {
            TypeFacts.Any(type, part =>
            {
                if (IsOfThisProject(part, method) && GeneratedCode.Contains(part, cancellation))
                    found = part;
                return found is not null;
            });
        }

        return found;
    }

    // What a generator wrote into another project was there before ours ran.
    private static bool IsOfThisProject(ITypeSymbol type, IMethodSymbol method) =>
        SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, method.ContainingAssembly);
}
