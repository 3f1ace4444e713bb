using System.Collections.Generic;
using System.Linq;
using IoPool.Analyzers.Blocking.Evidence;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Blocking;

/// <summary>Finds loops that nothing in them ends, and that never give way.</summary>
internal static class LoopJudge
{
    /// <summary>What is wrong with a loop, as words for the message, or null.</summary>
    public static string? Judge(ILoopOperation loop)
    {
        var condition = loop switch
        {
            IWhileLoopOperation { Condition: { } test } => test,
            IForLoopOperation { Condition: { } test } => test,
            IForLoopOperation => null,
            _ => loop,
        };
        if (condition == loop || GivesWay(loop))
            return null;
        if (condition is null || condition.ConstantValue is { HasValue: true, Value: true })
            return JudgeExits(loop);
        return IsSetByOthers(condition, loop) || (DoesNothing(loop.Body) && TriesAgain(condition))
            ? "waits for another thread to change its condition"
            : null;
    }

    // Nothing but hints to spin.
    private static bool DoesNothing(IOperation body) => Own(body).All(static operation => operation switch
    {
        IInvocationOperation call => IsSpin(call.TargetMethod),
        IBlockOperation or IEmptyOperation or IExpressionStatementOperation or ILocalReferenceOperation or ILiteralOperation
            or IArgumentOperation or IInstanceReferenceOperation or IFieldReferenceOperation => true,
        _ => false,
    });

