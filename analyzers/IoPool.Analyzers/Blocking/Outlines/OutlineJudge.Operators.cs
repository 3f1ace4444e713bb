using System;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Blocking.Outlines;

/// <summary>Operators, and what is called where only a text or an await is written.</summary>
internal sealed partial class OutlineJudge
{
    private ITypeSymbol? EvaluateOperator(in Step step)
    {
        var (left, right) = (TypeOf(step.A), TypeOf(step.B));
        var name = step.Name!;
        if (name == WellKnownMemberNames.AdditionOperatorName && step.B >= 0)
        {
            if (left is null || left.SpecialType == SpecialType.System_String)
                UseText(right);
            if (right is null || right.SpecialType == SpecialType.System_String)
                UseText(left);
        }

        if (_members.IsOwn(name))
        {
            if (left is not null && (step.B < 0 || right is not null) && !_members.IsInExtensionBlock(name))
                return UseOperator(left, right, name);
            // Of operands that nobody knows it may be any of them.
            AddAnyOf(name);
            if (_members.Own(name).TakesText)
                return null;
        }

        return ResultOf(name, left, right, step.B < 0);
    }

    // Its own ToString, which is nothing to look for in most types.
    private void UseText(ITypeSymbol? type)
    {
        const string Name = "ToString";
        if (type is { SpecialType: not SpecialType.None })
            return;
        if (type is null)
            UseAny(Name);
        else
            Use(_members.Of(type, Name), 0);
    }

    private void UseAwaiter(ITypeSymbol? awaited)
    {
        if (awaited is { DeclaringSyntaxReferences.IsEmpty: true }
            && !_members.IsOwnExtension(WellKnownMemberNames.GetAwaiter)
            && !_members.IsInExtensionBlock(WellKnownMemberNames.GetAwaiter))
        {
            return;
        }

        UseAny(WellKnownMemberNames.GetAwaiter);
        if (_members.IsOwn(WellKnownMemberNames.GetAwaiter) || _members.IsOwn(WellKnownMemberNames.GetResult))
        {
            UseAny(WellKnownMemberNames.GetResult);
            UseAny(WellKnownMemberNames.IsCompleted);
        }
    }

    private void UseAny(string name)
    {
        if (_members.IsOwn(name))
            AddAnyOf(name);
    }

    private void AddAnyOf(string name)
    {
        if (!_calls.AnyOf.Contains(name))
            _calls.AnyOf.Add(name);
    }

    private ITypeSymbol? UseOperator(ITypeSymbol left, ITypeSymbol? right, string name)
    {
        var result = UseOperator(left, name, out var isDeclared);
        if (right is not null && !IsSame(left, right))
        {
            var other = UseOperator(right, name, out var isOtherDeclared);
            if (isDeclared && isOtherDeclared && !IsSame(result, other))
                return null;
            result ??= other;
            isDeclared |= isOtherDeclared;
        }

        // A text may be added to it as well.
        return !isDeclared ? ResultOf(name, left, right, isUnary: right is null) : IsText(left) || IsText(right) ? null : result;
    }

    private ITypeSymbol? UseOperator(ITypeSymbol type, string name, out bool isDeclared)
    {
        var group = _members.Of(type, name);
        isDeclared = !group.IsEmpty;
        Use(_members.Of(type, "op_Checked" + name.Substring("op_".Length)), null);
        return Use(group, null);
    }

    private static bool IsText(ITypeSymbol? type) => type?.SpecialType == SpecialType.System_String;

    private ITypeSymbol? ResultOf(string name, ITypeSymbol? left, ITypeSymbol? right, bool isUnary)
    {
        var isText = IsText(left) || IsText(right);
        switch (name)
        {
            case WellKnownMemberNames.LogicalNotOperatorName or WellKnownMemberNames.BitwiseAndOperatorName
                or WellKnownMemberNames.BitwiseOrOperatorName when left?.SpecialType == SpecialType.System_Boolean:
                return left;
            case WellKnownMemberNames.AdditionOperatorName when isText:
                return _context.Compilation.GetSpecialType(SpecialType.System_String);
            case WellKnownMemberNames.EqualityOperatorName or WellKnownMemberNames.InequalityOperatorName
                or WellKnownMemberNames.LessThanOperatorName or WellKnownMemberNames.LessThanOrEqualOperatorName
                or WellKnownMemberNames.GreaterThanOperatorName or WellKnownMemberNames.GreaterThanOrEqualOperatorName:
                return RankOf(left) is not null || RankOf(right) is not null || isText ? _context.Compilation.GetSpecialType(SpecialType.System_Boolean) : null;
            default:
                return Promote(RankOf(left), isUnary ? 0 : RankOf(right)) is { } type ? _context.Compilation.GetSpecialType(type) : null;
        }
    }

    // The numeric promotions of the language.
    private static SpecialType? Promote(int? left, int? right)
    {
        if (left is not { } one || right is not { } other)
            return null;
        var rank = Math.Max(one, other);
        // An int and a uint make a long.
        if (rank == 1 && one != other)
            rank = 2;
        return rank switch
        {
            0 => SpecialType.System_Int32,
            1 => SpecialType.System_UInt32,
            2 => SpecialType.System_Int64,
            3 => SpecialType.System_UInt64,
            4 => SpecialType.System_Single,
            5 => SpecialType.System_Double,
            _ => SpecialType.System_Decimal,
        };
    }

    private static int? RankOf(ITypeSymbol? type) => type?.SpecialType switch
    {
        SpecialType.System_Int32 or SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Int16
            or SpecialType.System_UInt16 or SpecialType.System_Char => 0,
        SpecialType.System_UInt32 => 1,
        SpecialType.System_Int64 => 2,
        SpecialType.System_UInt64 => 3,
        SpecialType.System_Single => 4,
        SpecialType.System_Double => 5,
        SpecialType.System_Decimal => 6,
        _ => null,
    };
}
