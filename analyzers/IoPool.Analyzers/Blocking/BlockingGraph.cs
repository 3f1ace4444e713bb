using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using IoPool.Analyzers.Blocking.Outlines;
using IoPool.Analyzers.Catalogue;
using IoPool.Analyzers.LoopCode;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Blocking;

/// <summary>
/// Whether the helpers of one compilation block, found on demand from the bodies that run on a loop, and remembered.
/// Helpers of other compilations are never looked into, even where an IDE has their source.
/// </summary>
/// <param name="compilation">The helpers' own.</param>
/// <param name="options">Of its files.</param>
/// <param name="catalogue">What blocks.</param>
/// <param name="filter">Tells of helpers that need not be bound; without it, all are.</param>
internal sealed class BlockingGraph(Compilation compilation, AnalyzerOptions options, BlockingCatalogue catalogue, OutlineFilter? filter)
{
    // How often a delegate is passed on before it is called.
    private const int MaxHandOvers = 4;

    // Of one compilation; a root has caps of its own.
    private const int MaxHelpers = 50_000;

    private readonly ConcurrentDictionary<ISymbol, BlockingChain?> _chains = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, BlockingChain?> _initializations = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, bool> _invokedParameters = new(SymbolEqualityComparer.Default);
    private readonly HelperBodies _bodies = new(compilation);
    private int _helperCount;

    public BlockingCatalogue Catalogue { get; } = catalogue;

    public bool HasSource(IMethodSymbol method) => _bodies.HasSource(method);

    public bool IsIterator(IMethodSymbol method) => HasSource(method) && HelperBodies.IsIterator(method);

    /// <summary>How a call of a helper blocks, or null.</summary>
    public BlockingChain? ChainOf(IMethodSymbol method, IOperation use, ScanBudget budget)
    {
        var (target, isExact) = Dispatch.Resolve(method, use);
        if (!HasSource(target) || KnownNames.IsPinned(target))
            return null;
        if (HelperBodies.IsIterator(target) && !DelegateInvokers.IsEnumerated(use))
            return null;
        return ChainOf(target, isExact, budget);
    }

    /// <summary>How a member that is called on a value, without being named, blocks.</summary>
    public BlockingChain? ChainOn(IOperation? receiver, IMethodSymbol method, ScanBudget budget)
    {
        var (target, isExact) = Dispatch.ResolveFor(method, receiver);
        return ChainOf(target, isExact, budget);
    }

    /// <summary>How a member's own body blocks, whoever calls it.</summary>
    public BlockingChain? ChainOfBody(IMethodSymbol method, ScanBudget budget) =>
        HasSource(method) && !method.IsAbstract && !KnownNames.IsPinned(method) ? ChainOf(method, budget) : null;

    /// <summary>How a sequence that an iterator makes blocks when it is enumerated.</summary>
    public BlockingChain? ChainOfIterator(IMethodSymbol iterator, IOperation use, ScanBudget budget)
    {
        var (target, isExact) = Dispatch.Resolve(iterator, use);
        return ChainOf(target, isExact, budget);
    }

    private BlockingChain? ChainOf(IMethodSymbol target, bool isExact, ScanBudget budget)
    {
        var chain = HasSource(target) ? ChainOf(target, budget) : null;
        return chain is null || isExact ? chain : Weaken(chain);
    }

    /// <summary>How the members that a foreach calls block: the enumerator's, and its disposal.</summary>
    public BlockingChain? ChainOfEnumeration(IForEachLoopOperation loop, ScanBudget budget)
    {
        if (loop.Syntax is not CommonForEachStatementSyntax syntax || loop.SemanticModel is not { } model)
            return null;
        var info = model.GetForEachStatementInfo(syntax);
        IMethodSymbol?[] members =
        [
            info.GetEnumeratorMethod, info.MoveNextMethod, info.CurrentProperty?.GetMethod, info.DisposeMethod,
            info.DisposeMethod is not null && info.GetEnumeratorMethod is { ReturnType: { } type } ? Disposal.FindDispose(type) : null,
        ];
        foreach (var member in members)
        {
            if (member is not null && HasSource(member) && !member.IsAbstract && ChainOf(member, budget) is { } chain)
                return chain;
        }

        return null;
    }

