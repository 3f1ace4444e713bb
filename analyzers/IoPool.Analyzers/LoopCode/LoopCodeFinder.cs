using System;
using IoPool.Analyzers.Blocking.Evidence;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.LoopCode;

/// <summary>
/// Finds the bodies that run on a loop: pinned methods, and lambdas that are handed to the runtime's loop APIs.
/// </summary>
/// <remarks>
/// By syntax first: an operation action would make the compiler build the operations of every body of the project, and
/// nearly none of them runs on a loop.
/// </remarks>
internal static class LoopCodeFinder
{
    /// <summary>Calls back for every such body, in the analysis of the very block that has it.</summary>
    /// <param name="start">The compilation to look through.</param>
    /// <param name="analyze">Called for every body.</param>
    /// <param name="analyzeMethodGroup">Called for every method that is handed to a loop by its name.</param>
    public static void Register(
        CompilationStartAnalysisContext start,
        Action<LoopBody> analyze,
        Action<LoopMethodGroup>? analyzeMethodGroup = null)
    {
        start.RegisterCodeBlockAction(context => AnalyzeBlock(context, analyze));
        start.RegisterSyntaxNodeAction(context => AnalyzeCall(context, analyze, analyzeMethodGroup), SyntaxKind.InvocationExpression);
        start.RegisterSyntaxNodeAction(
            context => AnalyzeFunction(context, analyze),
            SyntaxKind.LocalFunctionStatement,
            SyntaxKind.ParenthesizedLambdaExpression);
    }

    private static void AnalyzeBlock(CodeBlockAnalysisContext context, Action<LoopBody> analyze)
    {
        if (context.OwningSymbol is not IMethodSymbol method || !KnownNames.IsPinned(method))
            return;
        if (context.SemanticModel.FindOperation(context.CodeBlock, context.CancellationToken) is { } body)
        {
            analyze(new LoopBody(
                method, body, context.SemanticModel, isPinned: true, context.Options, context.ReportDiagnostic,
                context.CancellationToken));
        }
    }

    private static void AnalyzeCall(
        SyntaxNodeAnalysisContext context, Action<LoopBody> analyze, Action<LoopMethodGroup>? analyzeMethodGroup)
    {
        var call = (InvocationExpressionSyntax)context.Node;
        if (call.ArgumentList.Arguments.Count == 0
            || Names.NameOf(call.Expression) is not { } name
            || !LoopApis.MayRunOnLoop(name)
            || context.SemanticModel.FindOperation(call, context.CancellationToken)
                is not IInvocationOperation invocation
            || !LoopApis.RunsOnLoop(invocation.TargetMethod))
        {
            return;
        }

        foreach (var argument in invocation.Arguments)
        {
            // A delegate that is the state of another one is not run by the loop.
            if (argument.Parameter?.OriginalDefinition.Type.TypeKind != TypeKind.Delegate)
                continue;
            switch (Delegates.FunctionOf(argument.Value) ?? FunctionOfLocal(argument.Value))
            {
                case IAnonymousFunctionOperation lambda when !KnownNames.IsPinned(lambda.Symbol):
                    Analyze(lambda, lambda.Symbol, context, analyze);
                    break;
                case IMethodReferenceOperation { Method: { } method } reference when !KnownNames.IsPinned(method):
                    analyzeMethodGroup?.Invoke(new LoopMethodGroup(reference, invocation, context));
                    break;
            }
        }
    }

    private static IOperation? FunctionOfLocal(IOperation value) =>
        LocalValues.Resolve(value) is { } kept ? Delegates.FunctionOf(kept) : null;

    // Pinned by hand, with the builder's attribute beside [Pinned]; the generator says so where that is missing.
    private static void AnalyzeFunction(SyntaxNodeAnalysisContext context, Action<LoopBody> analyze)
    {
        var isMarked = context.Node switch
        {
            LocalFunctionStatementSyntax function => function.AttributeLists.Count > 0,
            ParenthesizedLambdaExpressionSyntax lambda => lambda.AttributeLists.Count > 0,
            _ => false,
        };
        if (!isMarked)
            return;
        var operation = context.SemanticModel.FindOperation(context.Node, context.CancellationToken);
        var symbol = operation switch
        {
            ILocalFunctionOperation local => local.Symbol,
            IAnonymousFunctionOperation lambda => lambda.Symbol,
            _ => null,
        };
        if (symbol is not null && KnownNames.IsPinned(symbol))
            Analyze(operation!, symbol, context, analyze);
    }

    private static void Analyze(
        IOperation function, IMethodSymbol symbol, SyntaxNodeAnalysisContext context, Action<LoopBody> analyze)
    {
        var isPinned = KnownNames.IsPinned(symbol)
            || KnownNames.IsPinnedBuilder(
                KnownNames.FindBuilder(symbol)?.ConstructorArguments[0].Value as ITypeSymbol);
        analyze(new LoopBody(
            symbol, function, context.SemanticModel, isPinned, context.Options, context.ReportDiagnostic,
            context.CancellationToken));
    }
}
