using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Blocking.Evidence;

/// <summary>What runs before an operation, on every way to it.</summary>
internal static class Order
{
    // A check that is kept in a local, which another local may stand for.
    private const int MaxKeptConditions = 4;

    /// <summary>
    /// The operations, whole, that have run before: earlier statements of the blocks around it, earlier operands,
    /// conditions; nearest first. Goes on outside of lambdas: what was so when a lambda was made stays so.
    /// </summary>
    public static IEnumerable<IOperation> Before(IOperation operation)
    {
        for (IOperation child = operation, parent = child.Parent!; parent is not null; child = parent, parent = parent.Parent!)
        {
            foreach (var earlier in Earlier(parent, child))
                yield return earlier;
        }
    }

    /// <summary>Conditions around and before it, and whether each was true or false on the way here.</summary>
    public static IEnumerable<(IOperation Condition, bool WasTrue)> Guards(IOperation operation)
    {
        for (IOperation child = operation, parent = child.Parent!; parent is not null; child = parent, parent = parent.Parent!)
        {
            switch (parent)
            {
                case IConditionalOperation conditional when child != conditional.Condition:
                    yield return (conditional.Condition, child == conditional.WhenTrue);
                    break;
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both when child == both.RightOperand:
                    yield return (both.LeftOperand, true);
                    break;
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } either when child == either.RightOperand:
                    yield return (either.LeftOperand, false);
                    break;
                case IWhileLoopOperation { Condition: not null, ConditionIsTop: true } loop when child == loop.Body:
                    yield return (loop.Condition, !loop.ConditionIsUntil);
                    break;
                case IForLoopOperation { Condition: not null } loop when child == loop.Body:
                    yield return (loop.Condition, true);
                    break;
                case ISwitchExpressionArmOperation { Guard: not null } arm when child == arm.Value:
                    yield return (arm.Guard, true);
                    break;
                case ISwitchCaseOperation { Clauses.Length: 1 } branch
                    when branch.Clauses[0] is IPatternCaseClauseOperation { Guard: { } test } clause && child != clause:
                    yield return (test, true);
                    break;
            }

            foreach (var earlier in Earlier(parent, child))
            {
                foreach (var guard in LeftBy(earlier))
                    yield return guard;
            }
        }
    }

    /// <summary>Whether an operation, when it has run, has surely run a part of it that fits.</summary>
    public static bool SurelyRuns(IOperation operation, Func<IOperation, bool> fits)
    {
        if (fits(operation))
            return true;
        switch (operation)
        {
            case IAnonymousFunctionOperation or ILocalFunctionOperation or INameOfOperation:
                return false;
            case IConditionalOperation conditional:
                return SurelyRuns(conditional.Condition, fits)
                    || (conditional.WhenFalse is { } other
                        && SurelyRunsOrLeaves(conditional.WhenTrue, fits) && SurelyRunsOrLeaves(other, fits));
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } binary:
                return SurelyRuns(binary.LeftOperand, fits);
            case ICoalesceOperation coalesce:
                return SurelyRuns(coalesce.Value, fits);
            case IConditionalAccessOperation access:
                return SurelyRuns(access.Operation, fits);
            case IForEachLoopOperation loop:
                return SurelyRuns(loop.Collection, fits);
            case IWhileLoopOperation loop:
                return (loop.Condition is { } condition && SurelyRuns(condition, fits))
                    || (!loop.ConditionIsTop && SurelyRuns(loop.Body, fits));
            case IForLoopOperation loop:
                return loop.Condition is { } test && SurelyRuns(test, fits);
            case ISwitchOperation choice:
                return SurelyRuns(choice.Value, fits);
            case ISwitchExpressionOperation choice:
                return SurelyRuns(choice.Value, fits);
            case ITryOperation attempt:
                return SurelyRuns(attempt.Body, fits) || (attempt.Finally is { } last && SurelyRuns(last, fits));
        }

        foreach (var child in operation.ChildOperations)
        {
            if (SurelyRuns(child, fits))
                return true;
        }

        return false;
    }

    /// <summary>Whether a condition of known outcome says something: taken apart at "not", "and" and "or".</summary>
    public static bool Says(IOperation condition, bool wasTrue, Func<IOperation, bool, bool> predicate) =>
        Says(condition, wasTrue, predicate, MaxKeptConditions);

    private static bool Says(
        IOperation condition, bool wasTrue, Func<IOperation, bool, bool> predicate, int keptLeft)
    {
        condition = ValueKey.Unwrap(condition)!;
        switch (condition)
        {
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                return Says(not.Operand, !wasTrue, predicate, keptLeft);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both:
                return wasTrue
                    ? Says(both.LeftOperand, true, predicate, keptLeft) || Says(both.RightOperand, true, predicate, keptLeft)
                    : Says(both.LeftOperand, false, predicate, keptLeft) && Says(both.RightOperand, false, predicate, keptLeft);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } either:
                return wasTrue
                    ? Says(either.LeftOperand, true, predicate, keptLeft) && Says(either.RightOperand, true, predicate, keptLeft)
                    : Says(either.LeftOperand, false, predicate, keptLeft) || Says(either.RightOperand, false, predicate, keptLeft);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } equality
                when BooleanOf(equality.RightOperand) is { } value:
                var isSame = equality.OperatorKind == BinaryOperatorKind.Equals == value;
                return Says(equality.LeftOperand, isSame == wasTrue, predicate, keptLeft);
            case IIsPatternOperation { Pattern: IConstantPatternOperation constant } test
                when BooleanOf(constant.Value) is { } value:
                return Says(test.Value, value == wasTrue, predicate, keptLeft);
            case IIsPatternOperation
            {
                Pattern: INegatedPatternOperation { Pattern: IConstantPatternOperation constant },
            } test when BooleanOf(constant.Value) is { } value:
                return Says(test.Value, value != wasTrue, predicate, keptLeft);
            case ILocalReferenceOperation { Type.SpecialType: SpecialType.System_Boolean } local
                when keptLeft > 0 && LocalValues.Of(local).OnlyValueOf(local.Local) is { } kept:
                return Says(kept, wasTrue, predicate, keptLeft - 1);
            default:
                return predicate(condition, wasTrue);
        }
    }

    /// <summary>Whether control never goes on behind a statement.</summary>
    public static bool Leaves(IOperation? statement) => statement switch
    {
        IReturnOperation or IThrowOperation or IBranchOperation => true,
        IExpressionStatementOperation expression => expression.Operation is IThrowOperation,
        IBlockOperation { Operations: { Length: > 0 } operations } => Leaves(operations[operations.Length - 1]),
        IConditionalOperation { WhenFalse: not null } conditional =>
            Leaves(conditional.WhenTrue) && Leaves(conditional.WhenFalse),
        _ => false,
    };

    private static bool SurelyRunsOrLeaves(IOperation operation, Func<IOperation, bool> fits) =>
        Leaves(operation) || SurelyRuns(operation, fits);

    // What is known behind a statement: the condition of an early exit, of a loop that ended, of an assertion.
    private static IEnumerable<(IOperation Condition, bool WasTrue)> LeftBy(IOperation statement)
    {
        switch (statement)
        {
            case IConditionalOperation conditional:
                if (Leaves(conditional.WhenTrue))
                    yield return (conditional.Condition, false);
                else if (Leaves(conditional.WhenFalse))
                    yield return (conditional.Condition, true);
                break;
            case IWhileLoopOperation { Condition: not null } loop when !HasBreak(loop):
                yield return (loop.Condition, loop.ConditionIsUntil);
                break;
            case IForLoopOperation { Condition: not null } loop when !HasBreak(loop):
                yield return (loop.Condition, false);
                break;
            case IExpressionStatementOperation
            {
                Operation: IInvocationOperation { TargetMethod.Name: "Assert", Arguments.Length: > 0 } assertion,
            } when assertion.TargetMethod.ContainingType?.Name is "Debug" or "Trace":
                yield return (assertion.Arguments[0].Value, true);
                break;
        }
    }

    private static bool HasBreak(ILoopOperation loop)
    {
        foreach (var operation in loop.Body.DescendantsAndSelf())
        {
            if (operation is IBranchOperation { BranchKind: BranchKind.Break } branch
                && SymbolEqualityComparer.Default.Equals(branch.Target, loop.ExitLabel))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<IOperation> Earlier(IOperation parent, IOperation child)
    {
        switch (parent)
        {
            case IConditionalOperation conditional:
                return child == conditional.Condition ? [] : [conditional.Condition];
            case ITryOperation or ICatchClauseOperation or IWhileLoopOperation:
                return [];
            case ISwitchOperation choice:
                return child == choice.Value ? [] : [choice.Value];
            case ISwitchExpressionOperation choice:
                return child == choice.Value ? [] : [choice.Value];
            case IForEachLoopOperation loop:
                return child == loop.Collection ? [] : [loop.Collection];
            case IForLoopOperation loop:
                return loop.Before;
            default:
                return EarlierChildren(parent, child);
        }
    }

    private static List<IOperation> EarlierChildren(IOperation parent, IOperation child)
    {
        var earlier = new List<IOperation>();
        foreach (var candidate in parent.ChildOperations)
        {
            if (candidate == child)
                break;
            earlier.Add(candidate);
        }

        earlier.Reverse();
        return earlier;
    }

    private static bool? BooleanOf(IOperation value) =>
        ValueKey.Unwrap(value)?.ConstantValue is { HasValue: true, Value: bool constant } ? constant : null;
}
