using System.Linq;
using System.Threading;
using IoPool.Analyzers.LoopCode;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Affinity;

/// <summary>What is handed to a loop by name: methods that nobody can await, and methods that leave the loop.</summary>
internal static class LoopArguments
{
    public static void Analyze(SyntaxNodeAnalysisContext context)
    {
        var syntax = (InvocationExpressionSyntax)context.Node;
        if (syntax.ArgumentList.Arguments.Count == 0
            || Names.NameOf(syntax.Expression) is not { } name
            || !LoopApis.MayRunOnLoop(name)
            || context.SemanticModel.GetOperation(syntax, context.CancellationToken) is not IInvocationOperation call
            || !LoopApis.RunsOnLoop(call.TargetMethod))
        {
            return;
        }

        foreach (var argument in call.Arguments)
        {
            if (Delegates.FunctionOf(argument.Value) is not { } function)
                continue;
            if (function is IMethodReferenceOperation reference && AsyncVoid.Is(reference.Method))
                AsyncVoid.Report(reference, reference.Method, context.ReportDiagnostic);
            else if (MethodOf(function) is { } started && LeavesLoop(started.Method, context))
                context.ReportDiagnostic(Diagnostic.Create(AffinityRules.LeavesLoop, Locations.Of(started.Syntax)));
        }
    }

    // The method that a loop starts: named, or called by a lambda that does nothing else.
    private static (IMethodSymbol Method, SyntaxNode Syntax)? MethodOf(IOperation function) => function switch
    {
        IMethodReferenceOperation reference => (reference.Method, reference.Syntax),
        IAnonymousFunctionOperation { Symbol.IsAsync: false, Body.Operations: { Length: 1 } only } =>
            only[0] is IReturnOperation { ReturnedValue: { } value } && Values.Strip(value) is IInvocationOperation call
                ? (call.TargetMethod, call.Syntax)
                : null,
        _ => null,
    };

    private static bool LeavesLoop(IMethodSymbol method, SyntaxNodeAnalysisContext context)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        method = method.PartialImplementationPart ?? method;
        if (!method.IsAsync
            || KnownNames.IsPinned(method)
            || KnownNames.FindBuilder(method) is not null
            || method.DeclaringSyntaxReferences.IsEmpty)
        {
            return false;
        }

        var syntax = method.DeclaringSyntaxReferences[0].GetSyntax(context.CancellationToken);
        return Mentions(syntax, "ConfigureAwait")
            && ModelOf(syntax.SyntaxTree, context) is { } model
            && model.GetOperation(syntax, context.CancellationToken) is { } body
            && HasLeavingAwait(body, model, context.CancellationToken);
    }

    private static bool Mentions(SyntaxNode syntax, string name) =>
        syntax.DescendantNodes().OfType<IdentifierNameSyntax>().Any(n => n.Identifier.ValueText == name);

    private static SemanticModel? ModelOf(SyntaxTree tree, SyntaxNodeAnalysisContext context)
    {
        if (tree == context.SemanticModel.SyntaxTree)
            return context.SemanticModel;
        // In an editor, a referenced project has syntax too.
#pragma warning disable RS1030 // The one method that a loop starts, and only where it says ConfigureAwait.
        return context.Compilation.ContainsSyntaxTree(tree) ? context.Compilation.GetSemanticModel(tree) : null;
#pragma warning restore RS1030
    }

    private static bool HasLeavingAwait(IOperation function, SemanticModel model, CancellationToken cancellation)
    {
        foreach (var child in function.ChildOperations)
        {
            if (child is ILocalFunctionOperation or IAnonymousFunctionOperation)
                continue;
            if (child is IInvocationOperation call && Resumptions.LeavesAwaited(call, model, cancellation))
                return true;
            if (HasLeavingAwait(child, model, cancellation))
                return true;
        }

        return false;
    }
}
