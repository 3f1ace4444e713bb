using System.Collections.Generic;
using System.Collections.Immutable;
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

    /// <summary>Whether every way through a body that does not throw comes past one of the places.</summary>
    public static bool AllBlock(IOperation body, ICollection<IOperation> places)
    {
        var block = body switch
        {
            IMethodBodyBaseOperation method => method.BlockBody ?? method.ExpressionBody,
            ILocalFunctionOperation function => function.Body,
            IAnonymousFunctionOperation lambda => lambda.Body,
            _ => body,
        };
        return block is not null && Blocks(block, places);
    }

    private static bool Blocks(IOperation operation, ICollection<IOperation> places)
    {
        if (places.Contains(operation))
            return true;
        switch (operation)
        {
            case IAnonymousFunctionOperation or ILocalFunctionOperation:
                return false;
            case IThrowOperation:
                return true;
            case IConditionalOperation conditional:
                return Blocks(conditional.Condition, places)
                    || (conditional.WhenFalse is { } other
                        && Blocks(conditional.WhenTrue, places) && Blocks(other, places));
            case ISwitchOperation choice:
                return Blocks(choice.Value, places)
                    || (choice.Cases.Any(static c => c.Clauses.Any(static k => k.CaseKind == CaseKind.Default))
                        && choice.Cases.All(branch => BlocksInOrder(branch.Body, places)));
            case ISwitchExpressionOperation choice:
                return Blocks(choice.Value, places) || choice.Arms.All(arm => Blocks(arm.Value, places));
            case IBinaryOperation
            {
                OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr,
            } binary:
                return Blocks(binary.LeftOperand, places);
            case ICoalesceOperation coalesce:
                return Blocks(coalesce.Value, places);
            case ICoalesceAssignmentOperation assignment:
                return Blocks(assignment.Target, places);
            case ITryOperation attempt:
                return Blocks(attempt.Body, places) || (attempt.Finally is { } last && Blocks(last, places));
            case IBlockOperation block:
                return BlocksInOrder(block.Operations, places);
            default:
                return operation.ChildOperations.Any(child => Blocks(child, places));
        }
    }

    private static bool BlocksInOrder(ImmutableArray<IOperation> statements, ICollection<IOperation> places)
    {
        foreach (var statement in statements)
        {
            if (Blocks(statement, places))
                return true;
            // A way out that has not come past any of them.
            if (ReturnsOf(statement).Any(exit => !Blocks(exit, places)
                && !Order.Before(exit).Any(earlier => statement.Syntax.Span.Contains(earlier.Syntax.Span) && Blocks(earlier, places))))
            {
                return false;
            }
        }

        return false;
    }

    private static IEnumerable<IOperation> ReturnsOf(IOperation operation)
    {
        if (operation is IReturnOperation)
            return [operation];
        return operation is IAnonymousFunctionOperation or ILocalFunctionOperation
            ? []
            : operation.ChildOperations.SelectMany(ReturnsOf);
    }

    private static bool IsWithin(IOperation operation, IOperation body) => body.Syntax.Span.Contains(operation.Syntax.Span);

    private static bool MayReturn(IOperation operation)
    {
        if (operation is IAnonymousFunctionOperation or ILocalFunctionOperation)
            return false;
        return operation is IReturnOperation || operation.ChildOperations.Any(MayReturn);
    }
}
