using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.CodeFixes;

/// <summary>Awaits a task instead of waiting for it (IOP1001).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AwaitTaskCodeFixProvider))]
public sealed class AwaitTaskCodeFixProvider : LoopCodeFixProvider
{
    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("IOP1001");

    /// <inheritdoc />
    private protected override ImmutableArray<Fix> Fixes { get; } = ImmutableArray.Create(
        new Fix("Await the task", "AwaitTask", Change, "IOP1001"));

    private static IEnumerable<SyntaxNode> Change(FixSite site)
    {
        if (Calls.Whole(site.Node) is not { } wait
            || Calls.IsConditional(wait)
            || !Awaits.AreAllowedAt(wait, site.Model)
            || TaskOf(wait, site) is not { } task)
        {
            yield break;
        }

        // Which of several tasks was done first is lost together with the value.
        var place = wait is InvocationExpressionSyntax && Calls.IsStatement(wait) ? Calls.WithDiscard(wait) : wait;
        yield return WithTimeSpan(Awaits.Replace(site.Root, place, task), task, site);
    }

    private static ExpressionSyntax? TaskOf(ExpressionSyntax wait, FixSite site)
    {
        if (wait is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Result" } result)
            return result.Expression;
        if (wait is not InvocationExpressionSyntax call || Calls.Receiver(call) is not { } receiver)
            return null;
        return Names.NameOf(call) switch
        {
            "GetResult" => OfAwaiter(receiver),
            "Wait" => OfWait(call, receiver, site),
            "WaitAll" => OfMany(call, "WhenAll", site),
            "WaitAny" => OfMany(call, "WhenAny", site),
            _ => null,
        };
    }

    private static ExpressionSyntax? OfAwaiter(ExpressionSyntax awaiter)
    {
        if (awaiter is not InvocationExpressionSyntax || Names.NameOf(awaiter) != "GetAwaiter")
            return null;
        var task = Calls.Receiver(awaiter);
        return task is InvocationExpressionSyntax && Names.NameOf(task) == "ConfigureAwait" && !HasOptions(task)
            ? Calls.Receiver(task)
            : task;
    }

    // ConfigureAwaitOptions may say that exceptions are not wanted.
    private static bool HasOptions(ExpressionSyntax configured) =>
        configured is InvocationExpressionSyntax { ArgumentList.Arguments: var arguments }
        && arguments.Any(static argument => argument.Expression is not LiteralExpressionSyntax);

    private static ExpressionSyntax? OfWait(InvocationExpressionSyntax call, ExpressionSyntax task, FixSite site)
    {
        if (call.ArgumentList.Arguments.Count == 0)
            return task;
        return Calls.IsStatement(call) || IsVoid(call, site)
            ? WaitAsync(task, call.ArgumentList.Arguments, site)
            : null;
    }

    private static ExpressionSyntax? OfMany(InvocationExpressionSyntax call, string name, FixSite site)
    {
        if (site.SymbolOf(call) is not IMethodSymbol method
            || !(Calls.IsStatement(call) || IsVoid(call, site))
            || Calls.Rename(call, name) is not { } combined)
        {
            return null;
        }

        var arguments = call.ArgumentList.Arguments;
        if (method.Parameters.Length == 1)
            return combined;
        var tasks = combined.WithArgumentList(
            SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(arguments[0])));
        return WaitAsync(tasks, arguments.Skip(1), site);
    }

    private static ExpressionSyntax WaitAsync(ExpressionSyntax task, IEnumerable<ArgumentSyntax> limits, FixSite site)
    {
        var arguments = limits.Select(limit => Durations.OfMilliseconds(limit, site)).ToArray();
        var commas = Enumerable.Repeat(
            SyntaxFactory.Token(default, SyntaxKind.CommaToken, Trivia.Space), arguments.Length - 1);
        return SyntaxFactory.InvocationExpression(
            SyntaxFactory.MemberAccessExpression(
                SyntaxKind.SimpleMemberAccessExpression, Trivia.Trim(task), SyntaxFactory.IdentifierName("WaitAsync")),
            SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList(arguments, commas)));
    }

    private static bool IsVoid(ExpressionSyntax call, FixSite site) =>
        site.TypeOf(call) is { SpecialType: SpecialType.System_Void };

    private static SyntaxNode WithTimeSpan(SyntaxNode root, ExpressionSyntax task, FixSite site) =>
        task.HasAnnotation(Durations.Mark) || task.DescendantNodes().Any(static n => n.HasAnnotation(Durations.Mark))
            ? site.WithType(root, "TimeSpan", "System")
            : root;
}
