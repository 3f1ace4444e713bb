using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Analyzers.LoopCode;

internal static class Names
{
    /// <summary>The token that names what is called or read: the last name of the expression, if it has one.</summary>
    public static SyntaxToken? NameTokenOf(SyntaxNode expression) => expression switch
    {
        SimpleNameSyntax name => name.Identifier,
        MemberAccessExpressionSyntax access => access.Name.Identifier,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier,
        ConditionalAccessExpressionSyntax conditional => NameTokenOf(conditional.WhenNotNull),
        InvocationExpressionSyntax invocation => NameTokenOf(invocation.Expression),
        QualifiedNameSyntax qualified => qualified.Right.Identifier,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier,
        ParenthesizedExpressionSyntax parenthesized => NameTokenOf(parenthesized.Expression),
        PostfixUnaryExpressionSyntax postfix when postfix.IsKind(SyntaxKind.SuppressNullableWarningExpression) =>
            NameTokenOf(postfix.Operand),
        _ => null,
    };

    public static string? NameOf(SyntaxNode expression) => NameTokenOf(expression)?.ValueText;
}
