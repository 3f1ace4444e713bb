using System;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.LoopCode;

internal static class BoundCode
{
    /// <summary>The operation of a node; null where there is none, or the compiler fails to make it.</summary>
    /// <remarks>
    /// It fails over some code in the making, such as an indexer in an object initializer that has no end yet. Nothing is
    /// to be said of such code, and a crash of the analyzer is what a user would see of it.
    /// </remarks>
    public static IOperation? FindOperation(this SemanticModel model, SyntaxNode node, CancellationToken cancellation = default)
    {
        try
        {
            return model.GetOperation(node, cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return null;
        }
    }
}
