using System.Linq;
using System.Threading;
using IoPool.Analyzers.LoopCode;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Affinity;

/// <summary>Ordinary methods that a loop starts: those that nobody can await, and those that leave the loop.</summary>
internal static class StartedMethods
{
    public static void Analyze(LoopMethodGroup group)
    {
        var method = group.Reference.Method;
        if (AsyncVoid.Is(method))
            AsyncVoid.Report(group.Reference, method, group.Report);
        else if (LeavesLoop(method, group.Reference.SemanticModel, group.Cancellation))
            group.Report(Diagnostic.Create(AffinityRules.LeavesLoop, Locations.Of(group.Reference.Syntax)));
    }

    /// <summary>A lambda that does nothing but call the method is as good as its name.</summary>
    public static void Analyze(LoopBody body)
    {
        if (body is { IsPinned: false, Operation: IAnonymousFunctionOperation { Symbol.IsAsync: false } lambda }
            && lambda.Body.Operations is { Length: 1 } only
            && only[0] is IReturnOperation { ReturnedValue: { } value }
            && Values.Strip(value) is IInvocationOperation call
            && LeavesLoop(call.TargetMethod, body.Model, body.Cancellation))
        {
            body.Report(Diagnostic.Create(AffinityRules.LeavesLoop, Locations.Of(call.Syntax)));
        }
    }

    private static bool LeavesLoop(IMethodSymbol method, SemanticModel? here, CancellationToken cancellation)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        method = method.PartialImplementationPart ?? method;
        if (here is null
            || !method.IsAsync
            || KnownNames.IsPinned(method)
            || KnownNames.FindBuilder(method) is not null
            || method.DeclaringSyntaxReferences.IsEmpty)
        {
            return false;
        }

        var syntax = method.DeclaringSyntaxReferences[0].GetSyntax(cancellation);
        return Mentions(syntax, "ConfigureAwait")
            && ModelOf(syntax.SyntaxTree, here) is { } model
            && model.FindOperation(syntax, cancellation) is { } body
            && HasLeavingAwait(body, model, cancellation);
    }

    private static bool Mentions(SyntaxNode syntax, string name) =>
        syntax.DescendantNodes().OfType<IdentifierNameSyntax>().Any(n => n.Identifier.ValueText == name);

    private static SemanticModel? ModelOf(SyntaxTree tree, SemanticModel here)
    {
        if (tree == here.SyntaxTree)
            return here;
        // In an editor, a referenced project has syntax too.
#pragma warning disable RS1030 // The one method that a loop starts, and only where it says ConfigureAwait.
        return here.Compilation.ContainsSyntaxTree(tree) ? here.Compilation.GetSemanticModel(tree) : null;
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
