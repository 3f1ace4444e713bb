using System;
using System.Linq;
using IoPool.Analyzers.Blocking.Evidence;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Blocking;

/// <summary>Whether ordinary async code is off its loop by the time it gets somewhere.</summary>
internal static class LoopExits
{
    public static bool HasLeft(IOperation operation) =>
        Order.Before(operation).Any(static earlier => Order.SurelyRuns(earlier, IsExit));

    /// <summary>
    /// An await that ignores the loop's context. What a loop itself completes comes back to it all the same.
    /// </summary>
    public static bool IsExit(IOperation operation) =>
        operation is IAwaitOperation { Operation: { } awaited }
        && ValueKey.Unwrap(awaited) is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } configured
        && LeavesContext(configured)
        && !IsOfLoop(ValueKey.Unwrap(ValueKey.SourceOf(configured)));

    private static bool LeavesContext(IInvocationOperation configured) =>
        configured.Arguments.LastOrDefault()?.Value is { ConstantValue: { HasValue: true, Value: { } value } } argument
        && (value is bool flag
            ? !flag
            // ConfigureAwaitOptions.ContinueOnCapturedContext
            : argument.Type?.Name == "ConfigureAwaitOptions" && (Convert.ToInt32(value) & 1) == 0);

    private static bool IsOfLoop(IOperation? awaited)
    {
        if (LocalValues.Resolve(awaited) is not IInvocationOperation { TargetMethod: { } method })
            return false;
        if (KnownNames.IsPinned(method))
            return true;
        for (var space = method.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            if (space.Name == "IoPool" && space.ContainingNamespace.IsGlobalNamespace)
                return method.DeclaringSyntaxReferences.IsEmpty;
        }

        return false;
    }
}
