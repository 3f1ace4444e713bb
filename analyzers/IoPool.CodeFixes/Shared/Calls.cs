using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.CodeFixes;

/// <summary>From the name that a diagnostic is at to the expression that it names, and through that.</summary>
internal static class Calls
{
    /// <summary>The whole call, read or creation, without what follows it.</summary>
    public static ExpressionSyntax? Whole(SyntaxNode node)
    {
        if (node is not ExpressionSyntax name)
            return null;
        var whole = name switch
        {
            SimpleNameSyntax { Parent: MemberAccessExpressionSyntax access } when access.Name == name => access,
            SimpleNameSyntax { Parent: MemberBindingExpressionSyntax binding } => binding,
            SimpleNameSyntax { Parent: QualifiedNameSyntax qualified } when qualified.Right == name => qualified,
            _ => name,
        };
        return whole.Parent switch
        {
            ObjectCreationExpressionSyntax creation when creation.Type == whole => creation,
            InvocationExpressionSyntax invocation when invocation.Expression == whole => invocation,
            _ => whole,
        };
    }

    /// <summary>What a member is called or read on: <c>x</c> of <c>x.Read()</c>.</summary>
    public static ExpressionSyntax? Receiver(ExpressionSyntax? expression) => expression switch
    {
        InvocationExpressionSyntax invocation => Receiver(invocation.Expression),
        MemberAccessExpressionSyntax access => access.Expression,
        _ => null,
    };

    /// <summary>Whether an expression is the end of a chain with <c>?.</c>, and so has no value of its own.</summary>
    public static bool IsConditional(ExpressionSyntax expression)
    {
        ExpressionSyntax? current = expression;
        while (current is not null)
        {
            switch (current)
            {
                case MemberBindingExpressionSyntax or ElementBindingExpressionSyntax:
                    return true;
                case InvocationExpressionSyntax invocation:
                    current = invocation.Expression;
                    break;
                case MemberAccessExpressionSyntax access:
                    current = access.Expression;
                    break;
                case ElementAccessExpressionSyntax access:
                    current = access.Expression;
                    break;
                case PostfixUnaryExpressionSyntax postfix:
                    current = postfix.Operand;
                    break;
                default:
                    return false;
            }
        }

        return false;
    }

    /// <summary>Whether nobody uses the value: a statement of its own, or given to a discard.</summary>
    public static bool IsStatement(ExpressionSyntax expression) =>
        expression.Parent is ExpressionStatementSyntax
        || (expression.Parent is AssignmentExpressionSyntax
        {
            Left: IdentifierNameSyntax { Identifier.ValueText: "_" },
            Parent: ExpressionStatementSyntax
        } assignment && assignment.Right == expression);

    /// <summary>The statement's expression: the call itself, or the assignment to a discard that holds it.</summary>
    public static ExpressionSyntax WithDiscard(ExpressionSyntax expression) =>
        expression.Parent is AssignmentExpressionSyntax assignment ? assignment : expression;

    /// <summary>The same call of another member.</summary>
    public static InvocationExpressionSyntax? Rename(ExpressionSyntax call, string name) => call switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } invocation =>
            invocation.WithExpression(access.WithName(Rename(access.Name, name))),
        InvocationExpressionSyntax { Expression: SimpleNameSyntax simple } invocation =>
            invocation.WithExpression(Rename(simple, name)),
        _ => null,
    };

    private static SimpleNameSyntax Rename(SimpleNameSyntax old, string name) =>
        old.WithIdentifier(Microsoft.CodeAnalysis.CSharp.SyntaxFactory.Identifier(name).WithTriviaFrom(old.Identifier));
}
