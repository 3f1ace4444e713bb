using System.Linq;
using IoPool.Analyzers.Blocking.Evidence;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Blocking;

internal static class Paths
{
    /// <summary>
    /// Whether a helper can end without having been at an operation: it is under a condition, or behind one that
    /// returns. Loops count as entered, and a guard that throws as passed.
    /// </summary>
    public static bool CanAvoid(IOperation operation, IOperation body)
    {
        for (var (child, parent) = (operation, operation.Parent);
             parent is not null && child != body;
             (child, parent) = (parent, parent.Parent))
        {
            switch (parent)
            {
                case IConditionalOperation conditional when child != conditional.Condition:
                case ICatchClauseOperation:
                case ISwitchCaseOperation:
                case ISwitchExpressionArmOperation:
                case IBinaryOperation
                {
                    OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr,
                } binary when child == binary.RightOperand:
                case ICoalesceOperation coalesce when child == coalesce.WhenNull:
                case ICoalesceAssignmentOperation assignment when child == assignment.Value:
                    return true;
            }
        }

        return Order.Before(operation).Any(earlier => IsWithin(earlier, body) && MayReturn(earlier));
    }

    private static bool IsWithin(IOperation operation, IOperation body) => body.Syntax.Span.Contains(operation.Syntax.Span);

    private static bool MayReturn(IOperation operation)
    {
        if (operation is IAnonymousFunctionOperation or ILocalFunctionOperation)
            return false;
        return operation is IReturnOperation || operation.ChildOperations.Any(MayReturn);
    }
}
