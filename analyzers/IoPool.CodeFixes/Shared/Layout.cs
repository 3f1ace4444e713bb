using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.CodeFixes;

/// <summary>Lines and indentation of what is added.</summary>
internal static class Layout
{
    /// <summary>The white space before the first token of a node's line.</summary>
    public static string IndentOf(SyntaxNode node) => IndentOf(node.GetFirstToken());

    /// <summary>The white space before the first token of a token's line.</summary>
    public static string IndentOf(SyntaxToken token)
    {
        var line = token.SyntaxTree!.GetText().Lines.GetLineFromPosition(token.SpanStart).ToString();
        return line.Substring(0, line.Length - line.TrimStart().Length);
    }

    /// <summary>The root with a statement before what a loop's body has.</summary>
    public static SyntaxNode AddFirst(SyntaxNode root, StatementSyntax body, StatementSyntax added)
    {
        var newLine = Trivia.EndOfLine(root);
        if (body is BlockSyntax block && block.Statements.Any() && IsOnLineOfItsOwn(block.Statements[0]))
        {
            var indent = SyntaxFactory.Whitespace(IndentOf(block.Statements[0]));
            var first = added.WithLeadingTrivia(indent).WithTrailingTrivia(newLine);
            return root.ReplaceNode(body, block.WithStatements(block.Statements.Insert(0, first)));
        }

        var before = body.GetFirstToken().GetPreviousToken();
        var lineEnd = IsOnLineOfItsOwn(body) ? before.TrailingTrivia : EndLine(before.TrailingTrivia, newLine);
        return root.ReplaceSyntax(
            [body],
            (_, _) => Enclose(body, added, newLine),
            [before],
            (_, token) => token.WithTrailingTrivia(lineEnd),
            trivia: null,
            computeReplacementTrivia: null);
    }

    private static BlockSyntax Enclose(StatementSyntax body, StatementSyntax added, SyntaxTrivia newLine)
    {
        var outer = IndentOf(body.Parent!);
        var inner = SyntaxFactory.Whitespace(outer + "    ");
        var statements = StatementsOf(body)
            .Prepend(added)
            .Select(statement => Trivia.Trim(statement).WithLeadingTrivia(inner))
            .Select(statement => statement.GetTrailingTrivia().Any(SyntaxKind.EndOfLineTrivia)
                ? statement
                : statement.WithTrailingTrivia(statement.GetTrailingTrivia().Add(newLine)));
        var block = SyntaxFactory.Block(
            Brace(SyntaxKind.OpenBraceToken, outer, newLine),
            SyntaxFactory.List(statements),
            Brace(SyntaxKind.CloseBraceToken, outer, newLine));
        return body is BlockSyntax ? block.WithTrailingTrivia(body.GetTrailingTrivia()) : block;
    }

    private static SyntaxTriviaList EndLine(SyntaxTriviaList trailing, SyntaxTrivia newLine) =>
        trailing.Any(Trivia.IsComment) ? trailing.Add(newLine) : SyntaxFactory.TriviaList(newLine);

    private static IEnumerable<StatementSyntax> StatementsOf(StatementSyntax body) => body switch
    {
        BlockSyntax block => block.Statements,
        EmptyStatementSyntax => [],
        _ => [body],
    };

    private static SyntaxToken Brace(SyntaxKind kind, string indent, SyntaxTrivia newLine) =>
        SyntaxFactory.Token(
            SyntaxFactory.TriviaList(SyntaxFactory.Whitespace(indent)), kind, SyntaxFactory.TriviaList(newLine));

    private static bool IsOnLineOfItsOwn(SyntaxNode node)
    {
        var lines = node.SyntaxTree.GetText().Lines;
        var previous = node.GetFirstToken().GetPreviousToken();
        return lines.GetLineFromPosition(previous.Span.End).LineNumber
            < lines.GetLineFromPosition(node.SpanStart).LineNumber;
    }
}