    // while (!queue.TryDequeue(out var item)) { }, and a lock made of an exchange.
    private static bool TriesAgain(IOperation condition) => condition switch
    {
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, Operand: IInvocationOperation attempt } =>
            attempt.TargetMethod.Name.StartsWith("Try", System.StringComparison.Ordinal),
        IBinaryOperation binary => TriesAgain(binary.LeftOperand),
        IInvocationOperation exchange => exchange.TargetMethod is { Name: "CompareExchange" or "Exchange" } method
            && method.ContainingType.Name == "Interlocked"
            && exchange.Arguments.Skip(1).All(static a => a.Value.ConstantValue.HasValue),
        _ => false,
    };

    private static string? JudgeExits(ILoopOperation loop)
    {
        if (AlwaysLeaves(loop.Body, loop))
            return null;
        var exits = Own(loop.Body).Where(operation => IsExit(operation, loop)).ToArray();
        if (exits.Length == 0)
            return "has no end";
        return exits.All(exit => IsLeftByOthersOnly(exit, loop)) ? "runs until another thread changes something" : null;
    }

    private static bool GivesWay(ILoopOperation loop) => Own(loop).Any(static operation => operation
        is IAwaitOperation
            or IForEachLoopOperation { IsAsynchronous: true }
            or IUsingOperation { IsAsynchronous: true }
            or IUsingDeclarationOperation { IsAsynchronous: true }
            or IReturnOperation { Kind: OperationKind.YieldReturn });

    // Not those of lambdas and local functions.
    private static IEnumerable<IOperation> Own(IOperation operation)
    {
        if (operation is IAnonymousFunctionOperation or ILocalFunctionOperation)
            yield break;
        yield return operation;
        foreach (var child in operation.ChildOperations)
        {
            foreach (var inner in Own(child))
                yield return inner;
        }
    }

    private static bool IsExit(IOperation operation, ILoopOperation loop) => operation switch
    {
        IReturnOperation or IThrowOperation => true,
        IBranchOperation { BranchKind: BranchKind.Break } branch =>
            SymbolEqualityComparer.Default.Equals(branch.Target, loop.ExitLabel),
        IBranchOperation { BranchKind: BranchKind.GoTo } => true,
        _ => false,
    };

    private static bool AlwaysLeaves(IOperation statement, ILoopOperation loop) => statement switch
    {
        IBlockOperation block => block.Operations.Any(inner => AlwaysLeaves(inner, loop)),
        IConditionalOperation { WhenFalse: { } other } conditional =>
            AlwaysLeaves(conditional.WhenTrue, loop) && AlwaysLeaves(other, loop),
        ITryOperation attempt => AlwaysLeaves(attempt.Body, loop),
        ILockOperation locked => AlwaysLeaves(locked.Body, loop),
        IUsingOperation use => AlwaysLeaves(use.Body, loop),
        ISwitchOperation choice => choice.Cases.All(branch => branch.Body.Any(inner => AlwaysLeaves(inner, loop)))
            && choice.Cases.Any(static branch => branch.Clauses.Any(static c => c.CaseKind == CaseKind.Default)),
        IExpressionStatementOperation expression => expression.Operation is IThrowOperation,
        _ => IsExit(statement, loop),
    };

    // An exit counts as the loop's own when any condition around it depends on what the loop itself does.
    private static bool IsLeftByOthersOnly(IOperation exit, ILoopOperation loop)
    {
        var any = false;
        for (var (child, parent) = (exit, exit.Parent); parent is not null && parent != loop; (child, parent) = (parent, parent.Parent))
        {
            var condition = parent switch
            {
                IConditionalOperation conditional when child != conditional.Condition => conditional.Condition,
                ISwitchOperation choice => choice.Value,
                ITryOperation or ICatchClauseOperation => parent,
                _ => null,
            };
            if (condition is null)
                continue;
            if (condition == parent || !IsSetByOthers(condition, loop))
                return false;
            any = true;
        }

        return any;
    }

    /// <summary>Whether a condition reads only what this loop does not change: flags, tokens, clocks.</summary>
    private static bool IsSetByOthers(IOperation condition, ILoopOperation loop)
    {
        var reads = 0;
        return ReadsOnlyOthers(condition, loop, ref reads) && reads > 0;
    }

    private static bool ReadsOnlyOthers(IOperation part, ILoopOperation loop, ref int reads)
    {
        switch (part)
        {
            case IInvocationOperation call when IsFlagRead(call.TargetMethod):
            case IPropertyReferenceOperation { Property: var clock } when IsClock(clock):
                reads++;
                return true;
            case IInvocationOperation or IDynamicInvocationOperation or IFunctionPointerInvocationOperation or IAssignmentOperation or IIncrementOrDecrementOperation
                or IDeclarationPatternOperation or IArrayElementReferenceOperation or IAwaitOperation
                or IAnonymousFunctionOperation:
                return false;
            case IPropertyReferenceOperation property:
                if (!property.Arguments.IsEmpty || IsTouched(property, loop))
                    return false;
                reads++;
                break;
            case IFieldReferenceOperation { Field.IsConst: false } field:
                if (IsTouched(field, loop))
                    return false;
                reads++;
                break;
            case ILocalReferenceOperation local when IsTouched(local, loop):
                return false;
        }

        foreach (var child in part.ChildOperations)
        {
            if (!ReadsOnlyOthers(child, loop, ref reads))
                return false;
        }

        return true;
    }

    private static bool IsFlagRead(IMethodSymbol method) =>
        (method.Name == "Read" && method.ContainingType?.Name is "Volatile" or "Interlocked")
        || (method.Name == "GetTimestamp" && method.ContainingType?.Name is "Stopwatch")
        || (method.Name == "GetElapsedTime" && method.ContainingType?.Name is "Stopwatch");

    private static bool IsClock(IPropertySymbol property) =>
        property.Name is "UtcNow" or "Now" or "TickCount" or "TickCount64" or "Elapsed" or "ElapsedMilliseconds"
            or "ElapsedTicks" or "TotalMilliseconds" or "TotalSeconds";

    // Assigned in the loop, or owned by an object that the loop calls: what is called may change it.
    private static bool IsTouched(IOperation read, ILoopOperation loop)
    {
        var root = ValueKey.RootOf(read);
        var receiver = read is IMemberReferenceOperation { Instance: { } instance } ? instance : null;
        var isOwn = receiver is IInstanceReferenceOperation or null && read is not ILocalReferenceOperation;
        foreach (var part in Own(loop))
        {
            if (part == read || part.Syntax.Span == read.Syntax.Span)
                continue;
            switch (part)
            {
                case IAssignmentOperation assignment when IsSameRoot(assignment.Target, root):
                case IIncrementOrDecrementOperation increment when IsSameRoot(increment.Target, root):
                case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument
                    when IsSameRoot(argument.Value, root) && !IsVolatileRead(argument):
                    return true;
                case IInvocationOperation call when !IsSpin(call.TargetMethod):
                    if (receiver is not null && !isOwn && ObjectOf(call) is { } called && ValueKey.AreSame(called, receiver))
                        return true;
                    if (receiver is not null && call.Arguments.Any(a => ValueKey.AreSame(a.Value, receiver)))
                        return true;
                    if (isOwn && !IsVolatile(read) && MayChangeOwn(call))
                        return true;
                    break;
            }
        }

        return false;
    }

    // A delegate that an object has is called like a method of it.
    private static IOperation? ObjectOf(IInvocationOperation call) =>
        call is { TargetMethod.MethodKind: MethodKind.DelegateInvoke, Instance: IMemberReferenceOperation { Instance: { } owner } }
            ? owner
            : call.Instance;

    // A method of the same object, or a local function, may set the flag itself.
    private static bool MayChangeOwn(IInvocationOperation call) =>
        call.Instance is IInstanceReferenceOperation
        || call.TargetMethod.MethodKind == MethodKind.LocalFunction
        || (call.TargetMethod.IsStatic && call.TargetMethod.DeclaringSyntaxReferences.Length > 0);

    private static bool IsVolatile(IOperation read) => read is IFieldReferenceOperation { Field.IsVolatile: true };

    private static bool IsVolatileRead(IArgumentOperation argument) =>
        argument.Parent is IInvocationOperation { TargetMethod: { } method } && IsFlagRead(method);

    private static bool IsSpin(IMethodSymbol method) =>
        method.ContainingType?.Name is "Thread" or "SpinWait" or "Volatile" or "Stopwatch"
        || method.Name is "MemoryBarrier";

    private static bool IsSameRoot(IOperation target, ISymbol? root) =>
        root is not null && SymbolEqualityComparer.Default.Equals(ValueKey.RootOf(target), root);
}
