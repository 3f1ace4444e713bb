using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.CodeFixes;

/// <summary>Where an <c>await</c> may stand, and how it is written there.</summary>
internal static class Awaits
{
    /// <summary>
    /// Whether the function around a node is async and nothing that lives on the stack would have to be kept. The
    /// compiler says the rest: locks, filters, queries.
    /// </summary>
    public static bool AreAllowedAt(SyntaxNode node, SemanticModel model) =>
        IsInAsyncFunction(node) && !StackOnly.IsNeededAcross(node, model);

    /// <summary>The root with an await of something in the place of an expression.</summary>
    public static SyntaxNode Replace(SyntaxNode root, ExpressionSyntax old, ExpressionSyntax awaited) =>
        root.ReplaceNode(old, InPlaceOf(old, awaited));

    public static ExpressionSyntax InPlaceOf(ExpressionSyntax old, ExpressionSyntax awaited)
    {
        ExpressionSyntax result = SyntaxFactory.AwaitExpression(
            SyntaxFactory.Token(default, SyntaxKind.AwaitKeyword, Trivia.Space), Trivia.Trim(awaited));
        if (NeedsParentheses(old))
            result = SyntaxFactory.ParenthesizedExpression(result);
        var behind = result.GetTrailingTrivia().AddRange(Trivia.LostComments(old, awaited));
        if (behind.LastOrDefault().IsKind(SyntaxKind.EndOfLineTrivia))
            behind = behind.Add(SyntaxFactory.Whitespace(Layout.IndentOf(old.GetLastToken())));
        return result
            .WithLeadingTrivia(old.GetLeadingTrivia())
            .WithTrailingTrivia(behind.AddRange(old.GetTrailingTrivia()));
    }

    /// <summary>A statement <c>await ...;</c> with the space around another one.</summary>
    public static StatementSyntax Statement(ExpressionSyntax awaited) =>
        SyntaxFactory.ExpressionStatement(SyntaxFactory.AwaitExpression(
            SyntaxFactory.Token(default, SyntaxKind.AwaitKeyword, Trivia.Space), awaited));

    private static bool IsInAsyncFunction(SyntaxNode node)
    {
        foreach (var ancestor in node.AncestorsAndSelf())
        {
            switch (ancestor)
            {
                case AnonymousFunctionExpressionSyntax function:
                    return function.AsyncKeyword != default;
                case LocalFunctionStatementSyntax function:
                    return function.Modifiers.Any(SyntaxKind.AsyncKeyword);
                case MethodDeclarationSyntax method:
                    return method.Modifiers.Any(SyntaxKind.AsyncKeyword) && !IsInSignature(node, method);
                case GlobalStatementSyntax:
                    return true;
                case MemberDeclarationSyntax or AccessorDeclarationSyntax:
                    return false;
            }
        }

        return false;
    }

    private static bool IsInSignature(SyntaxNode node, MethodDeclarationSyntax method) =>
        method.AttributeLists.Any(list => list.Span.Contains(node.Span))
        || method.ParameterList.Span.Contains(node.Span);

    // An await binds less than what can follow a primary expression, and more than everything else.
    private static bool NeedsParentheses(ExpressionSyntax old) => old.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Expression == old,
        ElementAccessExpressionSyntax access => access.Expression == old,
        InvocationExpressionSyntax invocation => invocation.Expression == old,
        ConditionalAccessExpressionSyntax access => access.Expression == old,
        PostfixUnaryExpressionSyntax => true,
        _ => false,
    };
}
