using System;
using System.Threading;
using IoPool.Analyzers.Catalogue;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Analyzers.Blocking.Outlines;

/// <summary>
/// Tells of most helpers that nothing in them may block, without binding them: binding a body takes ten times as long
/// as all else that the analysis does with it.
/// </summary>
internal sealed class OutlineFilter(Compilation compilation, BlockingCatalogue catalogue)
{
    private readonly HelperBodies _bodies = new(compilation);
    private readonly OutlineContext _context = new(compilation, catalogue);
    private int _conversions;

    /// <summary>Whether a helper may block, so that it has to be bound.</summary>
    public bool MayBlock(IMethodSymbol method, BlockingGraph graph, ScanBudget budget)
    {
        // A local function sees the locals around it.
        if (method.MethodKind == MethodKind.LocalFunction || method.ContainingType is not { } type
            || MayConversionsBlock(graph, budget.Cancellation))
        {
            return true;
        }

        var calls = new OutlineCalls();
        foreach (var (syntax, target) in _bodies.InitializersBefore(method))
        {
            if (MayBlock(syntax, target, type, calls))
                return true;
        }

        return MayBlock(method, type, calls, budget) || MayBlock(calls, graph, budget);
    }

    /// <summary>Whether the static constructor or an initializer of a type may block.</summary>
    public bool MayBlock(INamedTypeSymbol type, BlockingGraph graph, ScanBudget budget)
    {
        if (MayConversionsBlock(graph, budget.Cancellation))
            return true;
        var calls = new OutlineCalls();
        foreach (var (syntax, target) in _bodies.InitializersOf(type, isStatic: true))
        {
            if (MayBlock(syntax, target, type, calls))
                return true;
        }

        foreach (var constructor in type.StaticConstructors)
        {
            if (MayBlock(constructor, type, calls, budget))
                return true;
        }

        return MayBlock(calls, graph, budget);
    }

    private bool MayBlock(EqualsValueClauseSyntax initializer, ITypeSymbol target, INamedTypeSymbol type, OutlineCalls calls) =>
        OutlineJudge.MayBlock(TreeOutlines.Of(initializer), _context, null, type, target, calls);

    private bool MayBlock(IMethodSymbol method, INamedTypeSymbol type, OutlineCalls calls, ScanBudget budget)
    {
        budget.Cancellation.ThrowIfCancellationRequested();
        foreach (var reference in method.DeclaringSyntaxReferences)
        {
            if (OutlineJudge.MayBlock(TreeOutlines.Of(reference, budget.Cancellation), _context, method, type, method.ReturnType, calls))
                return true;
        }

        return false;
    }

    private static bool MayBlock(OutlineCalls calls, BlockingGraph graph, ScanBudget budget)
    {
        foreach (var helper in calls.Helpers)
        {
            if (!KnownNames.IsPinned(helper) && graph.ChainOf(helper, budget) is not null)
                return true;
        }

        foreach (var type in calls.Types)
        {
            if (graph.InitializationOf(type, budget) is not null)
                return true;
        }

        return false;
    }

    /// <summary>
    /// Conversions and a few other operators are called where nothing is written. As long as all of the compilation's
    /// own ones are harmless, they are nowhere to be looked for.
    /// </summary>
    private bool MayConversionsBlock(BlockingGraph graph, CancellationToken cancellation)
    {
        const int Unknown = 0, InProgress = 1, Harmless = 2, MayBlock = 3;
        var known = Volatile.Read(ref _conversions);
        if (known != Unknown || Interlocked.CompareExchange(ref _conversions, InProgress, Unknown) != Unknown)
            return known != Harmless;
        var found = MayBlock;
        try
        {
            found = DoConversionsBlock(graph, cancellation) ? MayBlock : Harmless;
        }
        catch (OperationCanceledException)
        {
            found = Unknown;
            throw;
        }
        finally
        {
            Volatile.Write(ref _conversions, found);
        }

        return found != Harmless;
    }

    private bool DoConversionsBlock(BlockingGraph graph, CancellationToken cancellation)
    {
        if (!_context.Members.Hidden(Operators.Rare).IsEmpty)
            return true;
        foreach (var conversion in _context.Members.Hidden(Operators.Conversion).Candidates)
        {
            if (conversion.MayBlock || graph.ChainOf((IMethodSymbol)conversion.Symbol, new ScanBudget(cancellation)) is not null)
                return true;
        }

        return false;
    }
}
