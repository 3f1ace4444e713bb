using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Analyzers.Blocking.Outlines;

internal enum TypeNameKind
{
    Predefined,
    Named,
    Global,
    Array,
    Nullable,
}

/// <summary>A type as it is written, apart from the tree that it is written in.</summary>
internal sealed class TypeName
{
    private static readonly Dictionary<SyntaxKind, TypeName> s_predefined = new()
    {
        [SyntaxKind.BoolKeyword] = new(SpecialType.System_Boolean),
        [SyntaxKind.ByteKeyword] = new(SpecialType.System_Byte),
        [SyntaxKind.SByteKeyword] = new(SpecialType.System_SByte),
        [SyntaxKind.IntKeyword] = new(SpecialType.System_Int32),
        [SyntaxKind.UIntKeyword] = new(SpecialType.System_UInt32),
        [SyntaxKind.ShortKeyword] = new(SpecialType.System_Int16),
        [SyntaxKind.UShortKeyword] = new(SpecialType.System_UInt16),
        [SyntaxKind.LongKeyword] = new(SpecialType.System_Int64),
        [SyntaxKind.ULongKeyword] = new(SpecialType.System_UInt64),
        [SyntaxKind.FloatKeyword] = new(SpecialType.System_Single),
        [SyntaxKind.DoubleKeyword] = new(SpecialType.System_Double),
        [SyntaxKind.DecimalKeyword] = new(SpecialType.System_Decimal),
        [SyntaxKind.StringKeyword] = new(SpecialType.System_String),
        [SyntaxKind.CharKeyword] = new(SpecialType.System_Char),
        [SyntaxKind.ObjectKeyword] = new(SpecialType.System_Object),
        [SyntaxKind.VoidKeyword] = new(SpecialType.System_Void),
    };

    private static readonly TypeName s_global = new(TypeNameKind.Global, null, null, []);

    private TypeName(SpecialType special)
    {
        Kind = TypeNameKind.Predefined;
        Special = special;
        Arguments = [];
    }

    private TypeName(TypeNameKind kind, TypeName? left, string? name, TypeName[] arguments)
    {
        Kind = kind;
        Left = left;
        Name = name;
        Arguments = arguments;
    }

    public static TypeName String { get; } = Predefined(SyntaxKind.StringKeyword);

    public static TypeName Bool { get; } = Predefined(SyntaxKind.BoolKeyword);

    public static TypeName Int { get; } = Predefined(SyntaxKind.IntKeyword);

    public TypeNameKind Kind { get; }

    public SpecialType Special { get; }

    /// <summary>What the name stands in, or what an array or a nullable is made of.</summary>
    public TypeName? Left { get; }

    public string? Name { get; }

    public TypeName[] Arguments { get; }

    public static TypeName Predefined(SyntaxKind keyword) => s_predefined[keyword];

    public static TypeName ArrayOf(TypeName element) => new(TypeNameKind.Array, element, null, []);

    /// <summary>Null for <c>var</c>, and for what no outline knows: tuples, pointers, aliases of assemblies.</summary>
    public static TypeName? Of(TypeSyntax type)
    {
        switch (type)
        {
            case PredefinedTypeSyntax predefined:
                return s_predefined.TryGetValue(predefined.Keyword.Kind(), out var known) ? known : null;
            case IdentifierNameSyntax { IsVar: true }:
                return null;
            case IdentifierNameSyntax { Identifier.ValueText: "nint" or "nuint" or "dynamic" }:
                return null;
            case SimpleNameSyntax name:
                return Named(null, name);
            case QualifiedNameSyntax qualified:
                return Of(qualified.Left) is { } left ? Named(left, qualified.Right) : null;
            case AliasQualifiedNameSyntax { Alias.Identifier.RawKind: (int)SyntaxKind.GlobalKeyword } alias:
                return Named(s_global, alias.Name);
            case NullableTypeSyntax nullable:
                return Of(nullable.ElementType) is { } element ? new(TypeNameKind.Nullable, element, null, []) : null;
            case ArrayTypeSyntax { RankSpecifiers: { Count: 1 } ranks } array when ranks[0].Rank == 1:
                return Of(array.ElementType) is { } item ? ArrayOf(item) : null;
            default:
                return null;
        }
    }

    /// <summary>The type arguments of a name that is called; null when one of them is unknown.</summary>
    public static TypeName[]? ArgumentsOf(SimpleNameSyntax name)
    {
        if (name is not GenericNameSyntax generic)
            return [];
        var arguments = new TypeName[generic.TypeArgumentList.Arguments.Count];
        for (var i = 0; i < arguments.Length; i++)
        {
            if (Of(generic.TypeArgumentList.Arguments[i]) is not { } argument)
                return null;
            arguments[i] = argument;
        }

        return arguments;
    }

    private static TypeName? Named(TypeName? left, SimpleNameSyntax name) => ArgumentsOf(name) is { } arguments
        ? new(TypeNameKind.Named, left, name.Identifier.ValueText, arguments)
        : null;
}
