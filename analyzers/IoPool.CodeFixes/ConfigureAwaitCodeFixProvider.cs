using System.Collections.Generic;
using System.Collections.Immutable;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.CodeFixes;

/// <summary>Removes a ConfigureAwait that has no effect (IOP2002) or leaves the loop (IOP2009).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ConfigureAwaitCodeFixProvider))]
public sealed class ConfigureAwaitCodeFixProvider : LoopCodeFixProvider
{
    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("IOP2002", "IOP2009");

    /// <inheritdoc />
    private protected override ImmutableArray<Fix> Fixes { get; } = ImmutableArray.Create(
        new Fix("Remove 'ConfigureAwait'", "RemoveConfigureAwait", Remove, "IOP2002", "IOP2009"),
        new Fix("Make it a pinned method", "PinLambda", PinnedLambda.Change, "IOP2009"));

    private static IEnumerable<SyntaxNode> Remove(FixSite site)
    {
        var call = site.Node is SimpleNameSyntax ? Calls.Whole(site.Node) : Awaited(site.Node);
        if (call is not InvocationExpressionSyntax
            || Names.NameOf(call) != "ConfigureAwait"
            || Calls.Receiver(call) is not { } receiver)
        {
            yield break;
        }

        var lost = Trivia.LostComments(call, receiver);
        yield return site.Root.ReplaceNode(
            call,
            Trivia.Trim(receiver)
                .WithLeadingTrivia(call.GetLeadingTrivia())
                .WithTrailingTrivia(Trivia.Trim(receiver).GetTrailingTrivia()
                    .AddRange(lost).AddRange(call.GetTrailingTrivia())));
    }

    // The keyword of an await can stand for a whole statement.
    private static ExpressionSyntax? Awaited(SyntaxNode node) => node switch
    {
        AwaitExpressionSyntax expression => expression.Expression,
        CommonForEachStatementSyntax loop => loop.Expression,
        UsingStatementSyntax { Expression: { } resource } => resource,
        UsingStatementSyntax { Declaration.Variables: { Count: 1 } variables } => variables[0].Initializer?.Value,
        LocalDeclarationStatementSyntax { Declaration.Variables: { Count: 1 } variables } =>
            variables.First().Initializer?.Value,
        _ => null,
    };
}
