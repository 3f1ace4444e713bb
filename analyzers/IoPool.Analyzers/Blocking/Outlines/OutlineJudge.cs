using System.Collections.Generic;
using System.Collections.Immutable;
using IoPool.Analyzers.Blocking.Evidence;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Blocking.Outlines;

/// <summary>What an outline calls that has a body of its own, when nothing else in it may block.</summary>
internal sealed class OutlineCalls
{
    public List<IMethodSymbol> Helpers { get; } = [];

    /// <summary>Names of members of the compilation: any member of the name may be called.</summary>
    public List<string> AnyOf { get; } = [];

    /// <summary>Types whose first use may be there.</summary>
    public List<INamedTypeSymbol> Types { get; } = [];
}

/// <summary>
/// Walks an outline with the types that declarations tell, and finds whether anything in it may block. It binds
/// nothing, which is what takes the time, and is right when it says no; otherwise the compiler is to be asked.
/// </summary>
internal sealed partial class OutlineJudge
{
    private readonly OutlineContext _context;
    private readonly MemberNames _members;
    private readonly TypeNames _types;
    private readonly Outline _outline;
    private readonly IMethodSymbol? _method;
    private readonly INamedTypeSymbol _type;
    private readonly TypeMembers _ownMembers;
    private readonly OutlinePlace _place;
    private readonly ImmutableArray<IParameterSymbol> _parameters;
    private readonly ITypeSymbol? _result;
    private readonly OutlineCalls _calls;

    // The types of values, and types and namespaces themselves; null is unknown.
    private readonly INamespaceOrTypeSymbol?[] _values;
    private readonly ITypeSymbol?[] _locals;
    private bool[]? _used;

    // The values that are delegates of read-only fields: what these were given is for the compiler to read.
    private bool[]? _functions;
    private bool _isFunction;
    private bool _mayBlock;

    private OutlineJudge(
        Outline outline, OutlineContext context, IMethodSymbol? method, INamedTypeSymbol type, ITypeSymbol? result, OutlineCalls calls)
    {
        _context = context;
        _members = context.Members;
        _types = context.Types;
        _outline = outline;
        _method = method;
        _type = type;
        _ownMembers = context.Members.Of(type);
        _place = context.PlaceOf(outline.Scope);
        _parameters = method is null ? [] : method.Parameters;
        _result = result;
        _calls = calls;
        _values = new INamespaceOrTypeSymbol?[outline.Steps.Length];
        _locals = new ITypeSymbol?[outline.LocalCount];
    }

    /// <summary>Whether something in an outline may block by itself; what it calls is added to the calls.</summary>
    /// <param name="outline">What to look at.</param>
    /// <param name="context">Of the compilation.</param>
    /// <param name="method">The member that it is of, if it is a method or an accessor.</param>
    /// <param name="type">The type around it.</param>
    /// <param name="result">The type of what it returns or starts with.</param>
    /// <param name="calls">Where to add what it calls.</param>
    public static bool MayBlock(
        Outline outline, OutlineContext context, IMethodSymbol? method, INamedTypeSymbol type, ITypeSymbol? result, OutlineCalls calls)
    {
        if (!outline.IsClear)
            return true;
        var judge = new OutlineJudge(outline, context, method, type, result, calls);
        for (var i = 0; i < outline.Steps.Length && !judge._mayBlock; i++)
            judge.Evaluate(i);
        return judge._mayBlock;
    }

    private void Evaluate(int number)
    {
        var step = _outline.Steps[number];
        _isFunction = false;
        _values[number] = Evaluate(step);
        if (step.Kind is StepKind.Name or StepKind.Member ? _isFunction
            : step.Kind is StepKind.Conversion or StepKind.NotNull or StepKind.MaybeNull && IsFunction(step.A))
        {
            (_functions ??= new bool[_values.Length])[number] = true;
        }
    }

    private bool IsFunction(int value) => value >= 0 && _functions?[value] == true;

