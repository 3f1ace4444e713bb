using System.Collections.Generic;
using System.Reflection;
using IoPool.Analyzers.Blocking.Evidence;
using IoPool.Analyzers.Catalogue;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Blocking;

/// <summary>Finds the places of one body that block, in the order in which they are written.</summary>
internal sealed partial class BodyScan
{
    private const int MaxDepth = 500;

    private readonly BlockingGraph _graph;
    private readonly BlockingSettings _settings;
    private readonly ScanBudget _budget;
    private readonly List<BlockingSite> _sites = [];
    private readonly bool _canLeaveLoop;
    private string? _delegateRunner;
    private int _depth;

    private BodyScan(BlockingGraph graph, BlockingSettings settings, ScanBudget budget, bool canLeaveLoop)
    {
        _graph = graph;
        _settings = settings;
        _budget = budget;
        _canLeaveLoop = canLeaveLoop;
    }

    /// <param name="graph">The compilation's helpers.</param>
    /// <param name="body">A method body, an accessor's, an initializer, or an anonymous or local function.</param>
    /// <param name="settings">Of the file of the body.</param>
    /// <param name="budget">What is left of the caps.</param>
    /// <param name="canLeaveLoop">Whether an await may take the body off its loop: ordinary async code, not pinned.</param>
    public static IReadOnlyList<BlockingSite> Run(
        BlockingGraph graph, IOperation body, BlockingSettings settings, ScanBudget budget, bool canLeaveLoop)
    {
        var scan = new BodyScan(graph, settings, budget, canLeaveLoop);
        // A primary constructor's call of its base is a call, and no function.
        if (body is IInvocationOperation call)
            scan.Visit(call);
        else
            scan.VisitFunction(body);
        return scan._sites;
    }

    private void VisitFunction(IOperation function)
    {
        foreach (var child in function.ChildOperations)
            Visit(child);
    }

    private void Visit(IOperation operation)
    {
        _budget.Cancellation.ThrowIfCancellationRequested();
        // A sum of thousands of terms is a tree that is as deep, and the stack is not.
        if (_depth >= MaxDepth)
            return;
        _depth++;
        VisitOne(operation);
        _depth--;
    }

    private void VisitOne(IOperation operation)
    {
        switch (operation)
        {
            case INameOfOperation or IAnonymousFunctionOperation or ILocalFunctionOperation or ITypeOfOperation
                or IMethodReferenceOperation { Instance: null }:
                return;
            case IInvocationOperation call:
                VisitCall(call);
                break;
            case IPropertyReferenceOperation property:
                VisitProperty(property);
                break;
            case IObjectCreationOperation creation:
                VisitCreation(creation);
                break;
            case IConditionalOperation { Condition.ConstantValue: { HasValue: true, Value: bool isTrue } } conditional:
                if ((isTrue ? conditional.WhenTrue : conditional.WhenFalse) is { } live)
                    Visit(live);
                return;
            case ILockOperation locked when _settings.ReportsLocks:
                Add(locked, locked.Syntax, BlockingRules.Lock, Certainty.May, "lock",
                    "state that only this loop touches needs no lock; otherwise use 'SemaphoreSlim.WaitAsync'");
                break;
            case IUsingOperation { IsAsynchronous: false } use:
                VisitUsing(use, use.Resources);
                break;
            case IUsingDeclarationOperation { IsAsynchronous: false } use:
                VisitUsing(use, use.DeclarationGroup);
                break;
            case IUsingOperation use:
                VisitAwaitUsing(use, use.Resources);
                break;
            case IUsingDeclarationOperation use:
                VisitAwaitUsing(use, use.DeclarationGroup);
                break;
            case IDeconstructionAssignmentOperation deconstruction:
                VisitDeconstruction(deconstruction);
                break;
            case IRecursivePatternOperation { DeconstructSymbol: IMethodSymbol method }:
                VisitHelper(operation, method);
                break;
            case IForEachLoopOperation loop:
                VisitForEach(loop);
                return;
            case ILoopOperation loop:
                VisitLoop(loop);
                return;
            case IFieldReferenceOperation { Field: { IsStatic: true, IsConst: false } } field:
                VisitStaticUse(field, field.Field);
                break;
            case IBinaryOperation { OperatorMethod: null, OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } text:
                VisitText(text, text.LeftOperand);
                VisitText(text, text.RightOperand);
                break;
            case IInterpolationOperation hole:
                VisitText(hole, hole.Expression);
                break;
            case IAwaitOperation wait:
                VisitAwait(wait);
                break;
            case IImplicitIndexerReferenceOperation element:
                VisitAccessor(element, element.LengthSymbol);
                VisitAccessor(element, element.IndexerSymbol);
                break;
            case IListPatternOperation list:
                VisitAccessor(list, list.LengthSymbol);
                VisitAccessor(list, list.IndexerSymbol);
                break;
            case IEventAssignmentOperation { EventReference: IEventReferenceOperation { Event: { } member } } assignment:
                if ((assignment.Adds ? member.AddMethod : member.RemoveMethod) is { } accessor)
                    VisitHelper(operation, accessor);
                break;
        }

        if (OperatorOf(operation) is { } called)
            VisitHelper(operation, called);
        foreach (var child in operation.ChildOperations)
            Visit(child);
    }

