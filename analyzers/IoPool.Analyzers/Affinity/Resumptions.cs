using System;
using System.Linq;
using System.Threading;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Affinity;

/// <summary>IOP2002 and IOP2009: where an await goes on, and what ConfigureAwait has to do with it.</summary>
internal static class Resumptions
{
    private const int ContinueOnCapturedContext = 1;
    private const int SuppressThrowing = 2;
    private const int ForceYielding = 4;

    public static void Analyze(IInvocationOperation call, LoopBody body)
    {
        if (!IsConfigureAwait(call) || !IsAwaited(call))
            return;
        if (body.IsPinned)
        {
            if (OptionsOf(call) is not { } options || (options & (SuppressThrowing | ForceYielding)) == 0)
                Report(AffinityRules.PointlessConfigureAwait, call, body.Report);
        }
        else if (body.Method.IsAsync && Leaves(call, body.Model, body.Cancellation))
        {
            Report(AffinityRules.LeavesLoop, call, body.Report);
        }
    }

    /// <summary>Whether what follows this call's await is no longer on the loop, in ordinary code.</summary>
    public static bool LeavesAwaited(
        IInvocationOperation call, SemanticModel model, CancellationToken cancellation) =>
        IsConfigureAwait(call) && IsAwaited(call) && Leaves(call, model, cancellation);

    private static void Report(
        DiagnosticDescriptor rule, IInvocationOperation call, Action<Diagnostic> report) =>
        report(Diagnostic.Create(rule, Locations.Of(call.Syntax)));

    private static bool IsConfigureAwait(IInvocationOperation call) =>
        call.TargetMethod is { Name: "ConfigureAwait", ContainingType: { } type }
        && (KnownTypes.IsTask(type)
            || KnownTypes.IsValueTask(type)
            || KnownTypes.IsInTasks(type, "TaskAsyncEnumerableExtensions")
            || type.Name == "ConfiguredCancelableAsyncEnumerable");

    // Handed to somebody else, the configured awaiter may matter.
    private static bool IsAwaited(IInvocationOperation call)
    {
        IOperation value = call;
        while (true)
        {
            switch (value.Parent)
            {
                case IConversionOperation or IParenthesizedOperation:
                case IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "WithCancellation" } }:
                case IInvocationOperation { TargetMethod.Name: "WithCancellation" }:
                    value = value.Parent;
                    break;
                case IAwaitOperation:
                    return true;
                case IForEachLoopOperation loop:
                    return loop.Collection == value && loop.IsAsynchronous;
                case IUsingOperation statement:
                    return statement.Resources == value && statement.IsAsynchronous;
                case IVariableInitializerOperation initializer:
                    return IsOfAsyncUsing(initializer);
                default:
                    return false;
            }
        }
    }

    private static bool IsOfAsyncUsing(IVariableInitializerOperation initializer) =>
        initializer.Parent?.Parent?.Parent is IUsingDeclarationOperation { IsAsynchronous: true }
            or IUsingOperation { IsAsynchronous: true }
        || initializer.Parent?.Parent?.Parent?.Parent is IUsingDeclarationOperation { IsAsynchronous: true };

    // As ConfigureAwaitOptions; null where only the running program knows.
    private static int? OptionsOf(IInvocationOperation call)
    {
        var argument = call.Arguments.FirstOrDefault(static a =>
            a.Parameter?.Type is { SpecialType: SpecialType.System_Boolean } or { Name: "ConfigureAwaitOptions" });
        return argument?.Value.ConstantValue is not { HasValue: true, Value: { } constant }
            ? argument?.Parameter?.Type.SpecialType == SpecialType.System_Boolean ? null : SuppressThrowing
            : constant is bool continues ? (continues ? ContinueOnCapturedContext : 0) : Convert.ToInt32(constant);
    }

    private static bool Leaves(
        IInvocationOperation call, SemanticModel model, CancellationToken cancellation)
    {
        // What is not constant may be anything.
        if ((OptionsOf(call) ?? ContinueOnCapturedContext) is var options
            && (options & ContinueOnCapturedContext) != 0)
        {
            return false;
        }

        if (call.Arguments.Any(static a => a.Parameter?.Name == "options" && !a.Value.ConstantValue.HasValue))
            return false;
        var awaited = call.Instance ?? call.Arguments.FirstOrDefault()?.Value;
        return awaited is not null && !EndsHere(Values.Strip(awaited), model, cancellation);
    }

    // Ends at once, or on the loop where it was registered.
    private static bool EndsHere(
        IOperation awaited, SemanticModel model, CancellationToken cancellation, int localsLeft = Values.MaxLocals) =>
        awaited switch
        {
            IInvocationOperation call => Values.IsOfRuntime(call.TargetMethod)
                || call.TargetMethod.Name is "FromResult"
                || IsPassedOn(call, model, cancellation, localsLeft),
            IPropertyReferenceOperation { Property.Name: "CompletedTask" } => true,
            ILocalReferenceOperation local => localsLeft > 0
                && Values.InitializerOf(local.Local, model, cancellation) is { } value
                && EndsHere(Values.Strip(value), model, cancellation, localsLeft - 1),
            // A loop-owned stream or sequence of the runtime's.
            { Type: { } type } when KnownTypes.IsLoopOwned(type) => true,
            _ => false,
        };

    // AsTask() of an operation completes like any task; Preserve() stays what it is.
    private static bool IsPassedOn(
        IInvocationOperation call, SemanticModel model, CancellationToken cancellation, int localsLeft) =>
        call is { TargetMethod.Name: "Preserve" or "WithCancellation" }
        && (call.Instance ?? call.Arguments.FirstOrDefault()?.Value) is { } inner
        && EndsHere(Values.Strip(inner), model, cancellation, localsLeft);
}
