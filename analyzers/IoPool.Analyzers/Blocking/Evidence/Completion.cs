using System.Linq;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Blocking.Evidence;

/// <summary>Whether a task is known to be complete where it is waited for.</summary>
internal static class Completion
{
    private const int MaxOriginDepth = 8;

    private static readonly string[] s_wrappers =
        ["GetAwaiter", "ConfigureAwait", "AsTask", "Preserve", "WaitAsync", "GetResult", "Unwrap"];

    /// <summary>Whether a wait for the given task, or for an awaiter of it, finds it complete.</summary>
    public static bool IsEvident(IOperation wait, IOperation? awaited)
    {
        var task = TaskOf(awaited);
        if (task is null)
            return false;
        return IsCompleteByOrigin(task)
            || IsInsideCompletedPattern(wait, task)
            || IsInsideCompletedCase(wait, task)
            || (SourceOfElement(task) is { } source && IsFiltered(source))
            || Order.Guards(wait).Any(guard =>
                Order.Says(guard.Condition, guard.WasTrue, (leaf, wasTrue) => ImpliesCompleted(leaf, wasTrue, task))
                && !IsReassigned(task, guard.Condition, wait))
            || Order.Before(wait).Any(earlier => Completes(earlier, task) && !IsReassigned(task, earlier, wait));
    }

    /// <summary>The tasks that a wait is for: the receiver, or the arguments of WaitAll and WaitAny.</summary>
    public static bool IsEvidentForAll(IInvocationOperation wait)
    {
        var tasks = wait.Arguments.Select(static a => a.Value).SelectMany(ElementsOf).ToArray();
        return tasks.Length > 0 && tasks.All(task => IsEvident(wait, task));
    }

    // Tasks that are given one by one, or the collection itself.
    private static System.Collections.Generic.IEnumerable<IOperation> ElementsOf(IOperation argument)
    {
        var value = ValueKey.Unwrap(argument);
        return value switch
        {
            IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
            ICollectionExpressionOperation collection => collection.Elements,
            { Type: { } type } when type.SpecialType is SpecialType.System_Int32
                || KnownTypes.IsInThreading(type, "CancellationToken") || KnownTypes.IsInSystem(type, "TimeSpan") => [],
            not null => [value],
            null => [],
        };
    }

    private static IOperation? TaskOf(IOperation? awaited)
    {
        while (true)
        {
            var value = ValueKey.Unwrap(awaited);
            switch (value)
            {
                case IInvocationOperation invocation when s_wrappers.Contains(invocation.TargetMethod.Name)
                    && ValueKey.SourceOf(invocation) is { } source:
                    awaited = source;
                    break;
                case ISimpleAssignmentOperation assignment:
                    awaited = assignment.Target;
                    break;
                default:
                    return value;
            }
        }
    }

    // Locals may be given each other's values, over and over.
    private static bool IsCompleteByOrigin(IOperation task, int depth = MaxOriginDepth)
    {
        if (depth == 0)
            return false;
        switch (ValueKey.Unwrap(task))
        {
            case ILocalReferenceOperation local:
                var values = LocalValues.Of(local).AssignmentsOf(local.Local);
                return values.Count > 0 && values.All(assignment => assignment.Value is { } value
                    ? IsCompleteByOrigin(value, depth - 1)
                    : assignment.Operation is IRecursivePatternOperation pattern
                        ? SaysCompleted(pattern)
                        : IsOfWhenEach(assignment.Operation));
            case IInvocationOperation invocation:
                return invocation.TargetMethod.Name is "FromResult" or "FromException" or "FromCanceled"
                    || (s_wrappers.Contains(invocation.TargetMethod.Name)
                        && ValueKey.SourceOf(invocation) is { } source && IsCompleteByOrigin(source, depth - 1));
            case IPropertyReferenceOperation property:
                return property.Property.Name == "CompletedTask";
            case IAwaitOperation { Operation: { } awaited }:
                return ValueKey.Unwrap(awaited) is IInvocationOperation call && IsWhenAny(call);
            case IObjectCreationOperation creation when KnownTypes.IsValueTask(creation.Type):
                return creation.Arguments.All(static a => !KnownTypes.IsTask(a.Value.Type)
                    && a.Value.Type?.Name.Contains("ValueTaskSource") != true);
            case IDefaultValueOperation value:
                return KnownTypes.IsValueTask(value.Type);
            case IConditionalOperation { WhenFalse: { } other } choice:
                return IsCompleteByOrigin(choice.WhenTrue, depth - 1) && IsCompleteByOrigin(other, depth - 1);
            default:
                return false;
        }
    }

