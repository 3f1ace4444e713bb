using System.Linq;
using IoPool.Analyzers.Blocking.Evidence;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Blocking.Outlines;

/// <summary>Names, calls, and the lambdas that are their arguments.</summary>
internal sealed partial class OutlineJudge
{
    private INamespaceOrTypeSymbol? EvaluateName(in Step step)
    {
        var name = step.Name!;
        var arity = step.TypeArguments!.Length;
        if (arity == 0 && FindParameter(name) is { } parameter)
            return parameter.Type;

        for (var outer = _type; outer is not null; outer = outer.ContainingType)
        {
            var group = MembersOf(outer, name);
            if (group.IsUnclear || group.Candidates.Any(static candidate => candidate.Symbol is not ITypeSymbol))
            {
                // Where an initializer may mean both, it means the parameter.
                _mayBlock |= _method is null && ParameterOf(outer, name) is not null;
                return Use(group, null, step.Flags);
            }

            if (arity == 0 && ParameterOf(outer, name) is { } captured)
                return captured.Type;
        }

        if (_types.Find(name, arity, _place, _method, _type) is { } found)
            return found is INamedTypeSymbol type ? _types.Construct(type, step.TypeArguments, _place, _method, _type) : found;
        Use(_members.Anywhere(name), null, step.Flags);
        return null;
    }

    private IParameterSymbol? FindParameter(string name)
    {
        foreach (var parameter in _parameters)
        {
            if (parameter.Name == name)
                return parameter;
        }

        return _type.ExtensionParameter is { } extended && extended.Name == name ? extended : null;
    }

    private MemberGroup MembersOf(ITypeSymbol type, string name) =>
        ReferenceEquals(type, _type) ? _ownMembers.SeenInside(name) : _members.Of(type).SeenBy(_type, name);

    // Of a primary constructor, seen in the whole type.
    private IParameterSymbol? ParameterOf(INamedTypeSymbol type, string name) =>
        (ReferenceEquals(type, _type) ? _ownMembers : _members.Of(type)).PrimaryParameter(name);

    private INamespaceOrTypeSymbol? EvaluateMember(in Step step)
    {
        var name = step.Name!;
        var receiver = step.A < 0 ? null : _values[step.A];
        if (receiver is INamespaceSymbol space)
        {
            return TypeNames.FindIn(space, name, step.TypeArguments!.Length) is INamedTypeSymbol found
                ? _types.Construct(found, step.TypeArguments, _place, _method, _type)
                : TypeNames.FindIn(space, name, 0);
        }

        var isInBlock = _members.IsInExtensionBlock(name);
        if (isInBlock)
            Use(_members.Own(name), null, step.Flags);
        var type = TypeOf(step.A);
        var group = type is null ? MemberGroup.Empty : MembersOf(type, name);
        if (group.IsEmpty && type is not null)
            group = _members.ExtensionsOf(_place, type, name);
        if (group.IsEmpty)
        {
            // It may as well be a member that nobody here has seen.
            Use(_members.Anywhere(name), null, step.Flags);
            return null;
        }

        if (group.Candidates.Any(static candidate => candidate.Symbol is INamedTypeSymbol))
            return EvaluateNested(group, step);
        var result = Use(group, null, step.Flags);
        return isInBlock ? null : result;
    }

    private INamedTypeSymbol? EvaluateNested(MemberGroup group, in Step step)
    {
        Use(group, null, step.Flags);
        return step.TypeArguments!.Length == 0 && group.Candidates.All(static candidate => candidate.Symbol is INamedTypeSymbol)
            ? group.Candidates.Select(static candidate => (INamedTypeSymbol)candidate.Symbol).FirstOrDefault(static nested => nested.Arity == 0)
            : null;
    }