    private static IMethodSymbol? OperatorOf(IOperation operation) => operation switch
    {
        IBinaryOperation binary => binary.OperatorMethod,
        IUnaryOperation unary => unary.OperatorMethod,
        IConversionOperation conversion => conversion.OperatorMethod,
        ICompoundAssignmentOperation assignment => assignment.OperatorMethod,
        IIncrementOrDecrementOperation step => step.OperatorMethod,
        _ => null,
    };

    private void VisitCall(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (method.MethodKind == MethodKind.DelegateInvoke)
        {
            VisitDelegate(call);
            return;
        }

        if (!VisitMember(call, method, call.Instance?.Type ?? (call.Arguments.Length > 0 && method.IsExtensionMethod
                ? ValueKey.Unwrap(call.Arguments[0].Value)?.Type : null)))
        {
            if (method is { Name: "Dispose", Parameters.Length: 0 } && AsyncDisposal.IsBetterFor(call.Instance?.Type))
                AddDisposal(call, call.Syntax, call.Instance!.Type!);
        }

        VisitStaticUse(call, method);
        VisitDelegateArguments(call);
    }

    private void VisitProperty(IPropertyReferenceOperation property)
    {
        var isWritten = IsTarget(property);
        var isBoth = property.Parent is ICompoundAssignmentOperation or IIncrementOrDecrementOperation
            or ICoalesceAssignmentOperation;
        var accessor = isWritten ? property.Property.SetMethod : property.Property.GetMethod;
        if (accessor is not null && _graph.HasSource(accessor))
            VisitHelper(property, accessor);
        else if (!isWritten)
            VisitMember(property, property.Property, property.Instance?.Type);
        if (isBoth && property.Property.SetMethod is { } setter)
            VisitHelper(property, setter);
        if (accessor is not null)
            VisitSynchronized(property, accessor);
        VisitStaticUse(property, property.Property);
    }

    private static bool IsTarget(IOperation operation)
    {
        var (child, parent) = (operation, operation.Parent);
        while (parent is ITupleOperation)
            (child, parent) = (parent, parent.Parent);
        return parent switch
        {
            ISimpleAssignmentOperation assignment => assignment.Target == child,
            IDeconstructionAssignmentOperation deconstruction => deconstruction.Target == child,
            _ => false,
        };
    }

    private void VisitCreation(IObjectCreationOperation creation)
    {
        if (creation.Constructor is not { } constructor)
            return;
        VisitMember(creation, constructor, creation.Type);
        VisitStaticUse(creation, constructor);
    }

    /// <summary>Attribute on the member, then its source, then the catalogue. Whether any of them decided.</summary>
    private bool VisitMember(IOperation use, ISymbol member, ITypeSymbol? receiver)
    {
        if (Contracts.IsBelievedNonBlocking(member))
            return true;
        if (Contracts.FindBlocking(member) is { } blocking)
        {
            var replacement = Contracts.ReplacementOf(blocking);
            Add(use, use.Syntax, BlockingRules.BlockingMember, Certainty.Always, Advice.NameOf(member),
                replacement is { Length: > 0 } ? $"use '{replacement}'" : Advice.Offload);
            return true;
        }

        if (member is IMethodSymbol method)
        {
            var (target, _) = Dispatch.Resolve(method, use);
            if (_graph.HasSource(target))
            {
                if (ConditionalCalls.IsLeftOut(target, use.Syntax))
                    return true;
                VisitHelper(use, target);
                VisitSynchronized(use, target);
                return use is not IInvocationOperation { TargetMethod.Name: "Dispose" };
            }

            VisitSynchronized(use, method);
        }

        return VisitCatalogued(use, member, receiver) || VisitGenerated(use, member);
    }

    private void VisitSynchronized(IOperation use, IMethodSymbol method)
    {
        if (_settings.ReportsLocks && IsSynchronized(method))
        {
            Add(use, use.Syntax, BlockingRules.Lock, Certainty.May, Advice.NameOf(method) + " (synchronized)",
                "remove [MethodImpl(MethodImplOptions.Synchronized)]: state that only this loop touches needs no lock");
        }
    }

    /// <summary>Whether a method takes a lock by an attribute.</summary>
    public static bool IsSynchronized(IMethodSymbol method) =>
        (method.MethodImplementationFlags & MethodImplAttributes.Synchronized) != 0;

