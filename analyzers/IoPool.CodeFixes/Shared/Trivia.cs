using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IoPool.CodeFixes;

internal static class Trivia
{
    public static readonly SyntaxTriviaList Space = SyntaxFactory.TriviaList(SyntaxFactory.Space);

    /// <summary>A node without the space around it; comments stay.</summary>
    public static TNode Trim<TNode>(TNode node)
        where TNode : SyntaxNode
    {
        var trailing = node.GetTrailingTrivia();
        return node.WithoutLeadingTrivia().WithTrailingTrivia(trailing.Any(IsComment) ? trailing : default);
    }

    public static bool IsComment(SyntaxTrivia trivia) =>
        trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia;

    /// <summary>The comments inside a node that are not in what is to replace it, to be put behind that.</summary>
    public static SyntaxTriviaList LostComments(SyntaxNode old, SyntaxNode replacement)
    {
        var kept = replacement.ToFullString();
        return SyntaxFactory.TriviaList(old.DescendantTrivia()
            .Where(trivia => IsComment(trivia) && old.Span.Contains(trivia.Span) && !kept.Contains(trivia.ToString()))
            .SelectMany(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia)
                ? new[] { SyntaxFactory.Space, trivia, EndOfLine(old) }
                : [SyntaxFactory.Space, trivia]));
    }

    /// <summary>The line end that a file uses.</summary>
    public static SyntaxTrivia EndOfLine(SyntaxNode root)
    {
        var found = root.DescendantTrivia().FirstOrDefault(static t => t.IsKind(SyntaxKind.EndOfLineTrivia));
        return found == default ? SyntaxFactory.LineFeed : SyntaxFactory.EndOfLine(found.ToString());
    }
}
