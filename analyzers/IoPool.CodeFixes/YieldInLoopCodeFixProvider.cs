using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.CodeFixes;

/// <summary>Lets a long loop give way to the event loop (IOP1011).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(YieldInLoopCodeFixProvider))]
public sealed class YieldInLoopCodeFixProvider : LoopCodeFixProvider
{
    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("IOP1011");

    /// <inheritdoc />
    private protected override ImmutableArray<Fix> Fixes { get; } = ImmutableArray.Create(
        new Fix("Yield to the event loop in each round", "YieldInLoop", Change, "IOP1011"));

    private static IEnumerable<SyntaxNode> Change(FixSite site)
    {
        var body = site.Node.FirstAncestorOrSelf<StatementSyntax>() switch
        {
            WhileStatementSyntax loop => loop.Statement,
            DoStatementSyntax loop => loop.Statement,
            ForStatementSyntax loop => loop.Statement,
            CommonForEachStatementSyntax loop => loop.Statement,
            _ => null,
        };
        if (body is null || !Awaits.AreAllowedAt(FirstPlaceIn(body), site.Model))
            yield break;
        var changed = Layout.AddFirst(site.Root, body, Yield());
        yield return site.WithType(changed, "EventLoop", "IoPool");
    }

    private static SyntaxNode FirstPlaceIn(StatementSyntax body) =>
        body is BlockSyntax { Statements: var statements } && statements.Any() ? statements[0] : body;

    private static StatementSyntax Yield() => Awaits.Statement(SyntaxFactory.InvocationExpression(
        SyntaxFactory.MemberAccessExpression(
            SyntaxKind.SimpleMemberAccessExpression,
            SyntaxFactory.IdentifierName("EventLoop"),
            SyntaxFactory.IdentifierName("Yield"))));
}