    private INamespaceOrTypeSymbol? EvaluateCall(in Step step)
    {
        var isInBlock = _members.IsInExtensionBlock(step.Name!);
        if (isInBlock)
            Use(_members.Own(step.Name!), null);
        var (group, count) = CalledBy(step);
        if (group.IsUnclear || (step.Name == WellKnownMemberNames.DelegateInvokeName && IsFunction(step.A)))
        {
            _mayBlock = true;
            return null;
        }

        ITypeSymbol? result = null;
        var isFirst = true;
        foreach (var candidate in group.Candidates)
        {
            if (!Fits(candidate, step, count))
                continue;
            UseMember(candidate, StepFlags.Read);
            // What it was given where it is declared is for the compiler to read.
            _mayBlock |= candidate is { HasSource: true, Symbol: IFieldSymbol { IsReadOnly: true } };
            // A method of the type itself goes before extensions.
            if (!isFirst && candidate is { HasSource: false, Symbol: IMethodSymbol { ReducedFrom: not null } }
                && group.Candidates[0].Symbol is IMethodSymbol { ReducedFrom: null })
            {
                continue;
            }

            var type = ResultOf(candidate, step);
            result = isFirst || IsSame(result, type) ? type : null;
            if (count is not null && !isInBlock)
                GiveOutVariables(candidate, step, isFirst);
            isFirst = false;
        }

        return count is null || isInBlock ? null : result;
    }

