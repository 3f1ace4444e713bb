using System.Collections.Generic;
using System.Linq;
using IoPool.Analyzers.Blocking.Evidence;
using IoPool.Analyzers.Catalogue;
using IoPool.Analyzers.LoopCode;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Blocking;

/// <summary>What is called without being written: disposal, deconstruction, enumeration; and loops.</summary>
internal sealed partial class BodyScan
{
    private void VisitUsing(IOperation use, IOperation resources)
    {
        foreach (var (type, value) in ResourcesOf(resources))
        {
            var made = LocalValues.Resolve(value) is IObjectCreationOperation { Type: { } exact } ? exact : type;
            if (VisitDispose(use, made, value))
                return;
        }
    }

    private void VisitAwaitUsing(IOperation use, IOperation resources)
    {
        foreach (var (type, value) in ResourcesOf(resources))
        {
            var resource = LocalValues.Resolve(value);
            if (resource is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } configured)
                resource = LocalValues.Resolve(ValueKey.SourceOf(configured));
            if (AsyncDisposal.FindDisposeAsync(resource?.Type ?? type) is { } dispose)
                VisitHelper(use, dispose);
        }
    }

    private void VisitDeconstruction(IDeconstructionAssignmentOperation operation)
    {
        if (operation is { Syntax: AssignmentExpressionSyntax syntax, SemanticModel: { } model })
            VisitDeconstruction(operation, operation.Value.Syntax, model.GetDeconstructionInfo(syntax));
    }

    private void VisitDeconstruction(IOperation operation, SyntaxNode at, DeconstructionInfo info)
    {
        if (info.Method is { } method && _graph.ChainOf(method, operation, _budget) is { } chain)
            AddChain(operation, at, chain);
        foreach (var nested in info.Nested)
            VisitDeconstruction(operation, at, nested);
    }

    private bool VisitDispose(IOperation use, ITypeSymbol type, IOperation? value)
    {
        if (Disposal.FindDispose(type) is not { } dispose || Contracts.IsBelievedNonBlocking(dispose))
            return false;
        if (_graph.HasSource(dispose) && _graph.ChainOf(dispose, use, _budget) is { } chain)
        {
            AddChain(use, use.Syntax, chain);
            return true;
        }

        var row = _graph.HasSource(dispose) ? null : _graph.Catalogue.Find(dispose, type);
        if (row is { Certainty: Certainty.Never } || AsyncDisposal.IsOnlyInherited(type)
            || (value is not null && HasNothingToDo(value)))
            return false;
        if (AsyncDisposal.IsBetterFor(type))
        {
            AddDisposal(use, use.Syntax, type);
            return true;
        }

        if (row is null)
            return false;
        Add(use, use.Syntax, BlockingRules.Find(CategoryRules.RuleOf(row)), row.Certainty, Advice.NameOf(dispose), Advice.Of(row), row);
        return true;
    }

    private static bool HasNothingToDo(IOperation value) =>
        value.ConstantValue is { HasValue: true, Value: null } || InMemory.IsKnownToBe(value);

    private static IEnumerable<(ITypeSymbol Type, IOperation? Value)> ResourcesOf(IOperation resources)
    {
        if (resources is IVariableDeclarationGroupOperation group)
        {
            foreach (var declaration in group.Declarations)
            {
                foreach (var declarator in declaration.Declarators)
                    yield return (declarator.Symbol.Type, declarator.GetVariableInitializer()?.Value);
            }
        }
        else if (resources.Type is { } type)
        {
            yield return (ValueKey.Unwrap(resources)?.Type ?? type, resources);
        }
    }

    // What a value becomes in a text: its own ToString, unless it formats itself in some other way.
    private void VisitText(IOperation text, IOperation operand)
    {
        var value = ValueKey.Unwrap(operand);
        if (value?.Type is not { SpecialType: SpecialType.None or SpecialType.System_Object } type || type.TypeKind == TypeKind.TypeParameter
            || (text is IInterpolationOperation && type.AllInterfaces.Any(static i => KnownTypes.IsInSystem(i, "IFormattable"))))
        {
            return;
        }

        var exact = LocalValues.Resolve(value) is IObjectCreationOperation { Type: { } made } ? made : type;
        if (FindToString(exact) is { } method && _graph.ChainOn(value, method, _budget) is { } chain)
            AddChain(text, operand.Syntax, chain);
    }

    private static IMethodSymbol? FindToString(ITypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            foreach (var member in current.GetMembers("ToString"))
            {
                if (member is IMethodSymbol { Parameters.IsEmpty: true, IsStatic: false } method)
                    return method;
            }
        }

        return null;
    }

    private void VisitAwait(IAwaitOperation wait)
    {
        if (wait is not { Syntax: AwaitExpressionSyntax syntax, SemanticModel: { } model })
            return;
        var info = model.GetAwaitExpressionInfo(syntax);
        VisitAccessor(wait, info.GetAwaiterMethod);
        VisitAccessor(wait, info.IsCompletedProperty);
        // It is called when there is a result: the awaiter within it has one too.
        if (info.GetResultMethod is { } result && _graph.HasSource(result)
            && _graph.ChainOf(result, wait, _budget) is { IsTaskWait: false } chain)
        {
            AddChain(wait, wait.Syntax, chain);
        }
    }

    private void VisitAccessor(IOperation use, ISymbol? member)
    {
        var method = member is IPropertySymbol property ? property.GetMethod : member as IMethodSymbol;
        if (method is not null && _graph.HasSource(method))
            VisitHelper(use, method);
    }

    private void VisitForEach(IForEachLoopOperation loop)
    {
        Visit(loop.Collection);
        var collection = LocalValues.Resolve(loop.Collection);
        var at = (loop.Syntax as CommonForEachStatementSyntax)?.Expression ?? loop.Syntax;
        var type = ValueKey.Unwrap(loop.Collection)?.Type;
        if (loop is { Syntax: ForEachVariableStatementSyntax variables, SemanticModel: { } model })
            VisitDeconstruction(loop, at, model.GetDeconstructionInfo(variables));
        if (collection is IInvocationOperation { TargetMethod: { } iterator } made && _graph.IsIterator(iterator))
        {
            // Where it is enumerated, not where it was made.
            if (made.Syntax != at)
                _sites.RemoveAll(site => site.Syntax == made.Syntax);
            if (_graph.ChainOfIterator(iterator, loop, _budget) is { } chain)
                AddChain(loop, at, chain);
        }
        else if (!loop.IsAsynchronous && QuerySource.IsQueryable(type))
        {
            AddQuery(loop, at, collection);
        }
        else if (!loop.IsAsynchronous && KnownNames.Is(type, "ParallelQuery", ["System", "Linq"]))
        {
            Add(loop, at, BlockingRules.Parallel, Certainty.Always, "foreach over ParallelQuery", Advice.Offload);
        }
        else if (_graph.ChainOfEnumeration(loop, _budget) is { } chain)
        {
            AddChain(loop, at, chain);
        }

        Visit(loop.Body);
    }

    private void AddQuery(IOperation loop, SyntaxNode at, IOperation? source)
    {
        var kind = QuerySource.KindOf(source);
        if (kind == QueryKind.InMemory)
            return;
        var isSure = kind == QueryKind.Database;
        Add(loop, at, isSure ? BlockingRules.SyncIo : BlockingRules.MayBlock, isSure ? Certainty.Always : Certainty.May,
            "foreach over IQueryable", "write 'await foreach (... in query.AsAsyncEnumerable())' instead");
    }

    private void VisitLoop(ILoopOperation loop)
    {
        var before = _sites.Count;
        foreach (var child in loop.ChildOperations)
            Visit(child);
        // What surely blocks inside says it all; a hint to spin only says that the loop spins.
        var isSaid = false;
        for (var i = before; i < _sites.Count; i++)
            isSaid |= _sites[i].Certainty == Certainty.Always;
        if (isSaid || LoopJudge.Judge(loop) is not { } what)
            return;
        for (var i = _sites.Count - 1; i >= before; i--)
        {
            if (_sites[i].Row is { Category: "spin" })
                _sites.RemoveAt(i);
        }

        Add(loop, loop.Syntax, BlockingRules.UnboundedLoop, Certainty.Always, what, "await something in it, 'EventLoop.Yield()' at least");
    }
}
