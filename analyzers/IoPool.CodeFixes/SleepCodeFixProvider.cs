using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.CodeFixes;

/// <summary>Lets the loop serve others instead of sleeping or spinning (IOP1002).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SleepCodeFixProvider))]
public sealed class SleepCodeFixProvider : LoopCodeFixProvider
{
    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("IOP1002");

    /// <inheritdoc />
    private protected override ImmutableArray<Fix> Fixes { get; } = ImmutableArray.Create(
        new Fix("Await EventLoop.Delay", "EventLoopDelay", DelayOnLoop, "IOP1002"),
        new Fix("Await Task.Delay", "TaskDelay", DelayAsTask, "IOP1002"),
        new Fix("Await EventLoop.Yield", "EventLoopYield", Yield, "IOP1002"));

    private static IEnumerable<SyntaxNode> DelayOnLoop(FixSite site)
    {
        if (SleepAt(site) is not { } sleep || IsZero(sleep, site))
            yield break;
        var duration = Durations.OfMilliseconds(sleep.ArgumentList.Arguments[0], site);
        foreach (var call in Call("EventLoop", "Delay", duration, site))
        {
            var root = site.WithType(Awaits.Replace(site.Root, sleep, call), "EventLoop", "IoPool");
            yield return duration.Expression.HasAnnotation(Durations.Mark)
                ? site.WithType(root, "TimeSpan", "System")
                : root;
        }
    }

    private static IEnumerable<SyntaxNode> DelayAsTask(FixSite site)
    {
        if (SleepAt(site) is not { } sleep || IsZero(sleep, site))
            yield break;
        foreach (var call in Call("Task", "Delay", sleep.ArgumentList.Arguments[0], site))
        {
            yield return site.WithType(
                Awaits.Replace(site.Root, sleep, call), "Task", "System", "Threading", "Tasks");
        }
    }

    private static IEnumerable<SyntaxNode> Yield(FixSite site)
    {
        var isPause = SleepAt(site) is { } sleep
            ? IsZero(sleep, site)
            : IsMember(site, "Thread", "Yield", "SpinWait") || IsMember(site, "SpinWait", "SpinOnce");
        if (!isPause
            || Calls.Whole(site.Node) is not InvocationExpressionSyntax pause
            || !Calls.IsStatement(pause)
            || Calls.IsConditional(pause)
            || !Awaits.AreAllowedAt(pause, site.Model))
        {
            yield break;
        }

        var root = Awaits.Replace(site.Root, Calls.WithDiscard(pause), Member("EventLoop", "Yield"));
        yield return site.WithType(root, "EventLoop", "IoPool");
    }

    private static InvocationExpressionSyntax? SleepAt(FixSite site) =>
        IsMember(site, "Thread", "Sleep")
        && Calls.Whole(site.Node) is InvocationExpressionSyntax { ArgumentList.Arguments.Count: 1 } call
        && Awaits.AreAllowedAt(call, site.Model)
            ? call
            : null;

    private static bool IsMember(FixSite site, string type, params string[] names) =>
        names.Contains(Names.NameOf(site.Node))
        && site.SymbolOf(site.Node) is IMethodSymbol method
        && KnownTypes.IsInThreading(method.ContainingType, type);

    private static bool IsZero(InvocationExpressionSyntax sleep, FixSite site)
    {
        var value = sleep.ArgumentList.Arguments[0].Expression;
        return site.Model.GetConstantValue(value, site.Cancellation) is { HasValue: true, Value: 0 }
            || site.SymbolOf(value) is IFieldSymbol { Name: "Zero", ContainingType.Name: "TimeSpan" };
    }

    private static IEnumerable<InvocationExpressionSyntax> Call(
        string type, string name, ArgumentSyntax duration, FixSite site)
    {
        var list = SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(duration.WithNameColon(null)));
        foreach (var arguments in PassedToken.AddTo(list, null, [], site))
            yield return Member(type, name).WithArgumentList(arguments);
    }

    private static InvocationExpressionSyntax Member(string type, string name) =>
        SyntaxFactory.InvocationExpression(SyntaxFactory.MemberAccessExpression(
            SyntaxKind.SimpleMemberAccessExpression,
            SyntaxFactory.IdentifierName(type),
            SyntaxFactory.IdentifierName(name)));
}
