using System;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Affinity;

/// <summary>IOP2007: async code that returns nothing to await.</summary>
internal static class AsyncVoid
{
    /// <summary>Whether a method of this compilation is async void.</summary>
    public static bool Is(IMethodSymbol method) =>
        method.ReturnsVoid && (method.PartialImplementationPart ?? method).IsAsync;

    /// <summary>A lambda that was handed to a loop, as <c>loop.Post(async () => ...)</c>.</summary>
    public static void AnalyzeRoot(LoopBody body)
    {
        if (body.Operation is IAnonymousFunctionOperation lambda && Is(lambda.Symbol))
            ReportLambda(lambda, "use Spawn, which takes a method that returns ValueTask", body.Report);
    }

    public static void Analyze(IOperation operation, Action<Diagnostic> report)
    {
        switch (operation)
        {
            case IAnonymousFunctionOperation lambda when Is(lambda.Symbol) && !IsElsewhere(lambda):
                ReportLambda(lambda, "hand it to something that takes a Func<Task> or a Func<ValueTask>", report);
                break;
            case IMethodReferenceOperation reference when Is(reference.Method) && !IsElsewhere(reference):
                Report(reference, reference.Method, report);
                break;
            case IInvocationOperation call when Is(call.TargetMethod):
                Report(call, call.TargetMethod, report);
                break;
        }
    }

    public static void Report(IOperation operation, IMethodSymbol method, Action<Diagnostic> report) =>
        report(Diagnostic.Create(
            AffinityRules.AsyncVoid,
            Locations.Of(operation.Syntax),
            $"'{method.Name}' is async void",
            "let it return ValueTask and await it, or Spawn it"));

    private static void ReportLambda(IAnonymousFunctionOperation lambda, string advice, Action<Diagnostic> report)
    {
        var location = lambda.Syntax is AnonymousFunctionExpressionSyntax { AsyncKeyword: { RawKind: not 0 } keyword }
            ? keyword.GetLocation()
            : lambda.Syntax.GetLocation();
        report(Diagnostic.Create(AffinityRules.AsyncVoid, location, "This async lambda becomes async void", advice));
    }

    // Event handlers are what async void is for, and what is handed to a loop is looked at there.
    private static bool IsElsewhere(IOperation function)
    {
        var user = function.Parent;
        while (user is IConversionOperation or IDelegateCreationOperation or IParenthesizedOperation)
            user = user.Parent;
        return user is IEventAssignmentOperation
            || (user is IArgumentOperation { Parent: IInvocationOperation call }
                && LoopApis.RunsOnLoop(call.TargetMethod));
    }
}