    private static bool IsWhenAny(IInvocationOperation call) =>
        call.TargetMethod.Name == "WhenAny"
        || (s_wrappers.Contains(call.TargetMethod.Name)
            && ValueKey.Unwrap(ValueKey.SourceOf(call)) is IInvocationOperation inner && IsWhenAny(inner));

    private static bool IsOfWhenEach(IOperation declaration)
    {
        for (var parent = declaration.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IForEachLoopOperation loop)
            {
                return loop.Collection.DescendantsAndSelf().Any(static operation =>
                    operation is IInvocationOperation { TargetMethod.Name: "WhenEach" });
            }
        }

        return false;
    }

    // In { IsCompletedSuccessfully: true, Result: var result } the first part guards the second.
    private static bool IsInsideCompletedPattern(IOperation wait, IOperation task)
    {
        if (task is not IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.PatternInput })
            return false;
        for (var parent = wait.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IRecursivePatternOperation pattern && SaysCompleted(pattern))
                return true;
        }

        return false;
    }

    // case TaskStatus.Faulted: of a switch over the task's status, or a case or an arm whose pattern says so.
    private static bool IsInsideCompletedCase(IOperation wait, IOperation task)
    {
        for (var parent = wait.Parent; parent is not null; parent = parent.Parent)
        {
            switch (parent)
            {
                case ISwitchCaseOperation { Parent: ISwitchOperation choice } branch:
                    if (branch.Clauses.All(clause => IsCompletedClause(choice.Value, clause, task)))
                        return true;
                    break;
                case ISwitchExpressionArmOperation { Parent: ISwitchExpressionOperation choice } arm:
                    if (ImpliesCompleted(choice.Value, arm.Pattern, true, task))
                        return true;
                    break;
            }
        }

        return false;
    }

    private static bool IsCompletedClause(IOperation value, ICaseClauseOperation clause, IOperation task) => clause switch
    {
        ISingleValueCaseClauseOperation single => IsStatusOf(value, task) && IsEndStatus(single.Value),
        IPatternCaseClauseOperation pattern => ImpliesCompleted(value, pattern.Pattern, true, task),
        _ => false,
    };

    private static bool ImpliesCompleted(IOperation leaf, bool wasTrue, IOperation task)
    {
        switch (leaf)
        {
            case IConditionalAccessOperation access:
                return wasTrue && ImpliesCompleted(access.WhenNotNull, true, task);
            case IPropertyReferenceOperation property:
                return wasTrue
                    && property.Property.Name is "IsCompleted" or "IsCompletedSuccessfully" or "IsFaulted" or "IsCanceled"
                    && IsOf(property.Instance, task);
            case IInvocationOperation { TargetMethod.Name: "Wait" } wait:
                return wasTrue && ZeroTimeout.IsIn(wait.Arguments) && IsOf(wait.Instance, task);
            case IInvocationOperation { TargetMethod.Name: "ReferenceEquals", Arguments.Length: 2 } same:
                return wasTrue && IsWinner(same.Arguments[0].Value, same.Arguments[1].Value, task);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } equality:
                return equality.OperatorKind == BinaryOperatorKind.Equals == wasTrue
                    ? (IsStatusOf(equality.LeftOperand, task) && IsEndStatus(equality.RightOperand))
                        || (IsStatusOf(equality.RightOperand, task) && IsEndStatus(equality.LeftOperand))
                        || IsWinner(equality.LeftOperand, equality.RightOperand, task)
                    : (IsExceptionOf(equality.LeftOperand, task) && IsNull(equality.RightOperand))
                        || IsOtherOfTwo(equality.LeftOperand, equality.RightOperand, task)
                        || IsOtherOfTwo(equality.RightOperand, equality.LeftOperand, task);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.GreaterThanOrEqual } order:
                return wasTrue && IsStatusOf(order.LeftOperand, task) && IsEndStatus(order.RightOperand);
            case IIsPatternOperation test:
                return ImpliesCompleted(test.Value, test.Pattern, wasTrue, task);
            default:
                return false;
        }
    }

    private static bool ImpliesCompleted(IOperation value, IPatternOperation pattern, bool wasTrue, IOperation task) =>
        pattern switch
        {
            INegatedPatternOperation negated => IsExceptionOf(value, task)
                ? wasTrue
                : ImpliesCompleted(value, negated.Pattern, !wasTrue, task),
            IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.And } both => wasTrue
                && (ImpliesCompleted(value, both.LeftPattern, true, task) || ImpliesCompleted(value, both.RightPattern, true, task)),
            IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: bool expected } } =>
                ImpliesCompleted(value, wasTrue == expected, task),
            IRecursivePatternOperation recursive => wasTrue && IsOf(value, task) && SaysCompleted(recursive),
            _ => wasTrue && IsStatusOf(value, task) && IsEndStatus(pattern),
        };

    private static bool IsEndStatus(IPatternOperation pattern) => pattern switch
    {
        IConstantPatternOperation constant => IsEndStatus(constant.Value),
        IRelationalPatternOperation { OperatorKind: BinaryOperatorKind.GreaterThanOrEqual } order => IsEndStatus(order.Value),
        IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } either =>
            IsEndStatus(either.LeftPattern) && IsEndStatus(either.RightPattern),
        _ => false,
    };

    // TaskStatus.RanToCompletion, Canceled and Faulted are its last three.
    private static bool IsEndStatus(IOperation status) =>
        status.ConstantValue is not { HasValue: true, Value: int value }
        || value >= (int)System.Threading.Tasks.TaskStatus.RanToCompletion;

    /// <summary>Whether a switch case or a pattern that matched says that its input is a completed task.</summary>
    private static bool SaysCompleted(IRecursivePatternOperation pattern) =>
        pattern.PropertySubpatterns.Any(static part =>
            part.Member is IPropertyReferenceOperation { Property.Name: { } name }
            && ((name == "Status" && IsEndStatus(part.Pattern))
                || (name is "IsCompleted" or "IsCompletedSuccessfully" or "IsFaulted" or "IsCanceled"
                    && part.Pattern is IConstantPatternOperation { Value.ConstantValue.Value: true })));

    private static bool IsOf(IOperation? receiver, IOperation task)
    {
        var other = TaskOf(receiver);
        return ValueKey.AreSame(other, task)
            // awaiter and task of each other
            || (other is not null && ValueKey.AreSame(TaskOf(LocalValues.Resolve(other)), task))
            || ValueKey.AreSame(other, TaskOf(LocalValues.Resolve(task)));
    }

    private static bool IsStatusOf(IOperation value, IOperation task) =>
        ValueKey.Unwrap(value) is IPropertyReferenceOperation { Property.Name: "Status" } status
        && IsOf(status.Instance, task);

    private static bool IsExceptionOf(IOperation value, IOperation task) =>
        ValueKey.Unwrap(value) is IPropertyReferenceOperation { Property.Name: "Exception" } exception
        && IsOf(exception.Instance, task);

    private static bool IsNull(IOperation value) => ValueKey.Unwrap(value) is { ConstantValue: { HasValue: true, Value: null } };

    private static bool IsWinner(IOperation left, IOperation right, IOperation task) =>
        (IsOf(left, task) && IsCompleteByOrigin(right)) || (IsOf(right, task) && IsCompleteByOrigin(left));

    // Of WhenAny(task, timeout), when the winner is not the timeout.
    private static bool IsOtherOfTwo(IOperation winner, IOperation loser, IOperation task)
    {
        if (LocalValues.Resolve(winner) is not IAwaitOperation { Operation: { } awaited }
            || TaskOf(awaited) is not IInvocationOperation { TargetMethod.Name: "WhenAny" } any)
        {
            return false;
        }

        var tasks = any.Arguments.SelectMany(static a => ElementsOf(a.Value)).ToArray();
        return tasks.Length == 2
            && ((IsOf(tasks[0], task) && IsOf(tasks[1], loser)) || (IsOf(tasks[1], task) && IsOf(tasks[0], loser)));
    }

    // Whether a task is complete when an operation has run: it was awaited, or what was not complete left.
    private static bool Completes(IOperation operation, IOperation task) =>
        Order.SurelyRuns(operation, part => Awaits(part, task)
            || CompletesByChoice(part, task)
            || SetsResult(part, task)
            || (part is ISimpleAssignmentOperation assignment && ValueKey.AreSame(assignment.Target, task)
                && IsCompleteByOrigin(assignment.Value)));

    // source.SetResult(1); source.Task.Result
    private static bool SetsResult(IOperation operation, IOperation task) =>
        operation is IInvocationOperation
        {
            Instance: { } source,
            TargetMethod.Name: "SetResult" or "TrySetResult" or "SetException" or "TrySetException" or "SetCanceled" or "TrySetCanceled",
        }
        && LocalValues.Resolve(task) is IPropertyReferenceOperation { Property.Name: "Task", Instance: { } owner }
        && owner.Type?.Name == "TaskCompletionSource"
        && ValueKey.AreSame(source, owner);

    private static bool CompletesByChoice(IOperation operation, IOperation task) => operation switch
    {
        IConditionalOperation conditional =>
            IsCompleteAfter(conditional, conditional.WhenTrue, true, task)
            && IsCompleteAfter(conditional, conditional.WhenFalse, false, task),
        // foreach (var t in tasks) await t;
        IForEachLoopOperation { IsAsynchronous: false } loop => ValueKey.RootOf(task) is { } root
            && SymbolEqualityComparer.Default.Equals(RootOfElement(task) ?? root, ValueKey.RootOf(loop.Collection))
            && loop.LoopControlVariable is IVariableDeclaratorOperation variable
            && Order.SurelyRuns(loop.Body, part => part is IAwaitOperation wait
                && TaskOf(wait.Operation) is ILocalReferenceOperation local
                && SymbolEqualityComparer.Default.Equals(local.Local, variable.Symbol)),
        _ => false,
    };

    private static bool IsCompleteAfter(
        IConditionalOperation conditional, IOperation? branch, bool isTrue, IOperation task) =>
        Order.Says(conditional.Condition, isTrue, (leaf, wasTrue) => ImpliesCompleted(leaf, wasTrue, task))
        || (branch is not null && (Order.Leaves(branch) || Completes(branch, task)));

    private static bool Awaits(IOperation operation, IOperation task)
    {
        if (operation is not IAwaitOperation wait)
            return false;
        var awaited = TaskOf(wait.Operation);
        if (IsOf(awaited, task))
            return !MayHaveGivenUp(wait);
        if (LocalValues.Resolve(awaited) is not IInvocationOperation { TargetMethod.Name: "WhenAll" or "WhenAny" } all)
            return false;
        // Of one task, any is all.
        return (all.TargetMethod.Name == "WhenAll" || IsOfOne(all))
            && all.Arguments.SelectMany(static a => ElementsOf(a.Value).Concat(ElementsOf(LocalValues.Resolve(a.Value)!)))
                .Any(element => Covers(element, task));
    }

    private static bool IsOfOne(IInvocationOperation call)
    {
        var tasks = call.Arguments.SelectMany(static a => ElementsOf(a.Value)).ToArray();
        return tasks.Length == 1 && KnownTypes.IsTask(tasks[0].Type);
    }

    // WaitAsync ends early, and whoever catches that goes on with a task that still runs.
    private static bool MayHaveGivenUp(IAwaitOperation wait)
    {
        if (!wait.Operation.DescendantsAndSelf().Any(static o => o is IInvocationOperation { TargetMethod.Name: "WaitAsync" }))
            return false;
        for (var (child, parent) = ((IOperation)wait, wait.Parent); parent is not null; (child, parent) = (parent, parent.Parent))
        {
            if (parent is ITryOperation { Catches.Length: > 0 } attempt && child == attempt.Body)
                return true;
        }

        return false;
    }

    // The element itself, or the collection that it comes from.
    private static bool Covers(IOperation element, IOperation task)
    {
        if (IsOf(element, task))
            return true;
        if (KnownTypes.IsTask(element.Type))
            return false;
        var root = ValueKey.RootOf(LocalValues.Resolve(element) is { } value && ValueKey.RootOf(value) is not null
            && ValueKey.Unwrap(element) is not ILocalReferenceOperation ? value : element);
        return root is not null
            && (SymbolEqualityComparer.Default.Equals(root, ValueKey.RootOf(task))
                || SymbolEqualityComparer.Default.Equals(root, RootOfElement(task)));
    }

    // The collection behind a foreach variable, a lambda's parameter of a LINQ chain, or a local taken from it.
    private static ISymbol? RootOfElement(IOperation task)
    {
        if (SourceOfElement(task) is { } source)
            return ValueKey.RootOf(source);
        return task is ILocalReferenceOperation local && LocalValues.Of(local).OnlyValueOf(local.Local) is { } value
            ? ValueKey.RootOf(value)
            : null;
    }

    private static IOperation? SourceOfElement(IOperation task)
    {
        var symbol = ValueKey.RootOf(task);
        for (var parent = task.Parent; parent is not null && symbol is not null; parent = parent.Parent)
        {
            switch (parent)
            {
                case IForEachLoopOperation { IsAsynchronous: false } loop when Declares(loop.LoopControlVariable, symbol):
                    return loop.Collection;
                case IAnonymousFunctionOperation lambda when lambda.Symbol.Parameters.Any(p =>
                    SymbolEqualityComparer.Default.Equals(p, symbol)):
                    return CallOf(lambda) is { } call ? ValueKey.SourceOf(call) : null;
            }
        }

        return null;
    }

    private static bool Declares(IOperation variable, ISymbol symbol) => variable.DescendantsAndSelf().Any(part => part switch
    {
        IVariableDeclaratorOperation declarator => SymbolEqualityComparer.Default.Equals(declarator.Symbol, symbol),
        ILocalReferenceOperation local => SymbolEqualityComparer.Default.Equals(local.Local, symbol),
        _ => false,
    });

    // tasks.Where(t => t.IsCompleted)
    private static bool IsFiltered(IOperation source)
    {
        for (var current = ValueKey.Unwrap(source); current is IInvocationOperation call; current = ValueKey.Unwrap(ValueKey.SourceOf(call)))
        {
            if (call.TargetMethod.Name == "Where"
                && call.Arguments.Select(static a => Delegates.FunctionOf(a.Value)).OfType<IAnonymousFunctionOperation>()
                    .Any(static lambda => lambda.Body.Operations.Length == 1
                        && lambda.Body.Operations[0] is IReturnOperation { ReturnedValue: { } value }
                        && Order.Says(value, true, (leaf, wasTrue) => wasTrue
                            && leaf is IPropertyReferenceOperation
                            {
                                Property.Name: "IsCompleted" or "IsCompletedSuccessfully" or "IsFaulted" or "IsCanceled",
                                Instance: IParameterReferenceOperation,
                            })))
            {
                return true;
            }
        }

        return false;
    }

    private static IInvocationOperation? CallOf(IOperation lambda)
    {
        for (var parent = lambda.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IInvocationOperation invocation)
                return invocation;
        }

        return null;
    }

    // Between the evidence and the wait, or again before the next turn of a loop that has the wait and not the evidence.
    private static bool IsReassigned(IOperation task, IOperation evidence, IOperation wait)
    {
        if (ValueKey.RootOf(task) is not { } root)
            return false;
        var (from, to) = (evidence.Syntax.Span.End, wait.Syntax.SpanStart);
        for (var parent = wait.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is ILoopOperation && !parent.Syntax.Span.Contains(evidence.Syntax.Span))
                to = System.Math.Max(to, parent.Syntax.Span.End);
        }

        var values = LocalValues.Of(wait);
        return values.IsAliased(root) || values.AssignmentsOf(root).Any(assignment =>
            assignment.Operation is not IVariableDeclaratorOperation
            && ((IsBetween(assignment.Operation) && !assignment.Operation.Syntax.Span.Contains(wait.Syntax.Span))
                || (LocalFunctionOf(assignment.Operation, wait) is { } function && values.CallsOf(function).Any(IsBetween))));

        bool IsBetween(IOperation operation) => operation.Syntax.SpanStart >= from && operation.Syntax.SpanStart < to;
    }

    // The local function that an assignment is in, unless the wait is in it too.
    private static IMethodSymbol? LocalFunctionOf(IOperation assignment, IOperation wait)
    {
        for (var parent = assignment.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is ILocalFunctionOperation function)
                return function.Syntax.Span.Contains(wait.Syntax.Span) ? null : function.Symbol;
        }

        return null;
    }
}
