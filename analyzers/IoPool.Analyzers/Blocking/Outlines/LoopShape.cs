using System;
using System.Collections.Generic;
using System.Linq;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Analyzers.Blocking.Outlines;

/// <summary>
/// Loops that <see cref="LoopJudge"/> surely has nothing to say of, by their syntax: the ordinary ones, whose condition
/// depends on what they do. It follows the judge's questions, and says no where it does not know.
/// </summary>
internal static class LoopShape
{
    /// <param name="loop">The loop.</param>
    /// <param name="condition">Its condition.</param>
    /// <param name="body">Its body.</param>
    /// <param name="isLocal">Whether a name is a local variable there.</param>
    /// <param name="isVariable">Whether a name is a local variable or a parameter.</param>
    public static bool Ends(
        StatementSyntax loop, ExpressionSyntax? condition, StatementSyntax body, Func<string, bool> isLocal, Func<string, bool> isVariable)
    {
        if (Own(loop).Any(static node => node is AwaitExpressionSyntax || node.IsKind(SyntaxKind.YieldReturnStatement)))
            return true;
        if (condition is null || MayTryAgain(condition, body))
            return false;
        var parts = Own(condition).ToArray();
        if (parts.Any(static part => IsReadOfOthers(part)))
            return false;
        return parts.Any(part => part switch
        {
            InvocationExpressionSyntax => true,
            AssignmentExpressionSyntax => true,
            PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax => IsStep(part),
            IdentifierNameSyntax { Identifier.ValueText: var name } =>
                isLocal(name) && !IsMemberName(part) && Own(loop).Any(other => Changes(other, name)),
            MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: var receiver } } =>
                isVariable(receiver) && Own(body).Any(other => Calls(other, receiver)),
            _ => false,
        });
    }

    private static IEnumerable<SyntaxNode> Own(SyntaxNode root) => root.DescendantNodesAndSelf(static node =>
        node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax));

    // Flags, clocks and tokens, which others change.
    private static bool IsReadOfOthers(SyntaxNode part) => part switch
    {
        InvocationExpressionSyntax call => Names.NameOf(call.Expression) is null or "Read" or "GetTimestamp" or "GetElapsedTime"
            or "CompareExchange" or "Exchange" or "nameof",
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } => name is "UtcNow" or "Now"
            || name.StartsWith("Tick", StringComparison.Ordinal)
            || name.StartsWith("Elapsed", StringComparison.Ordinal)
            || name.StartsWith("Total", StringComparison.Ordinal),
        IdentifierNameSyntax { Identifier.ValueText: "UtcNow" or "Now" or "TickCount" or "TickCount64" } => true,
        _ => false,
    };

    // while (!queue.TryDequeue(out var item)) { }
    private static bool MayTryAgain(ExpressionSyntax condition, StatementSyntax body) =>
        Own(condition).Any(static part => part is InvocationExpressionSyntax call
            && Names.NameOf(call.Expression) is { } name
            && name.StartsWith("Try", StringComparison.Ordinal))
        && !Own(body).Any(static part => part is AssignmentExpressionSyntax or LocalDeclarationStatementSyntax
            or IfStatementSyntax or ReturnStatementSyntax || IsStep(part));

    private static bool IsStep(SyntaxNode part) => part.Kind() is SyntaxKind.PreIncrementExpression
        or SyntaxKind.PreDecrementExpression or SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression;

    private static bool IsMemberName(SyntaxNode name) =>
        name.Parent is NameColonSyntax or MemberBindingExpressionSyntax
        || (name.Parent is MemberAccessExpressionSyntax access && access.Name == name);

    private static bool Changes(SyntaxNode part, string name) => part switch
    {
        // In an initializer it is a member of what is made.
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax target, Parent: not InitializerExpressionSyntax } =>
            target.Identifier.ValueText == name,
        PostfixUnaryExpressionSyntax { Operand: IdentifierNameSyntax target } => IsStep(part) && target.Identifier.ValueText == name,
        PrefixUnaryExpressionSyntax { Operand: IdentifierNameSyntax target } => IsStep(part) && target.Identifier.ValueText == name,
        _ => false,
    };

    // But for what only spins: of threads, watches and the like.
    private static bool Calls(SyntaxNode part, string receiver) => part is InvocationExpressionSyntax
    {
        Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax of, Name.Identifier.ValueText: var name },
    } && of.Identifier.ValueText == receiver && name is "Dequeue" or "Pop" or "Push" or "Enqueue" or "Add" or "Remove"
        or "RemoveAt" or "Append" or "MoveNext" or "Clear" or "Insert" or "Next" or "ReadLine" or "Advance";
}
