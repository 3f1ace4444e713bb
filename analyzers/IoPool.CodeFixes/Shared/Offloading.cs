using System.Collections.Generic;
using System.Linq;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.CodeFixes;

/// <summary>Wraps what blocks in <c>await Offload.RunAsync(() => ...)</c>.</summary>
internal static class Offloading
{
    public static IEnumerable<SyntaxNode> Change(FixSite site)
    {
        if (Calls.Whole(site.Node) is not { } call || !CanMove(call = Widen(call), site))
            yield break;
        var work = SyntaxFactory.ParenthesizedLambdaExpression(
                SyntaxFactory.ParameterList(), block: null, expressionBody: Trivia.Trim(call))
            .WithArrowToken(SyntaxFactory.Token(Trivia.Space, SyntaxKind.EqualsGreaterThanToken, Trivia.Space));
        var offloaded = SyntaxFactory.InvocationExpression(
            SyntaxFactory.MemberAccessExpression(
                SyntaxKind.SimpleMemberAccessExpression,
                SyntaxFactory.IdentifierName("Offload"),
                SyntaxFactory.IdentifierName("RunAsync")),
            SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(work))));
        yield return site.WithType(Awaits.Replace(site.Root, call, offloaded), "Offload", "IoPool");
    }

    // Up to what has a value: all of 'x?.Read()', all of 'x.Name = y' where it is the setter that blocks.
    private static ExpressionSyntax Widen(ExpressionSyntax call)
    {
        if (Calls.IsConditional(call)
            && call.Ancestors().OfType<ConditionalAccessExpressionSyntax>()
                .FirstOrDefault(access => access.WhenNotNull.Span.Contains(call.Span)) is { } conditional)
        {
            return conditional;
        }

        return call.Parent is AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax } assignment
            && assignment.Left == call
                ? assignment
                : call;
    }

    // What gives a task started on the loop, or is enumerated there, goes on to block on the loop.
    private static bool CanMove(ExpressionSyntax call, FixSite site) =>
        Awaits.AreAllowedAt(call, site.Model)
        && call.Parent is not (CommonForEachStatementSyntax or AwaitExpressionSyntax or MemberBindingExpressionSyntax)
        && !IsTask(site.TypeOf(call))
        && !call.DescendantNodesAndSelf().Any(node => IsLoopOwned(node, site));

    private static bool IsTask(ITypeSymbol? type) =>
        KnownTypes.IsTask(type)
        || KnownTypes.IsValueTask(type)
        || type is { Name: "IAsyncEnumerable" or "IAsyncEnumerator" };

    // The third law: another thread may not touch it.
    private static bool IsLoopOwned(SyntaxNode node, FixSite site) =>
        node is ExpressionSyntax expression && KnownTypes.IsLoopOwned(site.TypeOf(expression));
}
