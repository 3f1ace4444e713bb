using System.Collections.Generic;
using System.Linq;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace IoPool.CodeFixes;

/// <summary>Turns an async lambda that needs nothing of the method around it into a pinned method.</summary>
internal static class PinnedLambda
{
    private static readonly SyntaxAnnotation s_added = new("IoPool.PinnedMethod");

    public static IEnumerable<SyntaxNode> Change(FixSite site)
    {
        if (site.Node.FirstAncestorOrSelf<AnonymousFunctionExpressionSyntax>() is not LambdaExpressionSyntax lambda
            || lambda.AsyncKeyword == default
            || lambda.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { Parent: TypeDeclarationSyntax } member
            || site.SymbolOf(lambda) is not IMethodSymbol symbol
            || ReturnType(symbol, site) is not { } returnType
            || UsesOf(lambda, site) is not { } uses)
        {
            yield break;
        }

        var name = FreeName(lambda, site);
        var needsThis = uses.Any(static variable => variable is IParameterSymbol { IsThis: true });
        var method = Declare(lambda, symbol, name, returnType, isStatic: !needsThis, member, site);
        var changedMember = member.ReplaceNode(
            lambda, SyntaxFactory.IdentifierName(name).WithTriviaFrom(lambda));
        var marked = site.Root.ReplaceNode(member, [changedMember, method]);
        var last = marked.GetAnnotatedNodes(s_added).Single();
        marked = marked.ReplaceNodes(
            last.Ancestors().OfType<TypeDeclarationSyntax>(), static (_, t) => Declarations.MakePartial(t));
        marked = site.WithType(marked, "PinnedAttribute", "IoPool");
        yield return site.WithType(marked, "ValueTask", "System", "Threading", "Tasks");
    }

    private static string? ReturnType(IMethodSymbol lambda, FixSite site)
    {
        if (!KnownTypes.IsTask(lambda.ReturnType) && !KnownTypes.IsValueTask(lambda.ReturnType))
            return null;
        return lambda.ReturnType is INamedTypeSymbol { TypeArguments: { Length: 1 } arguments }
            ? $"ValueTask<{Show(arguments[0], site)}>"
            : "ValueTask";
    }

    // Variables of the method around it cannot come along; null when it needs one.
    private static IReadOnlyList<ISymbol>? UsesOf(LambdaExpressionSyntax lambda, FixSite site)
    {
        var flow = site.Model.AnalyzeDataFlow(lambda);
        if (flow is null || !flow.Succeeded)
            return null;
        var parameters = flow.ReadInside.Concat(flow.WrittenInside).Distinct(SymbolEqualityComparer.Default);
        var own = lambda.Span;
        var foreign = parameters.Where(symbol => !symbol!.Locations.Any(at => own.Contains(at.SourceSpan))).ToArray();
        return foreign.All(static symbol => symbol is IParameterSymbol { IsThis: true })
            ? [.. foreign.Select(static symbol => symbol!)]
            : null;
    }

    private static string FreeName(LambdaExpressionSyntax lambda, FixSite site)
    {
        var isTaken = new HashSet<string>(site.Model.LookupSymbols(lambda.SpanStart).Select(static s => s.Name));
        var name = "HandleAsync";
        for (var number = 2; isTaken.Contains(name); number++)
            name = "HandleAsync" + number;
        return name;
    }

    private static MemberDeclarationSyntax Declare(
        LambdaExpressionSyntax lambda,
        IMethodSymbol symbol,
        string name,
        string returnType,
        bool isStatic,
        MemberDeclarationSyntax after,
        FixSite site)
    {
        var parameters = string.Join(", ", symbol.Parameters.Select(p => $"{Show(p.Type, site)} {Escape(p.Name)}"));
        var lineStart = Trivia.EndOfLine(site.Root) + Layout.IndentOf(after);
        var declaration = (MethodDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration(
            $"{lineStart}[Pinned]{lineStart}private {(isStatic ? "static " : "")}async partial {returnType} {name}"
            + $"({parameters}){(lambda.Block is null ? " => x;" : lineStart + "{ }")}{Trivia.EndOfLine(site.Root)}")!;
        return WithBody(declaration, lambda).WithAdditionalAnnotations(s_added, Formatter.Annotation);
    }

    private static MethodDeclarationSyntax WithBody(MethodDeclarationSyntax declaration, LambdaExpressionSyntax lambda)
    {
        if (lambda.ExpressionBody is { } expression)
        {
            return declaration.WithExpressionBody(
                declaration.ExpressionBody!.WithExpression(WithoutConfigureAwait(expression).WithoutTrivia()));
        }

        return declaration.WithBody(WithoutConfigureAwait(lambda.Block!).WithTriviaFrom(declaration.Body!));
    }

    // What left the loop has no effect in a pinned method.
    private static TNode WithoutConfigureAwait<TNode>(TNode body)
        where TNode : SyntaxNode
    {
        var calls = body.DescendantNodesAndSelf().OfType<InvocationExpressionSyntax>()
            .Where(static call => Names.NameOf(call) == "ConfigureAwait"
                && call.Parent is AwaitExpressionSyntax
                && call.ArgumentList.Arguments.All(static a => a.Expression is LiteralExpressionSyntax));
        return body.ReplaceNodes(
            calls, static (_, call) => Trivia.Trim(Calls.Receiver(call)!).WithLeadingTrivia(call.GetLeadingTrivia()));
    }

    private static string Show(ITypeSymbol type, FixSite site) =>
        type.ToMinimalDisplayString(site.Model, site.Node.SpanStart);

    private static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
}
