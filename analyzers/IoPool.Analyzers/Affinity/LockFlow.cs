using System.Collections.Generic;
using System.Linq;
using IoPool.Analyzers.Flow;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Facts = System.Collections.Immutable.ImmutableDictionary<
    Microsoft.CodeAnalysis.ISymbol, Microsoft.CodeAnalysis.IOperation>;

namespace IoPool.Analyzers.Affinity;

/// <summary>IOP2001: which locks are held where a function awaits.</summary>
internal sealed class LockFlow : ForwardFlow
{
    private readonly LoopBody _body;
    private readonly HashSet<Location> _reported = [];

    // What a variable says about a lock: the outcome of TryEnter, or the "lock taken" of Enter.
    private readonly Dictionary<ISymbol, ISymbol> _outcomes = new(SymbolEqualityComparer.Default);

    private LockFlow(ControlFlowGraph graph, LoopBody body)
        : base(graph, body.Cancellation) => _body = body;

    // A lock that was taken and released in a try block is not held in its handler, most of the time.
    protected override bool HandlerSeesAll => false;

    public static void Analyze(IOperation function, LoopBody body)
    {
        if (FlowGraphs.Of(function, body.Cancellation) is { } graph)
            new LockFlow(graph, body).Run();
    }

    protected override Facts Visit(IOperation operation, Facts facts)
    {
        switch (operation)
        {
            case IInvocationOperation call when Locks.Acquires(call.TargetMethod):
                return Acquire(call, facts);
            case IInvocationOperation call when Locks.Releases(call.TargetMethod):
                return Locks.LockOf(call) is { } released ? facts.Remove(released) : facts;
            case IAwaitOperation:
                Report(operation.Syntax, facts);
                return facts;
            default:
                return facts;
        }
    }

    protected override Facts Assume(IOperation condition, bool value, Facts facts)
    {
        var stripped = Values.Strip(condition);
        while (stripped is IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not)
        {
            stripped = Values.Strip(not.Operand);
            value = !value;
        }

        if (value)
            return facts;
        var untaken = stripped is IInvocationOperation call && Locks.Acquires(call.TargetMethod)
            ? Locks.LockOf(call)
            : Values.SymbolOf(stripped) is { } outcome && _outcomes.TryGetValue(outcome, out var known) ? known : null;
        return untaken is null ? facts : facts.Remove(untaken);
    }

    private Facts Acquire(IInvocationOperation call, Facts facts)
    {
        if (Locks.LockOf(call) is not { } taken || !IsMutexOrOther(call))
            return facts;
        if (Locks.TakenOf(call) is { } flag)
            _outcomes[flag] = taken;
        if (call.TargetMethod.ReturnType.SpecialType != SpecialType.System_Boolean)
            return facts.SetItem(taken, call);

        // Somewhere in a larger expression: nobody can say on which path it is held.
        return KeepOutcome(call, taken) ? facts.SetItem(taken, call) : facts;
    }

    private static bool IsMutexOrOther(IInvocationOperation call) =>
        call.TargetMethod.Name != "WaitOne"
        || KnownTypes.IsInThreading(call.Instance is null ? null : Values.Strip(call.Instance).Type, "Mutex");

    private bool KeepOutcome(IInvocationOperation call, ISymbol taken)
    {
        var user = call.Parent;
        while (user is IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } or IParenthesizedOperation)
            user = user.Parent;
        switch (user)
        {
            case ISimpleAssignmentOperation assignment when Values.SymbolOf(assignment.Target) is { } target:
                if (user != call.Parent)
                    return false;
                _outcomes[target] = taken;
                return true;
            case null or IExpressionStatementOperation:
                return true;
            default:
                return false;
        }
    }

    private void Report(SyntaxNode awaiting, Facts facts)
    {
        if (facts.IsEmpty || AwaitKeywordOf(awaiting) is not { } keyword)
            return;
        var acquire = facts.Values.OrderBy(static operation => operation.Syntax.SpanStart).First();
        var location = keyword.GetLocation();
        if (!_reported.Add(location))
            return;
        _body.Report(Diagnostic.Create(
            AffinityRules.LockAcrossAwait,
            location,
            additionalLocations: [Locations.Of(acquire.Syntax)],
            Locks.LockOf((IInvocationOperation)acquire)?.Name));
    }

    private static SyntaxToken? AwaitKeywordOf(SyntaxNode node)
    {
        foreach (var current in node.AncestorsAndSelf())
        {
            var keyword = current switch
            {
                AwaitExpressionSyntax expression => expression.AwaitKeyword,
                CommonForEachStatementSyntax statement => statement.AwaitKeyword,
                UsingStatementSyntax statement => statement.AwaitKeyword,
                LocalDeclarationStatementSyntax statement => statement.AwaitKeyword,
                _ => default,
            };
            if (keyword.IsKind(SyntaxKind.AwaitKeyword))
                return keyword;
            if (current is MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)
                return null;
        }

        return null;
    }
}
