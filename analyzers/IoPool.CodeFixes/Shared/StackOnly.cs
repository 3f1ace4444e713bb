using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.CodeFixes;

/// <summary>
/// Finds references and stack-only values that an await would have to keep. The compiler refuses those only when it
/// emits code (CS4007), which is too late for asking it.
/// </summary>
internal static class StackOnly
{
    public static bool IsNeededAcross(SyntaxNode place, SemanticModel model) =>
        HasOperandBefore(place, model)
        || place.Ancestors().OfType<CommonForEachStatementSyntax>().Any(loop =>
            loop.Statement.Span.Contains(place.Span) && IsStackOnly(model.GetTypeInfo(loop.Expression).Type))
        || (FunctionOf(place) is { } function
            && LocalsOf(function, place, model).Any(local => IsUsedAfter(local, place, function)));

    // What was evaluated before, in the same statement, waits for its use: 'Send(buffer.AsSpan(), await t)'.
    private static bool HasOperandBefore(SyntaxNode place, SemanticModel model)
    {
        for (var node = place; node is not StatementSyntax and not MemberDeclarationSyntax; node = node.Parent)
        {
            if (node.Parent is null)
                return false;
            var before = node.Parent.ChildNodes().TakeWhile(sibling => sibling.SpanStart < node.SpanStart);
            if (before.SelectMany(static n => n.DescendantNodesAndSelf()).OfType<ExpressionSyntax>()
                .Any(expression => IsStackOnly(expression, model)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsStackOnly(ExpressionSyntax expression, SemanticModel model)
    {
        var info = model.GetTypeInfo(expression);
        return IsStackOnly(info.Type) || IsStackOnly(info.ConvertedType);
    }

    private static bool IsStackOnly(ITypeSymbol? type) => type is { IsRefLikeType: true };

    private static SyntaxNode? FunctionOf(SyntaxNode place) => place.Ancestors().FirstOrDefault(static node =>
        node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax);

    private static IEnumerable<(ILocalSymbol Symbol, SyntaxNode Syntax)> LocalsOf(
        SyntaxNode function, SyntaxNode place, SemanticModel model)
    {
        foreach (var node in function.DescendantNodes())
        {
            if (node.SpanStart >= place.SpanStart)
                yield break;
            if (node is VariableDeclaratorSyntax or SingleVariableDesignationSyntax or ForEachStatementSyntax
                && model.GetDeclaredSymbol(node) is ILocalSymbol local
                && (local.RefKind != RefKind.None || IsStackOnly(local.Type)))
            {
                yield return (local, node);
            }
        }
    }

    private static bool IsUsedAfter(
        (ILocalSymbol Symbol, SyntaxNode Syntax) local, SyntaxNode place, SyntaxNode function)
    {
        if (local.Symbol.IsUsing && local.Syntax.FirstAncestorOrSelf<BlockSyntax>()?.Span.Contains(place.Span) == true)
            return true;
        // In a loop, what stands before comes after as well.
        var start = place.Ancestors().TakeWhile(node => node != function)
            .Where(node => IsLoop(node) && !node.Span.Contains(local.Syntax.Span))
            .Select(static node => node.SpanStart)
            .DefaultIfEmpty(place.Span.End)
            .Min();
        return function.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Any(name => name.SpanStart >= start && name.Identifier.ValueText == local.Symbol.Name);
    }

    private static bool IsLoop(SyntaxNode node) =>
        node is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax;
}