    /// <summary>How a delegate blocks when it is called: a lambda, or a method or local function with source.</summary>
    public BlockingChain? ChainOfDelegate(IOperation? value, BlockingSettings settings, ScanBudget budget)
    {
        switch (value is null ? null : Delegates.FunctionOf(value))
        {
            case IAnonymousFunctionOperation lambda when !KnownNames.IsPinned(lambda.Symbol):
                return _chains.TryGetValue(lambda.Symbol, out var known) ? known : ChainOfLambda(lambda, settings, budget);
            case IMethodReferenceOperation { Method: { } method } reference when HasSource(method) && !KnownNames.IsPinned(method):
                return ChainOf(method, reference, budget);
            case IMethodReferenceOperation { Method: { } method } reference when !HasSource(method):
                return ChainOfForeign(method, reference);
            default:
                return null;
        }
    }

    private BlockingChain? ChainOfLambda(IAnonymousFunctionOperation lambda, BlockingSettings settings, ScanBudget budget) => Remember(
        _chains, lambda.Symbol, budget, (_, _, _) => Choose(lambda.Symbol, Scan(lambda, lambda.Symbol, settings, budget)));

    /// <summary>How the first use of a type may block, by its static constructor and initializers.</summary>
    public BlockingChain? InitializationOf(INamedTypeSymbol type, IOperation use, ScanBudget budget)
    {
        type = type.OriginalDefinition;
        var chain = InitializationOf(type, budget);
        return chain is null || IsInside(type, use) ? null : Weaken(chain);
    }

    /// <summary>How the static constructor and initializers of a type block.</summary>
    public BlockingChain? InitializationOf(INamedTypeSymbol type, ScanBudget budget)
    {
        if (_initializations.TryGetValue(type, out var known))
            return known;
        if (!_bodies.HasSource(type) || type.TypeKind == TypeKind.Enum)
            return null;
        return Remember(
            _initializations, type, budget, static (graph, used, budget) => graph.FindInitialization((INamedTypeSymbol)used, budget));
    }

    private BlockingChain? FindInitialization(INamedTypeSymbol type, ScanBudget budget) =>
        filter?.MayBlock(type, this, budget) == false ? null : Choose(
            type, _bodies.StaticInitializersOf(type).SelectMany(body => Scan(body.Operation, body.Method, null, budget)));

    /// <summary>Whether a method with source calls a delegate that it is given, itself and before it returns.</summary>
    public bool Invokes(IMethodSymbol method, IParameterSymbol parameter) => Invokes(method, parameter, MaxHandOvers);

    private bool Invokes(IMethodSymbol method, IParameterSymbol parameter, int depth)
    {
        if (depth == 0 || !HasSource(method))
            return false;
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        method = method.PartialImplementationPart ?? method;
        if (_invokedParameters.TryGetValue(parameter.OriginalDefinition, out var known))
            return known;
        var isInvoked = HelperBodies.Invokes(method, parameter.Name)
            || _bodies.HandOversOf(method, parameter.Name).Any(argument => argument is
            {
                Parent: IInvocationOperation call, Parameter: { } next,
            } && (DelegateInvokers.RunsNow(call) || Invokes(call.TargetMethod, next, depth - 1)));
        _invokedParameters.TryAdd(parameter.OriginalDefinition, isInvoked);
        return isInvoked;
    }

    // A method of a library, by its name only: no timeout or stream is known that could silence it.
    private BlockingChain? ChainOfForeign(IMethodSymbol method, IMethodReferenceOperation reference)
    {
        var isBlocking = Contracts.FindBlocking(method) is not null;
        var certainty = isBlocking ? Certainty.Always : Catalogue.Find(method, reference.Instance?.Type)?.Certainty ?? Certainty.Never;
        return certainty == Certainty.Never
            ? null
            : new BlockingChain(
                method, certainty == Certainty.Always, [Advice.NameOf(method)], [LoopCode.Locations.Of(reference.Syntax)]);
    }

