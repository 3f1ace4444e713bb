using System.Collections.Generic;
using System.Collections.Immutable;
using IoPool.Analyzers;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.CodeFixes;

/// <summary>Disposes asynchronously (IOP1008).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AwaitUsingCodeFixProvider))]
public sealed class AwaitUsingCodeFixProvider : LoopCodeFixProvider
{
    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("IOP1008");

    /// <inheritdoc />
    private protected override ImmutableArray<Fix> Fixes { get; } = ImmutableArray.Create(
        new Fix("Use 'await using'", "AwaitUsing", ChangeUsing, "IOP1008"),
        new Fix("Await 'DisposeAsync'", "DisposeAsync", ChangeCall, "IOP1008"));

    private static IEnumerable<SyntaxNode> ChangeUsing(FixSite site)
    {
        var statement = site.Node.FirstAncestorOrSelf<StatementSyntax>();
        if (statement is null || site.Node is SimpleNameSyntax || !Awaits.AreAllowedAt(statement, site.Model))
            yield break;
        var keyword = SyntaxFactory.Token(statement.GetLeadingTrivia(), SyntaxKind.AwaitKeyword, Trivia.Space);
        if (statement is UsingStatementSyntax { AwaitKeyword.RawKind: 0 } block)
        {
            var bare = block.WithUsingKeyword(block.UsingKeyword.WithLeadingTrivia());
            yield return site.Root.ReplaceNode(block, bare.WithAwaitKeyword(keyword));
        }
        else if (statement is LocalDeclarationStatementSyntax { AwaitKeyword.RawKind: 0 } declaration
            && declaration.UsingKeyword != default)
        {
            var bare = declaration.WithUsingKeyword(declaration.UsingKeyword.WithLeadingTrivia());
            yield return site.Root.ReplaceNode(declaration, bare.WithAwaitKeyword(keyword));
        }
    }

    private static IEnumerable<SyntaxNode> ChangeCall(FixSite site)
    {
        if (Calls.Whole(site.Node) is InvocationExpressionSyntax { ArgumentList.Arguments.Count: 0 } call
            && (site.Fact(DiagnosticFacts.AsyncName) is not null || Names.NameOf(call) == "Dispose")
            && !Calls.IsConditional(call)
            && Awaits.AreAllowedAt(call, site.Model)
            && Calls.Rename(call, site.Fact(DiagnosticFacts.AsyncName) ?? "DisposeAsync") is { } renamed)
        {
            yield return Awaits.Replace(site.Root, call, renamed);
        }
    }
}
