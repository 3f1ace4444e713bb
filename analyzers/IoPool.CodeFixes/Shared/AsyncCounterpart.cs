using System.Collections.Generic;
using System.Linq;
using IoPool.Analyzers;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.CodeFixes;

/// <summary>The same call of the member that does not block, with the token passed on where it takes one.</summary>
internal static class AsyncCounterpart
{
    public static IEnumerable<SyntaxNode> Change(FixSite site)
    {
        if (NameAt(site) is not { } name
            || Calls.Whole(site.Node) is not { } call
            || Calls.IsConditional(call)
            || call.Parent is CommonForEachStatementSyntax
            || !Awaits.AreAllowedAt(call, site.Model)
            || Renamed(call, name, site) is not { } renamed)
        {
            yield break;
        }

        var usedNamespace = NamespaceToAdd(call, name, site);
        foreach (var arguments in ArgumentsFor(renamed.ArgumentList, call, name, site))
        {
            var root = Awaits.Replace(site.Root, call, renamed.WithArgumentList(arguments));
            yield return usedNamespace is null ? root : Usings.Add(root, usedNamespace);
        }
    }

    // The wait of a semaphore may be reported without the name.
    private static string? NameAt(FixSite site) =>
        site.Fact(DiagnosticFacts.AsyncName)
        ?? (site.SymbolOf(site.Node) is IMethodSymbol { Name: "Wait", ContainingType: var type }
            && KnownTypes.IsInThreading(type, "SemaphoreSlim")
                ? "WaitAsync"
                : null);

    private static InvocationExpressionSyntax? Renamed(ExpressionSyntax call, string name, FixSite site)
    {
        var type = OtherType(site);
        return call switch
        {
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } invocation
                when type is not null && site.SymbolOf(access.Expression) is ITypeSymbol =>
                (InvocationExpressionSyntax)Calls.Rename(
                    invocation.WithExpression(access.WithExpression(TypeName(type, site))), name)!,
            InvocationExpressionSyntax => Calls.Rename(call, name),
            BaseObjectCreationExpressionSyntax creation => OfCreation(creation, type, name, site),
            MemberAccessExpressionSyntax access when site.SymbolOf(access) is IPropertySymbol =>
                SyntaxFactory.InvocationExpression(
                    access.WithName(SyntaxFactory.IdentifierName(name)), SyntaxFactory.ArgumentList()),
            _ => null,
        };
    }

    private static InvocationExpressionSyntax? OfCreation(
        BaseObjectCreationExpressionSyntax creation, ITypeSymbol? type, string name, FixSite site)
    {
        if (creation.Initializer is not null || (type ?? site.TypeOf(creation)) is not { } factory)
            return null;
        return SyntaxFactory.InvocationExpression(
            SyntaxFactory.MemberAccessExpression(
                SyntaxKind.SimpleMemberAccessExpression, TypeName(factory, site), SyntaxFactory.IdentifierName(name)),
            creation.ArgumentList ?? SyntaxFactory.ArgumentList());
    }

    private static IEnumerable<ArgumentListSyntax> ArgumentsFor(
        ArgumentListSyntax arguments, ExpressionSyntax call, string name, FixSite site)
    {
        var original = call switch
        {
            InvocationExpressionSyntax invocation => invocation.ArgumentList,
            BaseObjectCreationExpressionSyntax creation => creation.ArgumentList,
            _ => null,
        };
        var parameterNames = Candidates(call, name, site)
            .Select(static method => method.Parameters.LastOrDefault())
            .Where(static parameter => KnownTypes.IsInThreading(parameter?.Type, "CancellationToken"))
            .Select(static parameter => parameter!.Name)
            .Distinct();
        foreach (var list in PassedToken.AddTo(arguments, original, parameterNames, site))
            yield return list;
        // An async method takes memory where the other takes a span.
        var ofMemory = WithMemory(arguments);
        if (ofMemory == arguments)
            yield break;
        foreach (var list in PassedToken.AddTo(ofMemory, original, parameterNames, site))
            yield return list;
    }

    private static IEnumerable<IMethodSymbol> Candidates(ExpressionSyntax call, string name, FixSite site)
    {
        var type = OtherType(site) ?? site.SymbolOf(call)?.ContainingType;
        for (var current = type; current is not null; current = current.BaseType)
        {
            foreach (var method in current.GetMembers(name).OfType<IMethodSymbol>())
                yield return method;
        }
    }

    private static ArgumentListSyntax WithMemory(ArgumentListSyntax arguments)
    {
        var spans = arguments.Arguments
            .Select(static argument => argument.Expression)
            .OfType<InvocationExpressionSyntax>()
            .Where(static call => Names.NameOf(call) == "AsSpan");
        return arguments.ReplaceNodes(spans, static (_, call) => Calls.Rename(call, "AsMemory") ?? (SyntaxNode)call);
    }

    private static string? NamespaceToAdd(ExpressionSyntax call, string name, FixSite site)
    {
        if (OtherType(site) is not { } type)
            return null;
        var isExtension = type.GetMembers(name).OfType<IMethodSymbol>().Any(static m => m.IsExtensionMethod);
        var receiver = isExtension && Calls.Receiver(call) is { } expression ? site.TypeOf(expression) : null;
        var known = receiver is null
            ? site.Model.LookupNamespacesAndTypes(call.SpanStart, name: type.Name)
            : site.Model.LookupSymbols(call.SpanStart, receiver, name, includeReducedExtensionMethods: true);
        var isKnown = known.Any(symbol =>
            Same(symbol, type) || Same(symbol.ContainingType, type));
        return isKnown || type.ContainingNamespace.IsGlobalNamespace
            ? null
            : type.ContainingNamespace.ToDisplayString();
    }

    private static bool Same(ISymbol? left, ISymbol right) =>
        SymbolEqualityComparer.Default.Equals(left?.OriginalDefinition, right.OriginalDefinition);

    private static INamedTypeSymbol? OtherType(FixSite site) =>
        site.Fact(DiagnosticFacts.AsyncType) is { } name
            ? site.Model.Compilation.GetTypesByMetadataName(name).FirstOrDefault()
            : null;

    private static ExpressionSyntax TypeName(ITypeSymbol type, FixSite site) =>
        SyntaxFactory.ParseExpression(type.ToMinimalDisplayString(site.Model, site.Node.SpanStart));
}
