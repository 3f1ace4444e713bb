using System.Collections.Generic;
using IoPool.Analyzers.LoopCode;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.ValueTasks;

internal static class LoopValueTasks
{
    /// <summary>
    /// Every call and variable of a body whose value is a ValueTask, in nested functions too: dropped or stored, it does
    /// not matter who does it. Functions that are loop code by themselves have their own turn.
    /// </summary>
    public static IEnumerable<IOperation> In(LoopBody body)
    {
        var pending = new Stack<IOperation>();
        pending.Push(body.Operation);
        while (pending.Count > 0)
        {
            body.Cancellation.ThrowIfCancellationRequested();
            var operation = pending.Pop();
            if (operation != body.Operation && HasItsOwnTurn(operation))
                continue;
            if (operation is IInvocationOperation or ILocalReferenceOperation or IParameterReferenceOperation
                && KnownTypes.IsValueTask(operation.Type))
            {
                yield return operation;
            }

            foreach (var child in operation.ChildOperations)
                pending.Push(child);
        }
    }

    private static bool HasItsOwnTurn(IOperation operation) => operation switch
    {
        ILocalFunctionOperation function => KnownNames.IsPinned(function.Symbol),
        IAnonymousFunctionOperation lambda => KnownNames.IsPinned(lambda.Symbol),
        IArgumentOperation { Parent: IInvocationOperation call, Value: var value } =>
            LoopApis.RunsOnLoop(call.TargetMethod) && Delegates.FunctionOf(value) is IAnonymousFunctionOperation,
        _ => false,
    };
}
