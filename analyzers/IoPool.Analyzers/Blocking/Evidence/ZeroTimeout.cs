using System;
using System.Collections.Immutable;
using System.Linq;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Blocking.Evidence;

/// <summary>Whether a call that waits is told not to.</summary>
internal static class ZeroTimeout
{
    /// <param name="arguments">Of the call.</param>
    /// <param name="isOnlyNumber">Whether a number among them can be nothing but the timeout, whatever it is called.</param>
    public static bool IsIn(ImmutableArray<IArgumentOperation> arguments, bool isOnlyNumber = false) =>
        arguments.Any(argument => argument.Parameter is { } parameter
            && (IsTimeout(parameter) || (isOnlyNumber && parameter.Type.SpecialType == SpecialType.System_Int32))
            && IsZero(argument.Value));

    private static bool IsTimeout(IParameterSymbol parameter) =>
        KnownTypes.IsInSystem(parameter.Type, "TimeSpan")
        || (parameter.Type.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64
            && (Has(parameter.Name, "timeout") || Has(parameter.Name, "seconds") || Has(parameter.Name, "wait")));

    private static bool Has(string name, string part) => name.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0;

    private static bool IsZero(IOperation operation)
    {
        var value = LocalValues.Resolve(operation);
        if (value is null)
            return false;
        if (value.ConstantValue is { HasValue: true, Value: { } constant })
            return IsZeroNumber(constant);
        return value switch
        {
            IFieldReferenceOperation { Field: { Name: "Zero" } field } => KnownTypes.IsInSystem(field.ContainingType, "TimeSpan"),
            IDefaultValueOperation => true,
            IObjectCreationOperation creation => creation.Arguments.All(static a => IsZero(a.Value)),
            IInvocationOperation { Arguments.Length: > 0 } call =>
                call.TargetMethod.Name.StartsWith("From", StringComparison.Ordinal)
                && KnownTypes.IsInSystem(call.TargetMethod.ContainingType, "TimeSpan")
                && call.Arguments.All(static a => IsZero(a.Value)),
            _ => false,
        };
    }

    private static bool IsZeroNumber(object constant) => constant switch
    {
        int number => number == 0,
        long number => number == 0,
        double number => number == 0,
        _ => false,
    };
}
