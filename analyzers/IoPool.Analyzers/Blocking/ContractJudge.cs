using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Blocking;

/// <summary>Finds attributes that contradict each other, their base, or the body under them.</summary>
internal sealed class ContractJudge
{
    private readonly BlockingGraph _graph;

    // Nearly no interface has a member with such an attribute.
    private readonly ConcurrentDictionary<INamedTypeSymbol, bool> _hasContract = new(SymbolEqualityComparer.Default);

    private ContractJudge(BlockingGraph graph) => _graph = graph;

    public static void Register(CompilationStartAnalysisContext start, BlockingGraph graph)
    {
        var judge = new ContractJudge(graph);
        // Once a type, which takes fewer callbacks than once a member.
        start.RegisterSymbolAction(judge.AnalyzeType, SymbolKind.NamedType);
    }

    private void AnalyzeMember(ISymbol member, SymbolAnalysisContext context)
    {
        var blocking = Contracts.FindBlocking(member);
        var nonBlocking = Contracts.FindNonBlocking(member);
        if (blocking is not null && nonBlocking is not null)
            Report(context, member, "is both [Blocking] and [NonBlocking]; remove one of them");
        else if (nonBlocking is not null && !Contracts.HasReason(nonBlocking))
            Report(context, member, "is [NonBlocking] without a reason, and so is not believed; say why it does not block");
        else if (blocking is not null && member is IMethodSymbol pinned && KnownNames.IsPinned(pinned))
            Report(context, member, "is [Blocking] and [Pinned]; a pinned method never blocks its loop");
        else if (BaseOf(member) is { } contract)
            Compare(member, contract, member, context);
    }

    private void AnalyzeType(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        foreach (var member in type.GetMembers())
        {
            if (member.IsImplicitlyDeclared)
                continue;
            if (member is IMethodSymbol { AssociatedSymbol: null } method)
                AnalyzeMember(method.PartialImplementationPart ?? method, context);
            else if (member is IPropertySymbol)
                AnalyzeMember(member, context);
        }

        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct))
            return;
        foreach (var contract in type.AllInterfaces.Where(HasContract).SelectMany(static i => ContractsOf(i)))
        {
            if (type.FindImplementationForInterfaceMember(contract) is { } member
                && SymbolEqualityComparer.Default.Equals(member.ContainingType, type))
            {
                Compare(member, contract, member, context);
            }
        }
    }

    private void Compare(ISymbol member, ISymbol contract, ISymbol at, SymbolAnalysisContext context)
    {
        if (!Contracts.IsBelievedNonBlocking(contract))
            return;
        var promise = $"stands in for '{Advice.NameOf(contract)}', which is [NonBlocking]";
        if (Contracts.FindBlocking(member) is not null)
            Report(context, at, $"is [Blocking] but {promise}");
        else if (Contracts.FindNonBlocking(member) is null && FindChain(member, context) is { IsSure: true } chain)
            Report(context, at, $"{promise}, and blocks: {string.Join(" -> ", chain.Names)}");
    }

    private BlockingChain? FindChain(ISymbol member, SymbolAnalysisContext context)
    {
        var method = member is IPropertySymbol property ? property.GetMethod : member as IMethodSymbol;
        return method is null ? null : _graph.ChainOfBody(method, new ScanBudget(context.CancellationToken));
    }

    private static ISymbol? BaseOf(ISymbol member)
    {
        for (var current = Overridden(member); current is not null; current = Overridden(current))
        {
            if (Contracts.FindNonBlocking(current) is not null)
                return current;
        }

        return null;
    }

    private static ISymbol? Overridden(ISymbol member) => member switch
    {
        IMethodSymbol method => method.OverriddenMethod,
        IPropertySymbol property => property.OverriddenProperty,
        _ => null,
    };

    private bool HasContract(INamedTypeSymbol type) =>
        _hasContract.GetOrAdd(type.OriginalDefinition, static t => ContractsOf(t).Any());

    private static IEnumerable<ISymbol> ContractsOf(INamedTypeSymbol type) => type.GetMembers().Where(static member =>
        member is IMethodSymbol { AssociatedSymbol: null } or IPropertySymbol && Contracts.FindNonBlocking(member) is not null);

    private static void Report(SymbolAnalysisContext context, ISymbol member, string what)
    {
        var location = member.Locations.FirstOrDefault(static l => l.IsInSource) ?? Location.None;
        context.ReportDiagnostic(Diagnostic.Create(
            BlockingRules.ContractMismatch, location, Advice.NameOf(member), what));
    }
}
