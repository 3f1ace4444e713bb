using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Facts = System.Collections.Immutable.ImmutableDictionary<
    Microsoft.CodeAnalysis.ISymbol, Microsoft.CodeAnalysis.IOperation>;

namespace IoPool.Analyzers.Flow;

/// <summary>
/// Follows facts about symbols along the paths of one function. A fact holds after two paths meet when it holds on either
/// of them; each fact says which operation made it.
/// </summary>
internal abstract class ForwardFlow(ControlFlowGraph graph, CancellationToken cancellation)
{
    protected static Facts None { get; } = Facts.Empty.WithComparers(SymbolEqualityComparer.Default);

    /// <summary>Whether a handler starts with what held anywhere in its try block, or with what held before it.</summary>
    protected abstract bool HandlerSeesAll { get; }

    public void Run() => Run(0, graph.Blocks.Length - 1, None);

    /// <summary>The facts after an operation, whose operands have been visited.</summary>
    protected abstract Facts Visit(IOperation operation, Facts facts);

    /// <summary>The facts on the path on which a condition has a value; it has been visited.</summary>
    protected virtual Facts Assume(IOperation condition, bool value, Facts facts) => facts;

    /// <summary>Of two facts about one symbol, the one that holds after their paths meet.</summary>
    protected virtual IOperation Choose(IOperation one, IOperation other) => one;

    // Blocks of a finally are reached by no branch: it runs anew for each branch that leaves its try block.
    private Facts? Run(int first, int last, Facts start)
    {
        var entries = new Dictionary<int, Facts> { [first] = start };
        var pending = new SortedSet<int> { first };
        Facts? end = null;
        while (pending.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var ordinal = pending.Min;
            pending.Remove(ordinal);
            var block = graph.Blocks[ordinal];
            var facts = entries[ordinal];
            EnterHandlers(block, facts, Reach);
            foreach (var operation in block.Operations)
                facts = VisitTree(operation, facts);
            if (block.BranchValue is { } value)
                facts = VisitTree(value, facts);
            if (HandlerSeesAll)
                EnterHandlers(block, facts, Reach);
            Leave(block.ConditionalSuccessor, facts);
            Leave(block.FallThroughSuccessor, facts);
        }

        return end;

        void Leave(ControlFlowBranch? branch, Facts facts)
        {
            if (branch is null)
                return;
            if (branch.Semantics == ControlFlowBranchSemantics.StructuredExceptionHandling)
            {
                end = end is null ? facts : Merge(end, facts);
                return;
            }

            var after = RunFinally(branch, Assume(branch, facts));
            if (after is not null && branch.Destination is { } destination)
                Reach(destination.Ordinal, after);
        }

        void Reach(int ordinal, Facts facts)
        {
            if (ordinal < first || ordinal > last)
                return;
            var merged = entries.TryGetValue(ordinal, out var known) ? Merge(known, facts) : facts;
            if (known is not null && IsSame(known, merged))
                return;
            entries[ordinal] = merged;
            pending.Add(ordinal);
        }
    }

    private Facts? RunFinally(ControlFlowBranch branch, Facts facts)
    {
        Facts? after = facts;
        foreach (var region in branch.FinallyRegions)
        {
            if (after is null)
                return null;
            after = Run(region.FirstBlockOrdinal, region.LastBlockOrdinal, after);
        }

        return after;
    }

    private Facts Assume(ControlFlowBranch branch, Facts facts)
    {
        var block = branch.Source;
        if (block.ConditionKind == ControlFlowConditionKind.None || block.BranchValue is not { } condition)
            return facts;
        var value = branch.IsConditionalSuccessor == (block.ConditionKind == ControlFlowConditionKind.WhenTrue);
        return Assume(condition, value, facts);
    }

    private void EnterHandlers(BasicBlock block, Facts facts, System.Action<int, Facts> reach)
    {
        for (var region = block.EnclosingRegion; region is not null; region = region.EnclosingRegion)
        {
            if (!HandlerSeesAll && region.FirstBlockOrdinal != block.Ordinal)
                return;
            if (region.Kind != ControlFlowRegionKind.Try
                || region.EnclosingRegion is not { Kind: ControlFlowRegionKind.TryAndCatch } whole)
            {
                continue;
            }

            foreach (var handler in whole.NestedRegions.Where(r => r.Kind != ControlFlowRegionKind.Try))
                reach(handler.FirstBlockOrdinal, facts);
        }
    }

    private Facts VisitTree(IOperation operation, Facts facts)
    {
        foreach (var child in operation.ChildOperations)
            facts = VisitTree(child, facts);
        return Visit(operation, facts);
    }

    private Facts Merge(Facts one, Facts other)
    {
        foreach (var fact in other)
        {
            one = one.SetItem(
                fact.Key, one.TryGetValue(fact.Key, out var known) ? Choose(known, fact.Value) : fact.Value);
        }

        return one;
    }

    private static bool IsSame(Facts one, Facts other) =>
        one.Count == other.Count
        && one.All(fact => other.TryGetValue(fact.Key, out var value) && ReferenceEquals(value, fact.Value));
}