    // out var number: as the methods that may be meant agree on.
    private void GiveOutVariables(MemberCandidate candidate, in Step call, bool isFirst)
    {
        var arguments = _outline.ArgumentsOf(call);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] < 0 || _outline.Steps[arguments[i]] is not { Kind: StepKind.Local, Flags: StepFlags.Declared, A: var local })
                continue;
            var type = candidate.Symbol is IMethodSymbol method && ParameterAt(method, i) is { TypeKind: not TypeKind.TypeParameter } given
                ? given
                : null;
            _locals[local] = isFirst || IsSame(_locals[local], type) ? type : null;
        }
    }

    // Null takes any number of arguments: of members that are only some of those that may be meant.
    private (MemberGroup Group, int? Count) CalledBy(in Step step)
    {
        var name = step.Name!;
        if (step.A < 0)
        {
            // A delegate that it is given.
            if (FindParameter(name) is not null)
                return (MemberGroup.Empty, null);
            for (var outer = _type; outer is not null; outer = outer.ContainingType)
            {
                var own = MembersOf(outer, name);
                var isOwn = own.IsUnclear || own.Candidates.Any(IsCallable);
                if (ParameterOf(outer, name) is not null)
                    return (isOwn ? MemberGroup.Unclear : MemberGroup.Empty, null);
                if (isOwn)
                    return (own, HasFitting(own, step) ? step.ArgumentCount : null);
            }

            return (_members.Anywhere(name), null);
        }

        if (TypeOf(step.A) is not { } type)
            return (_members.Anywhere(name), null);
        var group = MembersOf(type, name);
        if (group.IsUnclear || HasFitting(group, step))
        {
            // An extension of the same name may be meant, where the types of the arguments say so.
            var other = _members.IsOwnExtension(name) || _members.MayKnow(name) ? _members.ExtensionsOf(_place, type, name) : MemberGroup.Empty;
            return (other.IsEmpty || group.IsUnclear ? group : new MemberGroup(group.Candidates.AddRange(other.Candidates)), step.ArgumentCount);
        }

        group = _members.ExtensionsOf(_place, type, name);
        return HasFitting(group, step) ? (group, step.ArgumentCount) : (_members.Anywhere(name), null);
    }

    private bool HasFitting(MemberGroup group, in Step step)
    {
        foreach (var candidate in group.Candidates)
        {
            if (Fits(candidate, step, step.ArgumentCount))
                return true;
        }

        return false;
    }

    private bool Fits(MemberCandidate candidate, in Step step, int? count)
    {
        if (count is not { } given)
            return true;
        if (candidate.Symbol is not IMethodSymbol method)
            return IsCallable(candidate);
        if (!candidate.Takes(given) || (step.TypeArguments!.Length > 0 && method.Arity != step.TypeArguments.Length))
            return false;
        var arguments = _outline.ArgumentsOf(step);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] >= 0 && _outline.Steps[arguments[i]] is { Kind: StepKind.LambdaEnd, A: var lambda }
                && !TakesLambda(method, i, _outline.Steps[lambda].ArgumentCount))
            {
                return false;
            }
        }

        return true;
    }

    // What is called is a method or a delegate; other members of the name are passed over.
    private static bool IsCallable(MemberCandidate candidate) => candidate.Symbol is IMethodSymbol
        || candidate.Type is { TypeKind: not (TypeKind.Class or TypeKind.Struct or TypeKind.Interface or TypeKind.Enum or TypeKind.Array) };

    private static bool TakesLambda(IMethodSymbol method, int index, int parameterCount) => ParameterAt(method, index) is not { } type
        || (InvokeOf(type) is { } invoke
            ? invoke.Parameters.Length == parameterCount
            : type.TypeKind is TypeKind.TypeParameter or TypeKind.Error || TakesAnyLambda(type));

    private static bool TakesAnyLambda(ITypeSymbol type) => type.SpecialType == SpecialType.System_Object
        || type.Name is "Delegate" or "MulticastDelegate" or "Expression" or "LambdaExpression" or "ICloneable" or "ISerializable";

    private static ITypeSymbol? ParameterAt(IMethodSymbol method, int index)
    {
        var parameters = method.Parameters;
        if (index < parameters.Length - 1 || (index == parameters.Length - 1 && !parameters[index].IsParams))
            return parameters[index].Type;
        return parameters.Length > 0 && parameters[parameters.Length - 1] is { IsParams: true, Type: IArrayTypeSymbol array }
            ? array.ElementType
            : null;
    }

    private static IMethodSymbol? InvokeOf(ITypeSymbol type) => type is INamedTypeSymbol { Name: "Expression", Arity: 1 } expression
        ? (expression.TypeArguments[0] as INamedTypeSymbol)?.DelegateInvokeMethod
        : (type as INamedTypeSymbol)?.DelegateInvokeMethod;

    // The parameters of a lambda have the types that all methods that it may be meant for agree on.
    private void GiveParameters(in Step lambda)
    {
        if (lambda.A < 0)
            return;
        var call = _outline.Steps[lambda.A];
        var (group, count) = CalledBy(call);
        if (count is null || _members.IsInExtensionBlock(call.Name!))
            return;
        var parameters = _outline.ArgumentsOf(lambda);
        for (var i = 0; i < parameters.Length; i++)
        {
            ITypeSymbol? type = null;
            var isFirst = true;
            foreach (var candidate in group.Candidates)
            {
                if (candidate.Symbol is not IMethodSymbol method || !Fits(candidate, call, count))
                    continue;
                var given = !IsInMemory(method) && ParameterAt(method, lambda.B) is { } taken && InvokeOf(taken) is { } invoke && i < invoke.Parameters.Length
                    ? invoke.Parameters[i].Type
                    : null;
                type = isFirst || IsSame(type, given) ? given : null;
                isFirst = false;
            }

            _locals[parameters[i]] = type is ITypeParameterSymbol ? null : type;
        }
    }

    private ITypeSymbol? ResultOf(MemberCandidate candidate, in Step call)
    {
        if (candidate.Symbol is not IMethodSymbol method)
            return (candidate.Type as INamedTypeSymbol)?.DelegateInvokeMethod?.ReturnType;
        if (IsInMemory(method))
            return null;
        if (!method.IsGenericMethod || method.TypeArguments.All(static argument => argument.TypeKind != TypeKind.TypeParameter))
            return method.ReturnType;
        return Construct(method, call)?.ReturnType;
    }

    // What a receiver tells of a type argument another argument may widen, and then it is not in memory.
    private static bool IsInMemory(IMethodSymbol method) => method.ReducedFrom is not null && method.TypeArguments.Any(InMemory.IsKnown);

    // With the type arguments that are written, that a receiver told, or that lambdas return.
    private IMethodSymbol? Construct(IMethodSymbol method, in Step call)
    {
        if (call.TypeArguments!.Length > 0)
        {
            return _types.ResolveAll(call.TypeArguments, _place, _method, _type) is { } written
                ? (method.ReducedFrom ?? method).OriginalDefinition.Construct(written)
                : null;
        }

        var known = method.TypeArguments.ToArray();
        var arguments = _outline.ArgumentsOf(call);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] < 0 || _outline.Steps[arguments[i]] is not { Kind: StepKind.LambdaEnd, B: >= 0 and var value }
                || TypeOf(value) is not { } result
                || ParameterAt(method, i) is not { } taken
                || InvokeOf(taken)?.ReturnType is not ITypeParameterSymbol returned
                || IsToldOtherwise(method, i, returned))
            {
                continue;
            }

            for (var j = 0; j < known.Length; j++)
            {
                if (IsSame(known[j], returned))
                    known[j] = result;
            }
        }

        return known.Length == method.Arity && method.ReducedFrom is { } extension && extension.Arity == known.Length
            ? extension.OriginalDefinition.Construct(known)
            : null;
    }

    // Whether more than what the lambda returns says what a type parameter is.
    private static bool IsToldOtherwise(IMethodSymbol method, int index, ITypeParameterSymbol returned)
    {
        for (var i = 0; i < method.Parameters.Length; i++)
        {
            var types = i != index ? [method.Parameters[i].Type]
                : InvokeOf(method.Parameters[i].Type)?.Parameters.Select(static parameter => parameter.Type) ?? [];
            if (types.Any(type => Has(type, returned)))
                return true;
        }

        return false;
    }

    private static bool Has(ITypeSymbol type, ITypeParameterSymbol part) => type switch
    {
        IArrayTypeSymbol array => Has(array.ElementType, part),
        INamedTypeSymbol named => named.TypeArguments.Any(argument => Has(argument, part)),
        _ => IsSame(type, part),
    };

    /// <summary>Takes all that a name may mean as used; the type, where all agree.</summary>
    private ITypeSymbol? Use(MemberGroup group, int? count, StepFlags flags = StepFlags.Read)
    {
        if (group.IsUnclear)
        {
            _mayBlock = true;
            return null;
        }

        ITypeSymbol? result = null;
        var isFirst = true;
        foreach (var candidate in group.Candidates)
        {
            if (count is { } given && !candidate.Takes(given))
                continue;
            UseMember(candidate, flags);
            // A method is no value; of hidden members the first is the one that is meant.
            if (candidate.Symbol is IMethodSymbol { MethodKind: not MethodKind.UserDefinedOperator })
                result = isFirst ? null : result;
            else if (isFirst)
                result = candidate.Type;
            else if (candidate.Symbol is IMethodSymbol && !IsSame(result, candidate.Type))
                result = null;
            isFirst = false;
        }

        return group.IsGuess ? null : result;
    }

    private void UseMember(MemberCandidate candidate, StepFlags flags)
    {
        // What is only written is no call of what the catalogue knows.
        var isOnlyWritten = (flags & (StepFlags.Written | StepFlags.Read)) == StepFlags.Written && candidate.Symbol is IPropertySymbol;
        _mayBlock |= isOnlyWritten ? candidate.MayWriteBlock : candidate.MayBlock;
        if (!candidate.HasSource)
            return;
        switch (candidate.Symbol)
        {
            case var _ when candidate.IsBelieved:
                break;
            case IFieldSymbol { IsReadOnly: true, Type.TypeKind: TypeKind.Delegate }:
                _isFunction = true;
                break;
            case IMethodSymbol method:
                AddHelper(method);
                break;
            case IPropertySymbol property:
                if ((flags & StepFlags.Read) != 0 && property.GetMethod is { } getter)
                    AddHelper(getter);
                if ((flags & StepFlags.Written) != 0 && property.SetMethod is { } setter)
                    AddHelper(setter);
                break;
            case IEventSymbol member when (member.PartialImplementationPart ?? member) is
            {
                AddMethod: { IsImplicitlyDeclared: false } adder, RemoveMethod: { } remover,
            }:
                AddHelper(adder);
                AddHelper(remover);
                break;
        }

        var isUseOfType = candidate.Symbol is IFieldSymbol field
            ? field is { IsStatic: true, IsConst: false }
            : candidate.Symbol.IsStatic || candidate.Symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } or IMethodSymbol { ReducedFrom: not null };
        if (isUseOfType && candidate.Symbol.ContainingType is { } type)
            AddType(type.OriginalDefinition);
    }

    private void AddType(INamedTypeSymbol type)
    {
        // Nearly always the one before.
        if (_calls.Types.Count == 0 || !ReferenceEquals(_calls.Types[_calls.Types.Count - 1], type))
            _calls.Types.Add(type);
    }

    private void AddHelper(IMethodSymbol method) => _calls.Helpers.Add((method.ReducedFrom ?? method).OriginalDefinition);
}
