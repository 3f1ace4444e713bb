using System.Linq;
using IoPool.Analyzers.Catalogue;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Blocking.Evidence;

/// <summary>Whether a row of the catalogue counts for a call, and how surely.</summary>
internal static class RowConditions
{
    /// <summary>The certainty for this call; <see cref="Certainty.Never"/> when the context silences it.</summary>
    public static Certainty Judge(IOperation call, CatalogueRow row)
    {
        if (call is IInvocationOperation { Arguments: var arguments } && WaitsAtMost(row) && ZeroTimeout.IsIn(arguments, row.Condition == Condition.ZeroTimeout))
            return Certainty.Never;
        if (IsArgumentOfFromAsync(call))
            return Certainty.Never;
        switch (row.Condition)
        {
            case Condition.Completed:
                return IsCompleted(call) ? Certainty.Never : row.Certainty;
            case Condition.InMemory:
                return InMemory.IsAllOf(call) ? Certainty.Never : row.Certainty;
            case Condition.Query or Condition.QueryableSource:
                return QuerySource.KindOf(SourceOf(call)) switch
                {
                    QueryKind.Database => Certainty.Always,
                    QueryKind.Unknown => row.Certainty,
                    _ => Certainty.Never,
                };
            case Condition.BlockingSocket:
                return IsNonBlockingSocket(call) ? Certainty.May : row.Certainty;
            case Condition.Pending:
                return IsAsked(call, "Pending", mustBeTrue: true) ? Certainty.Never : row.Certainty;
            case Condition.Available:
                return IsAsked(call, "Available", mustBeTrue: false) || IsAsked(call, "DataAvailable", mustBeTrue: true) ? Certainty.Never : row.Certainty;
            case Condition.ValueCreated:
                return IsAsked(call, "IsValueCreated", mustBeTrue: true) || IsBesidePattern(call, "IsValueCreated") || IsUnlockedLazy(call)
                    ? Certainty.Never
                    : row.Certainty;
            case Condition.TrueArgument:
                return HasFalse(call) ? Certainty.Never : row.Certainty;
            case Condition.Bounded:
                return IsUnbounded(call) ? Certainty.Never : row.Certainty;
            default:
                // In-memory streams are silent whatever the row says: their own members do no I/O.
                return row.Certainty == Certainty.May && InMemory.IsAllOf(call) ? Certainty.Never : row.Certainty;
        }
    }

    private static bool WaitsAtMost(CatalogueRow row) =>
        row.Category != "sleep" && row.Category != CategoryRules.User;

    private static bool IsCompleted(IOperation call) => call switch
    {
        IInvocationOperation { Instance: null } wait => Completion.IsEvidentForAll(wait),
        IInvocationOperation wait => Completion.IsEvident(wait, wait.Instance),
        IPropertyReferenceOperation result => Completion.IsEvident(result, result.Instance),
        _ => false,
    };

    // The Begin/End pair as FromAsync takes it: the end is called when it is there.
    private static bool IsArgumentOfFromAsync(IOperation call)
    {
        for (var parent = call.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IInvocationOperation { TargetMethod.Name: "FromAsync" })
                return true;
        }

        return false;
    }

    private static IOperation? SourceOf(IOperation call) => call switch
    {
        IInvocationOperation { TargetMethod.IsStatic: true, Arguments: { Length: > 0 } arguments } => arguments[0].Value,
        IInvocationOperation invocation => invocation.Instance,
        _ => null,
    };

    private static IOperation? ReceiverOf(IOperation call) => call switch
    {
        IInvocationOperation invocation => invocation.Instance,
        IPropertyReferenceOperation property => property.Instance,
        _ => null,
    };

    // A condition on the way here asks the same object by this member.
    private static bool IsAsked(IOperation call, string member, bool mustBeTrue) => ReceiverOf(call) is { } receiver
        && Order.Guards(call).Any(guard => Order.Says(guard.Condition, guard.WasTrue, (leaf, wasTrue) =>
            (wasTrue || !mustBeTrue) && leaf.DescendantsAndSelf().Any(part => part switch
            {
                IPropertyReferenceOperation property =>
                    property.Property.Name == member && ValueKey.AreSame(property.Instance, receiver),
                IInvocationOperation invocation =>
                    invocation.TargetMethod.Name == member && ValueKey.AreSame(invocation.Instance, receiver),
                _ => false,
            })));

    // In { IsValueCreated: true, Value: 5 } the first part guards the second.
    private static bool IsBesidePattern(IOperation call, string member)
    {
        for (var parent = call.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IRecursivePatternOperation pattern)
            {
                return pattern.PropertySubpatterns.Any(part =>
                    part.Member is IPropertyReferenceOperation property && property.Property.Name == member
                    && part.Pattern is IConstantPatternOperation { Value.ConstantValue.Value: true });
            }
        }

        return false;
    }

    private static bool IsNonBlockingSocket(IOperation call)
    {
        if (ReceiverOf(call) is not { } socket)
            return false;
        if (LocalValues.Resolve(socket) is IObjectCreationOperation { Initializer: { } initializer }
            && initializer.Initializers.Any(static i => i is ISimpleAssignmentOperation assignment && MakesNonBlocking(assignment)))
        {
            return true;
        }

        return Order.Before(call).Any(earlier => Order.SurelyRuns(earlier, part =>
            part is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation property } assignment
            && MakesNonBlocking(assignment)
            && ValueKey.AreSame(property.Instance, socket)));
    }

    private static bool MakesNonBlocking(ISimpleAssignmentOperation assignment) =>
        assignment.Target is IPropertyReferenceOperation { Property.Name: "Blocking" }
        && assignment.Value.ConstantValue is { HasValue: true, Value: false };

    private static bool IsUnlockedLazy(IOperation call)
    {
        var origin = OriginOf(ReceiverOf(call));
        if (origin is not IObjectCreationOperation creation)
            return false;
        foreach (var argument in creation.Arguments)
        {
            var value = ValueKey.Unwrap(argument.Value);
            if (argument.Parameter?.Type.TypeKind == TypeKind.Enum)
                return value is IFieldReferenceOperation { Field.Name: "None" or "PublicationOnly" };
            if (argument.Parameter?.Type.SpecialType == SpecialType.System_Boolean)
                return value?.ConstantValue is { HasValue: true, Value: false };
        }

        // new Lazy<T>(value) has nothing left to compute.
        return creation.Arguments.Length == 1 && creation.Arguments[0].Parameter?.Type.TypeKind != TypeKind.Delegate;
    }

    private static bool HasFalse(IOperation call) => call is IInvocationOperation invocation
        && invocation.Arguments.Any(static a => a.Parameter?.Type.SpecialType == SpecialType.System_Boolean)
        && invocation.Arguments.All(static a => a.Parameter?.Type.SpecialType != SpecialType.System_Boolean
            || a.Value.ConstantValue is { HasValue: true, Value: false });

    private static bool IsUnbounded(IOperation call) =>
        OriginOf(ReceiverOf(call)) is IObjectCreationOperation creation
        && creation.Arguments.All(static a => a.Parameter?.Type.SpecialType != SpecialType.System_Int32);

    private static IOperation? OriginOf(IOperation? receiver)
    {
        var value = LocalValues.Resolve(receiver);
        return value is IFieldReferenceOperation { Field: { IsReadOnly: true } field }
            ? ValueKey.Unwrap(FieldValues.InitializerOf(field, value.SemanticModel))
            : value;
    }
}
