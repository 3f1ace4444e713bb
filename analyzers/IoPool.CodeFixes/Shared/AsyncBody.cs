using System.Collections.Generic;
using System.Linq;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.CodeFixes;

/// <summary>The body of a method that returned tasks, as that of an async one: what it returned, it awaits.</summary>
internal static class AsyncBody
{
    public static MethodDeclarationSyntax Of(MethodDeclarationSyntax method, SemanticModel model)
    {
        if (method.ExpressionBody is { } arrow)
            return OfExpression(method, arrow, model);
        var isLast = method.Body!.Statements.LastOrDefault();
        var returns = method.Body.DescendantNodes(static node =>
                node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
            .OfType<ReturnStatementSyntax>()
            .Where(static statement => statement.Expression is not null)
            .ToArray();
        return method.ReplaceNodes(
            returns.Select(static statement => statement.Parent is BlockSyntax ? statement.Parent : statement)
                .Distinct()
                .OrderByDescending(static node => node.SpanStart)
                .ToArray(),
            (old, rewritten) => rewritten is BlockSyntax block
                ? block.WithStatements(SyntaxFactory.List(Pair((BlockSyntax)old, block)
                    .SelectMany(pair => pair.Old is ReturnStatementSyntax { Expression: not null } statement
                        ? Statements(statement, isLast == statement, model)
                        : [pair.New])))
                : InOne(Statements((ReturnStatementSyntax)old, isLast: false, model)));
    }

    private static IEnumerable<(StatementSyntax Old, StatementSyntax New)> Pair(
        BlockSyntax old, BlockSyntax rewritten) =>
        old.Statements.Zip(rewritten.Statements, static (left, right) => (left, right));

    private static MethodDeclarationSyntax OfExpression(
        MethodDeclarationSyntax method, ArrowExpressionClauseSyntax arrow, SemanticModel model)
    {
        if (arrow.Expression is ThrowExpressionSyntax)
            return method;
        if (Value(arrow.Expression, model) is { } value)
            return method.WithExpressionBody(arrow.WithExpression(value.WithTriviaFrom(arrow.Expression)));
        if (IsFinished(arrow.Expression, model))
        {
            return method.WithExpressionBody(null).WithSemicolonToken(default).WithBody(SyntaxFactory.Block(
                SyntaxFactory.Token(default, SyntaxKind.OpenBraceToken, Trivia.Space),
                default,
                SyntaxFactory.Token(default, SyntaxKind.CloseBraceToken, method.SemicolonToken.TrailingTrivia)));
        }

        return method.WithExpressionBody(arrow.WithExpression(Await(arrow.Expression)));
    }

    private static IEnumerable<StatementSyntax> Statements(
        ReturnStatementSyntax statement, bool isLast, SemanticModel model)
    {
        var expression = statement.Expression!;
        if (Value(expression, model) is { } value)
            return [statement.WithExpression(value.WithTriviaFrom(expression))];
        var bare = statement.WithExpression(null)
            .WithReturnKeyword(statement.ReturnKeyword.WithTrailingTrivia());
        if (IsFinished(expression, model))
            return [bare];
        if (HasResult(expression, model))
            return [statement.WithExpression(Await(expression))];
        var awaited = SyntaxFactory.ExpressionStatement(Await(expression)).WithTriviaFrom(statement);
        return isLast
            ? [awaited]
            : [awaited, bare.WithLeadingTrivia(IndentOf(statement)).WithTrailingTrivia(awaited.GetTrailingTrivia())];
    }

    private static StatementSyntax InOne(IEnumerable<StatementSyntax> statements)
    {
        var all = statements.ToArray();
        return all.Length == 1
            ? all[0]
            : SyntaxFactory.Block(all.Select(static s => Trivia.Trim(s).WithTrailingTrivia(SyntaxFactory.Space)))
                .WithOpenBraceToken(SyntaxFactory.Token(default, SyntaxKind.OpenBraceToken, Trivia.Space))
                .WithLeadingTrivia(all[0].GetLeadingTrivia())
                .WithTrailingTrivia(all[0].GetTrailingTrivia());
    }

    private static IEnumerable<SyntaxTrivia> IndentOf(SyntaxNode node) =>
        node.GetLeadingTrivia().Reverse().TakeWhile(static t => t.IsKind(SyntaxKind.WhitespaceTrivia));

    private static ExpressionSyntax Await(ExpressionSyntax expression)
    {
        var operand = expression is PostfixUnaryExpressionSyntax or InvocationExpressionSyntax
            or MemberAccessExpressionSyntax or IdentifierNameSyntax or ElementAccessExpressionSyntax
            or BaseObjectCreationExpressionSyntax or ParenthesizedExpressionSyntax or CastExpressionSyntax
            ? expression.WithoutLeadingTrivia()
            : SyntaxFactory.ParenthesizedExpression(expression.WithoutTrivia());
        return SyntaxFactory.AwaitExpression(
                SyntaxFactory.Token(default, SyntaxKind.AwaitKeyword, Trivia.Space), operand)
            .WithTriviaFrom(expression);
    }

    // The value of a task that is there already: 'new ValueTask<int>(5)', 'Task.FromResult(5)'.
    private static ExpressionSyntax? Value(ExpressionSyntax expression, SemanticModel model)
    {
        var (arguments, isMade) = expression switch
        {
            BaseObjectCreationExpressionSyntax creation => (creation.ArgumentList, true),
            InvocationExpressionSyntax call when Names.NameOf(call) == "FromResult" => (call.ArgumentList, true),
            _ => (null, false),
        };
        if (IsDefault(expression) && HasResult(expression, model))
            return SyntaxFactory.LiteralExpression(SyntaxKind.DefaultLiteralExpression);
        return isMade && HasResult(expression, model) && arguments is { Arguments: { Count: 1 } list }
            && TypeOf(list[0].Expression, model) is var type && !KnownTypes.IsTask(type)
                ? list[0].Expression
                : null;
    }

    private static bool IsFinished(ExpressionSyntax expression, SemanticModel model) =>
        !HasResult(expression, model)
        && (IsDefault(expression)
            || Names.NameOf(expression) == "CompletedTask"
            || expression is BaseObjectCreationExpressionSyntax { ArgumentList: null or { Arguments.Count: 0 } });

    private static bool IsDefault(ExpressionSyntax expression) =>
        expression is DefaultExpressionSyntax || expression.IsKind(SyntaxKind.DefaultLiteralExpression);

    private static bool HasResult(ExpressionSyntax expression, SemanticModel model) =>
        TypeOf(expression, model) is INamedTypeSymbol { Arity: 1 };

    private static ITypeSymbol? TypeOf(ExpressionSyntax expression, SemanticModel model)
    {
        var info = model.GetTypeInfo(expression);
        return info.Type ?? info.ConvertedType;
    }
}
