using System.Collections.Generic;
using System.Linq;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Affinity;

/// <summary>Which loop-owned objects from outside a lambda touches, in ways that only their loop may.</summary>
internal static class CapturedUses
{
    /// <summary>The first such use of each object.</summary>
    /// <param name="function">A lambda or a local function.</param>
    /// <param name="body">Its body.</param>
    public static IEnumerable<IOperation> Of(IOperation function, IOperation body)
    {
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var operation in Descend(body))
        {
            if (CapturedBy(operation, function) is { } captured
                && KnownTypes.IsLoopOwned(operation.Type)
                && !IsHarmless(operation)
                && seen.Add(captured))
            {
                yield return operation;
            }
        }
    }

    // Delegates that go on to another thread, or back to a loop, are looked at where they are handed over.
    private static IEnumerable<IOperation> Descend(IOperation operation)
    {
        yield return operation;
        foreach (var child in operation.ChildOperations)
        {
            if (child is INameOfOperation || IsHandedOn(child))
                continue;
            foreach (var descendant in Descend(child))
                yield return descendant;
        }
    }

    private static bool IsHandedOn(IOperation operation) =>
        operation is IArgumentOperation { Parent: IInvocationOperation call }
        && (ForeignThreads.IsLoop(call)
            || (Delegates.FunctionOf(((IArgumentOperation)operation).Value) is not null
                && ForeignThreads.MayRunElsewhere(call.TargetMethod.Name)
                && ForeignThreads.Describe(call, call.SemanticModel!, default) is not null));

    private static ISymbol? CapturedBy(IOperation operation, IOperation function) => operation switch
    {
        ILocalReferenceOperation { IsDeclaration: false } local => IsOutside(local.Local, function) ? local.Local : null,
        IParameterReferenceOperation parameter => IsOutside(parameter.Parameter, function) ? parameter.Parameter : null,
        IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field
            when !Statics.IsPerThread(field.Field) => field.Field,
        IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation, Arguments.IsEmpty: true } read =>
            read.Property,
        // Read through an owned member, it is that one which is named.
        IInstanceReferenceOperation { Parent: IMemberReferenceOperation { Type: { } type } } when
            KnownTypes.IsLoopOwned(type) => null,
        IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } instance =>
            instance.Type,
        _ => null,
    };

    private static bool IsOutside(ISymbol symbol, IOperation function) =>
        symbol.DeclaringSyntaxReferences.Any(reference =>
            reference.SyntaxTree != function.Syntax.SyntaxTree || !function.Syntax.Span.Contains(reference.Span))
        || symbol.DeclaringSyntaxReferences.IsEmpty;

    // What any thread may do with it, and what does not touch it at all.
    private static bool IsHarmless(IOperation use)
    {
        var (value, user) = (use, use.Parent);
        while (user is IConversionOperation or IParenthesizedOperation)
            (value, user) = (user, user.Parent);
        return user switch
        {
            IInvocationOperation call => call.Instance == value && MayBeCalledAnywhere(call.TargetMethod),
            IMemberReferenceOperation member => member.Instance == value && MayBeReadAnywhere(member.Member),
            IConditionalAccessOperation access => access.Operation == value && IsHarmlessAccess(access.WhenNotNull),
            IIsPatternOperation pattern => pattern.Value == value,
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } => true,
            IAssignmentOperation assignment => assignment.Target == value,
            IArgumentOperation { Parent: IInvocationOperation call } =>
                call.TargetMethod.Name is "ReferenceEquals" or "KeepAlive",
            _ => false,
        };
    }

    private static bool IsHarmlessAccess(IOperation access) => access switch
    {
        IInvocationOperation { Instance: IConditionalAccessInstanceOperation } call =>
            MayBeCalledAnywhere(call.TargetMethod),
        IInvocationOperation { Instance: { } inner } => IsHarmlessAccess(inner),
        IMemberReferenceOperation { Instance: IConditionalAccessInstanceOperation } member =>
            MayBeReadAnywhere(member.Member),
        IMemberReferenceOperation { Instance: { } inner } => IsHarmlessAccess(inner),
        _ => false,
    };

    private static bool MayBeCalledAnywhere(IMethodSymbol method) =>
        method.IsStatic || method.Name is "DisposeAsync" or "GetHashCode" or "GetType" or "ToString" or "Equals";

    private static bool MayBeReadAnywhere(ISymbol member) =>
        member.IsStatic
        || KnownTypes.IsEventLoop((member as IPropertySymbol)?.Type ?? (member as IFieldSymbol)?.Type)
        || member is IFieldSymbol { IsReadOnly: true } || NeverChanges(member)
        || member.Name == "LocalEndPoint";

    private static bool NeverChanges(ISymbol member) =>
        member is IPropertySymbol { SetMethod: null or { IsInitOnly: true } } property
        && property.ContainingType.GetMembers().Any(candidate =>
            candidate is IFieldSymbol { IsReadOnly: true } field
            && SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));
}
