using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.CodeFixes;

/// <summary>Awaits a dropped pinned call, or says that it is meant (IOP3001); stores a task (IOP3003).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ValueTaskCodeFixProvider))]
public sealed class ValueTaskCodeFixProvider : LoopCodeFixProvider
{
    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("IOP3001", "IOP3003");

    /// <inheritdoc />
    private protected override ImmutableArray<Fix> Fixes { get; } = ImmutableArray.Create(
        new Fix("Await the call", "AwaitCall", Await, "IOP3001"),
        new Fix("Forget the call", "ForgetCall", Forget, "IOP3001"),
        new Fix("Store it as a task", "AsTask", AsTask, "IOP3003"));

    private static IEnumerable<SyntaxNode> Await(FixSite site)
    {
        if (Dropped(site) is { } call && Awaits.AreAllowedAt(call, site.Model))
            yield return Awaits.Replace(site.Root, Calls.WithDiscard(call), call);
    }

    private static IEnumerable<SyntaxNode> Forget(FixSite site)
    {
        if (Dropped(site) is not { } call)
            yield break;
        var statement = Calls.WithDiscard(call);
        var forgotten = Then(call, "Forget").WithTriviaFrom(statement);
        var type = (INamedTypeSymbol)site.TypeOf(call)!;
        var known = site.Model.LookupSymbols(call.SpanStart, type, "Forget", includeReducedExtensionMethods: true);
        var root = site.Root.ReplaceNode(statement, forgotten);
        yield return known.IsEmpty ? Usings.Add(root, "IoPool") : root;
    }

    private static IEnumerable<SyntaxNode> AsTask(FixSite site)
    {
        if (Calls.Whole(site.Node) is { } value
            && !Calls.IsConditional(value)
            && site.TypeOf(value) is { Name: "ValueTask" })
        {
            yield return site.Root.ReplaceNode(value, Then(value, "AsTask").WithTriviaFrom(value));
        }
    }

    private static InvocationExpressionSyntax? Dropped(FixSite site) =>
        Calls.Whole(site.Node) is InvocationExpressionSyntax call
        && Calls.IsStatement(call)
        && !Calls.IsConditional(call)
        && site.TypeOf(call) is INamedTypeSymbol
            ? call
            : null;

    private static InvocationExpressionSyntax Then(ExpressionSyntax expression, string name) =>
        SyntaxFactory.InvocationExpression(SyntaxFactory.MemberAccessExpression(
            SyntaxKind.SimpleMemberAccessExpression, Trivia.Trim(expression), SyntaxFactory.IdentifierName(name)));
}
