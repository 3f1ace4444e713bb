using System.Collections.Generic;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.LoopCode;

/// <summary>One operation that runs on a loop, and the function that it stands in.</summary>
internal readonly struct LoopOperation(IOperation operation, IOperation function)
{
    public IOperation Operation { get; } = operation;

    public IOperation Function { get; } = function;
}

/// <summary>What of a body surely runs on its loop: itself, and the local functions that it calls.</summary>
internal static class OwnCode
{
    /// <summary>
    /// All operations of the body itself and of the local functions in it that it calls. A lambda is yielded, but not
    /// what is in it: nobody knows who runs that.
    /// </summary>
    public static IEnumerable<LoopOperation> Of(LoopBody body)
    {
        var declared = new Dictionary<IMethodSymbol, IOperation>(SymbolEqualityComparer.Default);
        var called = new List<IMethodSymbol>();
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var operation in Descend(body.Operation, declared))
        {
            body.Cancellation.ThrowIfCancellationRequested();
            Note(operation, called);
            yield return new LoopOperation(operation, body.Operation);
        }

        for (var i = 0; i < called.Count; i++)
        {
            if (!seen.Add(called[i])
                || KnownNames.IsPinned(called[i])
                || !declared.TryGetValue(called[i], out var function))
            {
                continue;
            }

            foreach (var operation in Descend(function, declared))
            {
                Note(operation, called);
                yield return new LoopOperation(operation, function);
            }
        }
    }

    private static void Note(IOperation operation, List<IMethodSymbol> called)
    {
        if (operation is IInvocationOperation { TargetMethod.MethodKind: MethodKind.LocalFunction } call)
            called.Add(call.TargetMethod.OriginalDefinition);
    }

    private static IEnumerable<IOperation> Descend(IOperation root, Dictionary<IMethodSymbol, IOperation> declared)
    {
        var pending = new Stack<IOperation>();
        Push(root, pending);
        while (pending.Count > 0)
        {
            var operation = pending.Pop();
            if (operation is ILocalFunctionOperation function)
            {
                declared[function.Symbol] = function;
                continue;
            }

            yield return operation;
            if (operation is not IAnonymousFunctionOperation)
                Push(operation, pending);
        }
    }

    private static void Push(IOperation parent, Stack<IOperation> pending)
    {
        foreach (var child in parent.ChildOperations.Reverse())
            pending.Push(child);
    }
}
