using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Analyzers.LoopCode;

/// <summary>Where diagnostics point: at the name of what is called, so that long chains show the right line.</summary>
internal static class Locations
{
    public static Location Of(SyntaxNode node) => node switch
    {
        ObjectCreationExpressionSyntax creation => Of(creation.Type),
        ImplicitObjectCreationExpressionSyntax creation => creation.NewKeyword.GetLocation(),
        LockStatementSyntax statement => statement.LockKeyword.GetLocation(),
        WhileStatementSyntax statement => statement.WhileKeyword.GetLocation(),
        DoStatementSyntax statement => statement.DoKeyword.GetLocation(),
        ForStatementSyntax statement => statement.ForKeyword.GetLocation(),
        UsingStatementSyntax statement => statement.UsingKeyword.GetLocation(),
        LocalDeclarationStatementSyntax statement => statement.UsingKeyword.GetLocation(),
        CommonForEachStatementSyntax statement => Of(statement.Expression),
        AwaitExpressionSyntax expression => expression.AwaitKeyword.GetLocation(),
        _ => (Names.NameTokenOf(node)?.GetLocation()) ?? node.GetLocation(),
    };
}
