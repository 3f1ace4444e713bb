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

    /// <summary>A loop's body with a statement before what it has.</summary>
    public static StatementSyntax WithFirst(StatementSyntax body, StatementSyntax added, SyntaxNode root)
    {
        var newLine = Trivia.EndOfLine(root);
        if (body is BlockSyntax block && block.Statements.Any() && IsOnLineOfItsOwn(block.Statements[0]))
        {
            var indent = SyntaxFactory.Whitespace(IndentOf(block.Statements[0]));
            return block.WithStatements(block.Statements.Insert(
                0, added.WithLeadingTrivia(indent).WithTrailingTrivia(newLine)));
        }

        var outer = IndentOf(body.Parent!);
        var inner = SyntaxFactory.Whitespace(outer + "    ");
        var statements = SyntaxFactory.List(StatementsOf(body)
            .Prepend(added)
            .Select(statement => Trivia.Trim(statement).WithLeadingTrivia(inner).WithTrailingTrivia(newLine)));
        var isBelow = IsOnLineOfItsOwn(body);
        return SyntaxFactory.Block(
                Brace(SyntaxKind.OpenBraceToken, outer, newLine),
                statements,
                Brace(SyntaxKind.CloseBraceToken, outer, newLine))
            .WithLeadingTrivia(isBelow || body is BlockSyntax
                ? SyntaxFactory.TriviaList(SyntaxFactory.Whitespace(isBelow ? outer : ""))
                : SyntaxFactory.TriviaList(newLine, SyntaxFactory.Whitespace(outer)))
            .WithTrailingTrivia(body.GetTrailingTrivia());
    }

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
        return lines.GetLineFromPosition(previous.Span.End).LineNumber < lines.GetLineFromPosition(node.SpanStart).LineNumber;
    }
}
