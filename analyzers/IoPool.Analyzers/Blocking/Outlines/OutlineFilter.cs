using System.Collections.Concurrent;
using System.Threading;
using IoPool.Analyzers.Catalogue;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Analyzers.Blocking.Outlines;

/// <summary>
/// Tells of most helpers that nothing in them may block, without binding them, which is what takes the time.
/// </summary>
internal sealed class OutlineFilter(Compilation compilation, BlockingCatalogue catalogue)
{
    private readonly HelperBodies _bodies = new(compilation);
    private readonly OutlineContext _context = new(compilation, catalogue);
    private readonly ConcurrentDictionary<string, State> _states = new();

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

    private bool MayBlock(OutlineCalls calls, BlockingGraph graph, ScanBudget budget)
    {
        foreach (var name in calls.AnyOf)
        {
            if (MayBlock(name, graph, budget.Cancellation))
                return true;
        }

        var capCount = budget.CapCount;
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

        // An outline goes further than the compiler: what it had no depth left for may be nothing that is called.
        return budget.CapCount != capCount;
    }

    // Conversions are called where nothing is written, and so are a few operators.
    private bool MayConversionsBlock(BlockingGraph graph, CancellationToken cancellation) =>
        !_context.Members.Own(Operators.Rare).IsEmpty || MayBlock(Operators.Conversion, graph, cancellation);

    /// <summary>
    /// Whether any of the compilation's own members of a name may block. As long as none does, nothing has to be known
    /// of what an operator, an await or a text works on.
    /// </summary>
    private bool MayBlock(string name, BlockingGraph graph, CancellationToken cancellation)
    {
        var state = _states.GetOrAdd(name, static _ => new State());
        var known = Volatile.Read(ref state.Value);
        if (known != State.Unknown
            || Interlocked.CompareExchange(ref state.Value, State.InProgress, State.Unknown) != State.Unknown)
        {
            return known != State.Harmless;
        }

        var found = State.Unknown;
        try
        {
            found = IsAnyBlocking(_context.Members.Own(name), graph, cancellation)
                ? State.MayBlock
                : State.Harmless;
        }
        finally
        {
            Volatile.Write(ref state.Value, found);
        }

        return found != State.Harmless;
    }

    private static bool IsAnyBlocking(MemberGroup group, BlockingGraph graph, CancellationToken cancellation)
    {
        foreach (var candidate in group.Candidates)
        {
            var method = candidate.Symbol is IPropertySymbol property ? property.GetMethod : candidate.Symbol as IMethodSymbol;
            if (candidate.MayBlock || (method is not null && graph.ChainOf(method, new ScanBudget(cancellation)) is not null))
                return true;
        }

        return false;
    }

    private sealed class State
    {
        public const int Unknown = 0;
        public const int InProgress = 1;
        public const int Harmless = 2;
        public const int MayBlock = 3;

        public int Value;
    }
}