    /// <summary>How a member with source blocks, whoever it is called for.</summary>
    public BlockingChain? ChainOf(IMethodSymbol method, ScanBudget budget)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        method = method.PartialImplementationPart ?? method;
        if (_chains.TryGetValue(method, out var known))
            return known;
        return Contracts.IsBelievedNonBlocking(method)
            ? null
            : Remember(_chains, method, budget, static (graph, helper, budget) => graph.FindChain((IMethodSymbol)helper, budget));
    }

    private BlockingChain? FindChain(IMethodSymbol method, ScanBudget budget)
    {
        var mayBlock = filter?.MayBlock(method, this, budget) != false;
        if (!mayBlock && method.MethodKind != MethodKind.Constructor)
            return null;
        var sites = mayBlock ? _bodies.BodiesOf(method).SelectMany(body => Scan(body, method, null, budget)) : [];
        return Choose(method, sites.Concat(BaseConstructor(method, budget)));
    }

    private IEnumerable<(BlockingSite Site, IOperation Body)> Scan(
        IOperation body, IMethodSymbol? method, BlockingSettings? settings, ScanBudget budget)
    {
        var canLeaveLoop = method is { IsAsync: true };
        settings ??= BlockingSettings.Of(body.Syntax.SyntaxTree, options);
        return BodyScan.Run(this, body, settings, budget, canLeaveLoop).Select(site => (site, body));
    }

    // A constructor that names no other one calls its base type's.
    private IEnumerable<(BlockingSite Site, IOperation Body)> BaseConstructor(IMethodSymbol method, ScanBudget budget)
    {
        if (method.MethodKind != MethodKind.Constructor
            || HelperBodies.NamesAnotherConstructor(method)
            || method.ContainingType.BaseType is not { } baseType
            || baseType.InstanceConstructors.FirstOrDefault(static c => c.Parameters.IsEmpty) is not { } constructor
            || !HasSource(constructor)
            || ChainOf(constructor, budget) is not { } chain)
        {
            yield break;
        }

        yield return (new BlockingSite(
            null!, chain.Locations[0].SourceTree!.GetRoot(budget.Cancellation).FindNode(chain.Locations[0].SourceSpan),
            BlockingRules.Transitive, chain.IsSure ? Certainty.Always : Certainty.May, Advice.NameOf(constructor), Advice.Helper)
        { Chain = chain }, null!);
    }

    private BlockingChain? Remember(
        ConcurrentDictionary<ISymbol, BlockingChain?> known,
        ISymbol helper,
        ScanBudget budget,
        Func<BlockingGraph, ISymbol, ScanBudget, BlockingChain?> find)
    {
        if (known.TryGetValue(helper, out var chain) || budget.TryFind(helper, out chain))
            return chain;
        if (Volatile.Read(ref _helperCount) >= MaxHelpers || !budget.TryEnter(helper))
            return null;
        Interlocked.Increment(ref _helperCount);
        var isDone = false;
        try
        {
            chain = find(this, helper, budget);
            isDone = true;
        }
        finally
        {
            if (!isDone)
                budget.Abandon();
        }

        budget.Exit(known, chain);
        return chain;
    }

    // The surest place, and of those the one with the shortest way.
    private static BlockingChain? Choose(ISymbol helper, IEnumerable<(BlockingSite Site, IOperation Body)> sites)
    {
        BlockingSite? best = null;
        var isBestSure = false;
        var all = sites.ToList();
        if (all.Count == 0)
            return null;
        var places = new HashSet<IOperation>(all.Where(static s => s.Site.Certainty == Certainty.Always && s.Body is not null)
            .Select(static s => s.Site.Operation));
        foreach (var (site, body) in all)
        {
            var isSure = site.Certainty == Certainty.Always
                && (body is null || !Paths.CanAvoid(site.Operation, body) || Paths.AllBlock(body, places));
            if (best is null || (isSure && !isBestSure)
                || (isSure == isBestSure && (site.Chain?.Depth ?? 0) < (best.Chain?.Depth ?? 0)))
            {
                (best, isBestSure) = (site, isSure);
            }
        }

        if (best is null)
            return null;
        var declaration = helper.Locations.FirstOrDefault(static l => l.IsInSource) ?? LoopCode.Locations.Of(best.Syntax);
        var names = best.Chain?.Names ?? [best.Rule == BlockingRules.UnboundedLoop ? "an endless loop" : best.Name];
        var locations = ImmutableArray.Create(declaration, LoopCode.Locations.Of(best.Syntax));
        return new BlockingChain(
            helper,
            isBestSure,
            names.Insert(0, Advice.NameOf(helper)),
            best.Chain is { } next ? locations.AddRange(next.Locations.Skip(1)) : locations)
        {
            IsTaskWait = best.Chain?.IsTaskWait ?? best.Rule == BlockingRules.TaskWait,
        };
    }

    private static BlockingChain Weaken(BlockingChain chain) =>
        chain.IsSure ? new BlockingChain(chain.Helper, isSure: false, chain.Names, chain.Locations) { IsTaskWait = chain.IsTaskWait } : chain;

    private static bool IsInside(INamedTypeSymbol type, IOperation use)
    {
        for (var inner = use.SemanticModel?.GetEnclosingSymbol(use.Syntax.SpanStart)?.ContainingType;
             inner is not null;
             inner = inner.ContainingType)
        {
            if (SymbolEqualityComparer.Default.Equals(inner.OriginalDefinition, type))
                return true;
        }

        return false;
    }
}
