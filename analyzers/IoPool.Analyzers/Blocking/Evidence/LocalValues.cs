using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Blocking.Evidence;

/// <summary>What the locals of a body are ever given. Asked for again and again, found once a body.</summary>
internal sealed class LocalValues
{
    private static readonly ConditionalWeakTable<IOperation, LocalValues> s_known = new();

    private readonly Dictionary<ISymbol, List<Assignment>> _assignments = new(SymbolEqualityComparer.Default);

    private readonly List<IInvocationOperation> _calls = [];
    private readonly List<ILocalFunctionOperation> _functions = [];
    private readonly HashSet<ISymbol> _aliased = new(SymbolEqualityComparer.Default);

    private LocalValues(IOperation root)
    {
        foreach (var operation in root.DescendantsAndSelf())
            Add(operation);
    }

    public static LocalValues Of(IOperation operation)
    {
        while (operation.Parent is { } parent)
            operation = parent;
        return s_known.GetValue(operation, static root => new LocalValues(root));
    }

    /// <summary>The only value that a local ever has; null when there are several, or an unknown one.</summary>
    public IOperation? OnlyValueOf(ISymbol local) =>
        _assignments.TryGetValue(local, out var all) && all.Count == 1 ? all[0].Value : null;

    /// <summary>Everything that a local or a member of this object is given in this body; null is an unknown value.</summary>
    public IReadOnlyList<Assignment> AssignmentsOf(ISymbol variable) =>
        _assignments.TryGetValue(variable, out var all) ? all : [];

    /// <summary>Whether a reference to a variable is kept, by which it may change at any time.</summary>
    public bool IsAliased(ISymbol variable) => _aliased.Contains(variable);

    /// <summary>The body of a local function, where it is part of the same tree.</summary>
    public ILocalFunctionOperation? FunctionOf(IMethodSymbol localFunction)
    {
        foreach (var function in _functions)
        {
            if (SymbolEqualityComparer.Default.Equals(function.Symbol, localFunction))
                return function;
        }

        return null;
    }

    /// <summary>The calls of a local function.</summary>
    public IEnumerable<IInvocationOperation> CallsOf(IMethodSymbol localFunction)
    {
        foreach (var call in _calls)
        {
            if (SymbolEqualityComparer.Default.Equals(call.TargetMethod, localFunction))
                yield return call;
        }
    }

    /// <summary>The value behind locals that are given one value only.</summary>
    public static IOperation? Resolve(IOperation? value)
    {
        for (var steps = 0; steps < 8; steps++)
        {
            value = ValueKey.Unwrap(value);
            if (value is not ILocalReferenceOperation local || Of(local).OnlyValueOf(local.Local) is not { } only)
                return value;
            value = only;
        }

        return value;
    }

    private void Add(IOperation operation)
    {
        switch (operation)
        {
            case IVariableDeclaratorOperation declarator:
                var initializer = declarator.GetVariableInitializer()?.Value;
                if (initializer is not null || declarator.Parent is IForEachLoopOperation)
                    Add(declarator.Symbol, operation, initializer);
                if (declarator.Symbol.IsRef && ValueKey.RootOf(initializer) is { } aliased)
                    _aliased.Add(aliased);
                break;
            case IDeclarationPatternOperation { DeclaredSymbol: { } symbol }:
                Add(symbol, operation, null);
                break;
            case IInvocationOperation { TargetMethod.MethodKind: MethodKind.LocalFunction } call:
                _calls.Add(call);
                break;
            case ILocalFunctionOperation function:
                _functions.Add(function);
                break;
            case IRecursivePatternOperation { DeclaredSymbol: { } symbol }:
                Add(symbol, operation, null);
                break;
            case ISimpleAssignmentOperation assignment:
                AddTarget(assignment.Target, operation, assignment.Value);
                break;
            case IAssignmentOperation assignment:
                AddTarget(assignment.Target, operation, null);
                break;
            case IIncrementOrDecrementOperation increment:
                AddTarget(increment.Target, operation, null);
                break;
            case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument:
                AddTarget(argument.Value, operation, null);
                break;
        }
    }

    private void AddTarget(IOperation target, IOperation by, IOperation? value)
    {
        switch (ValueKey.Unwrap(target))
        {
            case ILocalReferenceOperation local:
                Add(local.Local, by, value);
                break;
            case IParameterReferenceOperation parameter:
                Add(parameter.Parameter, by, value);
                break;
            case IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field:
                Add(field.Field, by, value);
                break;
            case IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation } property:
                Add(property.Property, by, value);
                break;
            case IDeclarationExpressionOperation declaration:
                AddTarget(declaration.Expression, by, null);
                break;
            case ITupleOperation tuple:
                foreach (var element in tuple.Elements)
                    AddTarget(element, by, null);
                break;
        }
    }

    private void Add(ISymbol variable, IOperation by, IOperation? value)
    {
        if (!_assignments.TryGetValue(variable, out var all))
            _assignments.Add(variable, all = []);
        all.Add(new Assignment(by, value));
    }

    /// <summary>One assignment: what does it, and the value where it is known.</summary>
    internal readonly struct Assignment(IOperation operation, IOperation? value)
    {
        public IOperation Operation { get; } = operation;

        public IOperation? Value { get; } = value;
    }
}
