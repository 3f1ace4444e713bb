using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.CodeFixes;

/// <summary>Says of a helper that it blocks, for all of its callers (IOP1013, IOP1020).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MarkBlockingCodeFixProvider))]
public sealed class MarkBlockingCodeFixProvider : LoopCodeFixProvider
{
    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("IOP1013", "IOP1020");

    /// <inheritdoc />
    private protected override ImmutableArray<Fix> Fixes { get; } = ImmutableArray.Create(
        new Fix("Mark '{0}' as [Blocking]", "MarkBlocking", Change, "IOP1013", "IOP1020") { IsAtDeclaration = true });

    private static IEnumerable<SyntaxNode> Change(FixSite site)
    {
        if (site.Node is not (BaseMethodDeclarationSyntax or PropertyDeclarationSyntax or LocalFunctionStatementSyntax)
            || Attributes(site.Node) is not { } attributes
            || Declarations.HasAttribute(attributes, "Blocking")
            || Declarations.HasAttribute(attributes, "NonBlocking"))
        {
            yield break;
        }

        var marked = Declarations.AddAttribute(
            site.Node, "Blocking", Layout.IndentOf(site.Node), Trivia.EndOfLine(site.Root));
        yield return site.WithType(site.Root.ReplaceNode(site.Node, marked), "BlockingAttribute", "IoPool");
    }

    private static SyntaxList<AttributeListSyntax>? Attributes(SyntaxNode node) => node switch
    {
        MemberDeclarationSyntax member => member.AttributeLists,
        LocalFunctionStatementSyntax function => function.AttributeLists,
        _ => null,
    };
}