    private bool VisitCatalogued(IOperation use, ISymbol member, ITypeSymbol? receiver)
    {
        if (_graph.Catalogue.Find(member, receiver) is not { } row)
            return false;
        if (row.Certainty == Certainty.Never || (row.Category == "console" && row.Certainty == Certainty.May && !_settings.ReportsConsole)
            || (row.Category == "lock" && row.Certainty == Certainty.May && !_settings.ReportsLocks))
        {
            return true;
        }

        var certainty = RowConditions.Judge(use, row);
        if (certainty == Certainty.Never)
            return true;
        var rule = BlockingRules.Find(CategoryRules.RuleOf(row.With(certainty)));
        if (certainty == Certainty.May && IsAsyncDisposal(use, member))
            rule = BlockingRules.SyncDispose;
        Add(use, use.Syntax, rule, certainty, Advice.NameOf(member), Advice.Of(row), row);
        return true;
    }

    private static bool IsAsyncDisposal(IOperation use, ISymbol member) =>
        member.Name is "Dispose" or "Close"
        && use is IInvocationOperation { Instance.Type: { } type }
        && AsyncDisposal.IsBetterFor(type);

    // The blocking half of a generated gRPC client, whose types no catalogue can list.
    private bool VisitGenerated(IOperation use, ISymbol member)
    {
        if (member is not IMethodSymbol { IsStatic: false } method || !GrpcClients.IsBlockingCall(method))
            return false;
        Add(use, use.Syntax, BlockingRules.SyncIo, Certainty.Always, Advice.NameOf(member),
            $"write 'await {method.Name}Async(...)' instead");
        return true;
    }

    private void VisitHelper(IOperation use, IMethodSymbol method)
    {
        if (Contracts.FindBlocking(method) is not null)
        {
            VisitMember(use, method, null);
            return;
        }

        if (_graph.ChainOf(method, use, _budget) is { } chain)
            AddChain(use, use.Syntax, chain);
    }

    private void VisitStaticUse(IOperation use, ISymbol member)
    {
        if ((member.IsStatic || member is IMethodSymbol { MethodKind: MethodKind.Constructor })
            && member.ContainingType is { } type
            && _graph.InitializationOf(type, use, _budget) is { } chain)
        {
            AddChain(use, use.Syntax, chain);
        }
    }

    // A delegate that is called where it can be seen what it is.
    private void VisitDelegate(IInvocationOperation call)
    {
        var value = LocalValues.Resolve(call.Instance);
        if (value is IFieldReferenceOperation { Field: { IsReadOnly: true } field })
            value = FieldValues.InitializerOf(field, value.SemanticModel);
        if (_graph.ChainOfDelegate(value, _settings, _budget) is { } chain)
            AddChain(call, call.Syntax, chain);
    }

    private void VisitDelegateArguments(IInvocationOperation call)
    {
        if (call.Arguments.Length == 0 || _settings.OffloadMethods.Contains(
                DelegateInvokers.FullNameOf(call.TargetMethod.ContainingType) + "." + call.TargetMethod.Name))
        {
            return;
        }

        bool? runsNow = null;
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is not { Type.TypeKind: TypeKind.Delegate } parameter)
                continue;
            runsNow ??= DelegateInvokers.RunsNow(call);
            if (runsNow == true || _graph.Invokes(call.TargetMethod, parameter))
                VisitInlineDelegate(call, argument);
        }
    }

    private void VisitInlineDelegate(IInvocationOperation call, IArgumentOperation argument)
    {
        var runner = Advice.NameOf(call.TargetMethod);
        if (LoopCode.Delegates.FunctionOf(argument.Value) is IAnonymousFunctionOperation lambda)
        {
            if (KnownNames.IsPinned(lambda.Symbol))
                return;
            var outer = _delegateRunner;
            _delegateRunner = runner;
            VisitFunction(lambda);
            _delegateRunner = outer;
        }
        else if (_graph.ChainOfDelegate(LocalValues.Resolve(argument.Value), _settings, _budget) is { } chain)
        {
            var outer = _delegateRunner;
            _delegateRunner = runner;
            AddChain(argument, argument.Value.Syntax, chain);
            _delegateRunner = outer;
        }
    }

    private void AddDisposal(IOperation use, SyntaxNode at, ITypeSymbol type) =>
        Add(use, at, BlockingRules.SyncDispose, Certainty.May, type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat), "use 'await using' or 'await DisposeAsync()'");

    private void AddChain(IOperation use, SyntaxNode at, BlockingChain chain) => Add(new BlockingSite(
        use,
        at,
        chain.IsSure ? BlockingRules.Transitive : BlockingRules.TransitiveMaybe,
        chain.IsSure ? Certainty.Always : Certainty.May,
        Advice.NameOf(chain.Helper),
        Advice.Helper)
    {
        Chain = chain,
        DelegateRunner = _delegateRunner,
    });

    private void Add(
        IOperation operation, SyntaxNode at, DiagnosticDescriptor rule, Certainty certainty, string name, string advice,
        CatalogueRow? row = null) =>
        Add(new BlockingSite(operation, at, rule, certainty, name, advice) { Row = row, DelegateRunner = _delegateRunner });

    private void Add(BlockingSite site)
    {
        // One diagnostic a call site.
        foreach (var known in _sites)
        {
            if (known.Syntax == site.Syntax)
                return;
        }

        if (!_canLeaveLoop || !LoopExits.HasLeft(site.Operation))
            _sites.Add(site);
    }
}
