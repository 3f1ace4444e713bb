using System;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IoPool.Generators.Signatures;

/// <summary>Writes the value of an optional parameter: the same text whatever culture the compiler runs in.</summary>
internal static class DefaultLiterals
{
    public static string Write(IParameterSymbol parameter, TypeNames types)
    {
        // Null is the value of 'null', of 'default(SomeStruct)' and of 'default(T)': 'default' is right for all.
        if (!parameter.HasExplicitDefaultValue || parameter.ExplicitDefaultValue is not { } value)
            return "default";
        var literal = Write(value);
        return FindEnum(parameter.Type) is { } type ? $"({types.Write(type)})({literal})" : literal;
    }

    public static string Write(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        string text => SymbolDisplay.FormatLiteral(text, quote: true),
        char character => SymbolDisplay.FormatLiteral(character, quote: true),
        double number => Write(number),
        float number => Write(number),
        decimal number => number.ToString(CultureInfo.InvariantCulture) + "M",
        uint number => number.ToString(CultureInfo.InvariantCulture) + "U",
        long number => number.ToString(CultureInfo.InvariantCulture) + "L",
        ulong number => number.ToString(CultureInfo.InvariantCulture) + "UL",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "default",
    };

    private static string Write(double number)
    {
        if (double.IsNaN(number))
            return "double.NaN";
        if (double.IsInfinity(number))
            return number > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity";
        // "R" loses digits on .NET Framework, which Visual Studio runs on.
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        if (double.Parse(text, CultureInfo.InvariantCulture) != number)
            text = number.ToString("G17", CultureInfo.InvariantCulture);
        return Signed(text, number == 0 && double.IsNegativeInfinity(1 / number)) + "D";
    }

    private static string Write(float number)
    {
        if (float.IsNaN(number))
            return "float.NaN";
        if (float.IsInfinity(number))
            return number > 0 ? "float.PositiveInfinity" : "float.NegativeInfinity";
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        if (float.Parse(text, CultureInfo.InvariantCulture) != number)
            text = number.ToString("G9", CultureInfo.InvariantCulture);
        return Signed(text, number == 0 && float.IsNegativeInfinity(1 / number)) + "F";
    }

    // .NET Framework prints negative zero without its sign.
    private static string Signed(string text, bool isNegativeZero) => isNegativeZero ? "-0" : text;

    private static ITypeSymbol? FindEnum(ITypeSymbol type)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            type = nullable.TypeArguments[0];
        return type.TypeKind == TypeKind.Enum ? type : null;
    }
}