    private INamespaceOrTypeSymbol? Evaluate(in Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Typed:
                return Resolve(step.Type!);
            case StepKind.SystemType:
                return _context.SystemType;
            case StepKind.This:
                return _type;
            case StepKind.Base:
                return _type.BaseType;
            case StepKind.Global:
                return _context.Compilation.GlobalNamespace;
            case StepKind.Local:
                return UseLocal(step.A);
            case StepKind.Name:
                return EvaluateName(step);
            case StepKind.Member:
                return EvaluateMember(step);
            case StepKind.Call:
                return EvaluateCall(step);
            case StepKind.LocalCall:
                return UseLocal(step.A) is INamedTypeSymbol { DelegateInvokeMethod.ReturnType: var result } ? result : _locals[step.A];
            case StepKind.Creation:
                return EvaluateCreation(step, Resolve(step.Type!));
            case StepKind.TargetCreation:
                return EvaluateCreation(step, TargetOf(step));
            case StepKind.ConstructorCall:
                EvaluateConstructorCall(step);
                return null;
            case StepKind.Element:
                return EvaluateElement(step);
            case StepKind.Operator:
                return EvaluateOperator(step);
            case StepKind.Conversion:
                return EvaluateConversion(step);
            case StepKind.NotNull:
                return Underlying(_values[step.A]);
            case StepKind.MaybeNull:
                return OrNull(TypeOf(step.A));
            case StepKind.Choice:
                return IsSame(TypeOf(step.A), TypeOf(step.B)) ? TypeOf(step.A) : null;
            case StepKind.Text:
                UseText(TypeOf(step.A));
                return null;
            case StepKind.Interpolated:
                UseAny("AppendLiteral");
                UseAny("AppendFormatted");
                Use(_members.TextHandlers, null);
                return _context.Compilation.GetSpecialType(SpecialType.System_String);
            case StepKind.Await:
                UseAwaiter(TypeOf(step.A));
                return Awaited(TypeOf(step.A));
            case StepKind.Declare:
                EvaluateDeclaration(step);
                return null;
            case StepKind.Assign:
                if (_outline.Steps[step.A] is { Kind: StepKind.Local, A: var local })
                {
                    _mayBlock |= IsFunction(step.B);
                    Give(local, _locals[local], step.B);
                }

                return TypeOf(step.A);
            case StepKind.Enumerate:
                return EvaluateEnumeration(step);
            case StepKind.Lambda:
                GiveParameters(step);
                return null;
            case StepKind.Using:
                EvaluateUsing(step);
                return null;
            case StepKind.Deconstruct:
                if (_members.IsOwn("Deconstruct"))
                    Use(_members.Anywhere("Deconstruct"), null);
                return null;
            default:
                return null;
        }
    }

    private ITypeSymbol? Resolve(TypeName name) => _types.Resolve(name, _place, _method, _type);

    // Members of a type parameter are those of its constraints; they are not followed.
    private ITypeSymbol? TypeOf(int step) => step < 0 || _values[step] is ITypeParameterSymbol ? null : _values[step] as ITypeSymbol;

    private ITypeSymbol? UseLocal(int local)
    {
        (_used ??= new bool[_locals.Length])[local] = true;
        return _locals[local];
    }

    private void EvaluateDeclaration(in Step step)
    {
        _mayBlock |= IsFunction(step.B);
        var isInferred = (step.Flags & StepFlags.Read) != 0;
        if (isInferred)
            _locals[step.A] = TypeOf(step.B);
        else
            Give(step.A, step.Type is { } written ? Resolve(written) : null, step.B);
    }

    /// <summary>
    /// A local of a written type is given a value. Behind a base type may be a value that is known better, and the
    /// analysis of the real body knows it.
    /// </summary>
    private void Give(int local, ITypeSymbol? type, int value)
    {
        if (value >= 0 && !IsExact(type))
        {
            if (!IsSame(type, TypeOf(value)) && IsMadeHere(value))
                _mayBlock = true;
            if (TypeOf(value) is not { } known || QuerySource.IsQueryable(known))
            {
                if (type is not null && !IsSame(type, TypeOf(value)))
                {
                    _mayBlock |= _used?[local] == true;
                    type = null;
                }
            }
        }

        _locals[local] = type;
    }

    private static bool IsExact(ITypeSymbol? type) => type is { IsValueType: true } or { IsSealed: true } or IArrayTypeSymbol;

    private bool IsMadeHere(int value)
    {
        while (value >= 0 && _outline.Steps[value].Kind is StepKind.Conversion or StepKind.NotNull or StepKind.MaybeNull)
            value = _outline.Steps[value].A;
        return value >= 0 && _outline.Steps[value].Kind is StepKind.Creation or StepKind.TargetCreation or StepKind.Local;
    }

    private ITypeSymbol? EvaluateConversion(in Step step)
    {
        var type = step.Type is { } written ? Resolve(written) : null;
        if (IsExact(type))
            return type;
        var from = TypeOf(step.A);
        if (type is not null && IsSame(type, from))
            return type;
        if (IsMadeHere(step.A))
            _mayBlock = true;
        return from is null || QuerySource.IsQueryable(from) ? null : type;
    }

    private ITypeSymbol? TargetOf(in Step step)
    {
        if (step.Type is { } written)
            return Resolve(written);
        if ((step.Flags & StepFlags.IsReturn) == 0)
            return TypeOf(step.A);
        return _method is { IsAsync: true } ? Awaited(_result) : _result;
    }

    private ITypeSymbol? EvaluateCreation(in Step step, ITypeSymbol? made)
    {
        if (made is INamedTypeSymbol { ConstructedFrom.SpecialType: SpecialType.System_Nullable_T } nullable)
            made = nullable.TypeArguments[0];
        if (made is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Delegate } type)
        {
            _mayBlock = true;
            return null;
        }

        if (type.TypeKind != TypeKind.Delegate)
            UseConstructor(type, step.ArgumentCount);
        return type;
    }

    private void EvaluateConstructorCall(in Step step)
    {
        var type = step.A == 0 ? _type : _type.BaseType;
        if (type is { TypeKind: not TypeKind.Error })
            UseConstructor(type, step.ArgumentCount);
        else
            _mayBlock = true;
    }

    private void UseConstructor(INamedTypeSymbol type, int count)
    {
        foreach (var candidate in _members.ConstructorsOf(type).Candidates)
        {
            if (candidate.Takes(count))
                UseMember(candidate, StepFlags.Read);
        }
    }

    private INamespaceOrTypeSymbol? EvaluateElement(in Step step)
    {
        var type = TypeOf(step.A);
        var index = step.ArgumentCount == 1 ? TypeOf(_outline.ArgumentsOf(step)[0]) : null;
        var mayBeRange = step.ArgumentCount == 1 && (step.Flags & (StepFlags.IsRange | StepFlags.IsFromEnd)) == 0
            && index is null or { Name: "Range" };
        if (type is IArrayTypeSymbol array)
            return (step.Flags & StepFlags.IsRange) != 0 ? array : mayBeRange ? null : array.ElementType;
        if (type is IPointerTypeSymbol)
            return null;
        if (type is null)
        {
            // An indexer is known by the names that metadata has for it.
            Use(_members.Anywhere("Item"), null, step.Flags);
            Use(_members.Anywhere("Chars"), null, step.Flags);
            Use(_members.Anywhere(WellKnownMemberNames.Indexer), null, step.Flags);
            return null;
        }

        var indexers = _members.Of(type, WellKnownMemberNames.Indexer);
        if ((step.Flags & (StepFlags.IsRange | StepFlags.IsFromEnd)) != 0 || mayBeRange || index is { Name: "Index" })
        {
            UseSources(_members.Of(type, "Length"));
            UseSources(_members.Of(type, "Count"));
        }

        if ((step.Flags & StepFlags.IsRange) != 0)
        {
            Use(indexers, null, step.Flags);
            UseSources(_members.Of(type, "Slice"));
            return type.SpecialType == SpecialType.System_String || type.Name is "Span" or "ReadOnlySpan" ? type : null;
        }

        var element = Use(indexers, step.ArgumentCount, step.Flags);
        if (!mayBeRange || (type.SpecialType != SpecialType.System_String && _members.Of(type, "Slice").IsEmpty))
            return element;
        UseSources(_members.Of(type, "Slice"));
        return null;
    }

    // What is called by itself counts if it has a body.
    private void UseSources(MemberGroup group)
    {
        foreach (var candidate in group.Candidates)
        {
            if (candidate.HasSource)
                UseMember(candidate, StepFlags.Read);
        }
    }

    private INamespaceOrTypeSymbol? EvaluateEnumeration(in Step step)
    {
        var type = TypeOf(step.A);
        if (type is IArrayTypeSymbol array)
            return array.ElementType;
        if (type is not INamedTypeSymbol named || HasOwnEnumerator(named) || QuerySource.IsQueryable(named)
            || KnownNames.Is(named, "ParallelQuery", ["System", "Linq"]))
        {
            _mayBlock = true;
            return null;
        }

        return ElementOf(named, (step.Flags & StepFlags.IsAwait) != 0 ? "GetAsyncEnumerator" : "GetEnumerator");
    }

    private bool HasOwnEnumerator(INamedTypeSymbol type)
    {
        if (_members.IsOwnExtension("GetEnumerator") || _members.IsOwnExtension("GetAsyncEnumerator")
            || _members.IsInExtensionBlock("GetEnumerator") || _members.IsInExtensionBlock("GetAsyncEnumerator"))
        {
            return true;
        }

        if (_members.IsOwn("GetEnumerator") || _members.IsOwn("GetAsyncEnumerator"))
        {
            for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
            {
                if (!current.DeclaringSyntaxReferences.IsEmpty)
                    return true;
            }
        }

        return type.TypeKind is not (TypeKind.Class or TypeKind.Struct or TypeKind.Interface);
    }

    private ITypeSymbol? ElementOf(INamedTypeSymbol type, string name)
    {
        foreach (var candidate in _members.Of(type, name).Candidates)
        {
            if (candidate.Symbol is IMethodSymbol { ReturnType: { } enumerator } method && candidate.Takes(0)
                && method.DeclaredAccessibility == Accessibility.Public
                && _members.Of(enumerator, "Current").Candidates is { IsEmpty: false } current)
            {
                return current[0].Type;
            }
        }

        return null;
    }

    private void EvaluateUsing(in Step step)
    {
        if (TypeOf(step.A) is not { } type || (step.Flags & StepFlags.IsAwait) != 0 || AsyncDisposal.IsBetterFor(type))
        {
            _mayBlock = true;
            return;
        }

        if (Disposal.FindDispose(type) is { } dispose)
        {
            foreach (var candidate in _members.Of(type, "Dispose").Candidates)
            {
                if (candidate.Takes(0))
                    UseMember(candidate, StepFlags.Read);
            }

            // Implemented explicitly, it has another name.
            if (dispose.ExplicitInterfaceImplementations.Length > 0 || type.TypeKind == TypeKind.Interface)
                _mayBlock = true;
        }
    }

    private static ITypeSymbol? Awaited(ITypeSymbol? type) => type is INamedTypeSymbol
    {
        Arity: 1, Name: "Task" or "ValueTask" or "ConfiguredTaskAwaitable" or "ConfiguredValueTaskAwaitable",
        DeclaringSyntaxReferences.IsEmpty: true,
    } task ? task.TypeArguments[0] : null;

    private static INamespaceOrTypeSymbol? Underlying(INamespaceOrTypeSymbol? type) =>
        type is INamedTypeSymbol { ConstructedFrom.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;

    private ITypeSymbol? OrNull(ITypeSymbol? type) =>
        type is { IsValueType: true, SpecialType: not SpecialType.System_Void } and not INamedTypeSymbol { ConstructedFrom.SpecialType: SpecialType.System_Nullable_T }
            ? type.IsRefLikeType ? null : _context.Compilation.GetSpecialType(SpecialType.System_Nullable_T).Construct(type)
            : type;

    private static bool IsSame(ITypeSymbol? one, ITypeSymbol? other) => SymbolEqualityComparer.Default.Equals(one, other);
}
