using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Blocking.Evidence;

/// <summary>
/// Tells whether two expressions read the same value: a path of locals, parameters, fields, properties and elements.
/// </summary>
internal static class ValueKey
{
    public static bool AreSame(IOperation? left, IOperation? right)
    {
        left = Unwrap(left);
        right = Unwrap(right);
        return (left, right) switch
        {
            (ILocalReferenceOperation a, ILocalReferenceOperation b) => Same(a.Local, b.Local),
            (IParameterReferenceOperation a, IParameterReferenceOperation b) => Same(a.Parameter, b.Parameter),
            (IFieldReferenceOperation a, IFieldReferenceOperation b) =>
                Same(a.Field, b.Field) && AreSameOrAbsent(a.Instance, b.Instance),
            (IPropertyReferenceOperation a, IPropertyReferenceOperation b) =>
                Same(a.Property, b.Property) && AreSameOrAbsent(a.Instance, b.Instance) && AreSameArguments(a, b),
            (IArrayElementReferenceOperation a, IArrayElementReferenceOperation b) =>
                AreSame(a.ArrayReference, b.ArrayReference)
                && a.Indices.Length == 1 && b.Indices.Length == 1
                && AreSame(a.Indices[0], b.Indices[0]),
            (IInstanceReferenceOperation a, IInstanceReferenceOperation b) => a.ReferenceKind == b.ReferenceKind,
            (ILiteralOperation a, ILiteralOperation b) =>
                a.ConstantValue.HasValue && Equals(a.ConstantValue.Value, b.ConstantValue.Value),
            (IAwaitOperation, IAwaitOperation) => left!.Syntax == right!.Syntax,
            _ => false,
        };
    }

    /// <summary>The value without conversions, parentheses and null checks, with conditional receivers put in.</summary>
    public static IOperation? Unwrap(IOperation? value)
    {
        while (value is not null)
        {
            value = Values.Strip(value);
            if (value is not IConditionalAccessInstanceOperation instance)
                break;
            value = ReceiverOf(instance);
        }

        return value;
    }

    /// <summary>The symbol at the start of a path, through elements, members and the calls of a LINQ chain.</summary>
    public static ISymbol? RootOf(IOperation? value)
    {
        while (true)
        {
            value = Unwrap(value);
            switch (value)
            {
                case ILocalReferenceOperation local:
                    return local.Local;
                case IParameterReferenceOperation parameter:
                    return parameter.Parameter;
                case IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field:
                    return field.Field;
                case IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation } property:
                    return property.Property;
                case IFieldReferenceOperation field:
                    value = field.Instance;
                    break;
                case IPropertyReferenceOperation property:
                    value = property.Instance;
                    break;
                case IArrayElementReferenceOperation element:
                    value = element.ArrayReference;
                    break;
                case IImplicitIndexerReferenceOperation indexer:
                    value = indexer.Instance;
                    break;
                case IInvocationOperation invocation when SourceOf(invocation) is { } source:
                    value = source;
                    break;
                default:
                    return null;
            }
        }
    }

    /// <summary>The receiver of a call, the first argument for an extension method.</summary>
    public static IOperation? SourceOf(IInvocationOperation invocation) =>
        invocation.Instance
        ?? (invocation.TargetMethod.IsExtensionMethod && invocation.Arguments.Length > 0
            ? invocation.Arguments[0].Value
            : null);

    private static IOperation? ReceiverOf(IConditionalAccessInstanceOperation instance)
    {
        for (var parent = instance.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IConditionalAccessOperation access && access.Operation.Syntax == instance.Syntax)
                return access.Operation;
        }

        return null;
    }

    private static bool AreSameOrAbsent(IOperation? left, IOperation? right) =>
        (left is null && right is null) || AreSame(left, right);

    private static bool AreSameArguments(IPropertyReferenceOperation left, IPropertyReferenceOperation right)
    {
        for (var i = 0; i < left.Arguments.Length; i++)
        {
            if (!AreSame(left.Arguments[i].Value, right.Arguments[i].Value))
                return false;
        }

        return true;
    }

    private static bool Same(ISymbol left, ISymbol right) => SymbolEqualityComparer.Default.Equals(left, right);
}
