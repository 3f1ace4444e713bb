using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Catalogue;

/// <summary>Compares symbols with the names of documentation-comment ids, without making such an id.</summary>
internal static class SymbolNames
{
    /// <summary>Whether a type has a full name such as <c>System.Collections.Generic.List`1.Enumerator</c>.</summary>
    public static bool IsNamed(INamedTypeSymbol type, string fullName)
    {
        var end = fullName.Length;
        for (ISymbol current = type; ;)
        {
            if (current is INamedTypeSymbol { Arity: > 0 } generic && !TakeArity(fullName, ref end, generic.Arity))
                return false;

            var name = current.Name;
            end -= name.Length;
            if (end < 0 || string.CompareOrdinal(fullName, end, name, 0, name.Length) != 0)
                return false;
            if (current.ContainingSymbol is not INamespaceOrTypeSymbol next || IsGlobal(next))
                return end == 0;
            if (end == 0 || fullName[--end] != '.')
                return false;
            current = next;
        }
    }

    /// <summary>Whether parameters have the types that a documentation id lists between its parentheses.</summary>
    public static bool HaveTypes(ImmutableArray<IParameterSymbol> parameters, string list)
    {
        var reader = new Reader(list);
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameter = parameters[i];
            if ((i > 0 && !reader.Take(','))
                || !reader.TakeType(parameter.Type)
                || (parameter.RefKind != RefKind.None && !reader.Take('@')))
            {
                return false;
            }
        }

        return reader.IsAtEnd;
    }

    private static bool IsGlobal(ISymbol symbol) => symbol is INamespaceSymbol { IsGlobalNamespace: true };

    private static bool TakeArity(string text, ref int end, int arity)
    {
        do
        {
            if (end == 0 || text[--end] != '0' + (arity % 10))
                return false;
            arity /= 10;
        }
        while (arity > 0);

        return end > 0 && text[--end] == '`';
    }

    private struct Reader(string text)
    {
        private int _at;

        public readonly bool IsAtEnd => _at == text.Length;

        public bool Take(char sign)
        {
            if (_at >= text.Length || text[_at] != sign)
                return false;
            _at++;
            return true;
        }

        public bool TakeType(ITypeSymbol type) => type switch
        {
            IArrayTypeSymbol array => TakeType(array.ElementType) && TakeRank(array.Rank),
            IPointerTypeSymbol pointer => TakeType(pointer.PointedAtType) && Take('*'),
            ITypeParameterSymbol parameter => TakeTypeParameter(parameter),
            IDynamicTypeSymbol => Take("System.Object"),
            INamedTypeSymbol named => TakeNamed(named),
            _ => false,
        };

        private bool TakeNamed(INamedTypeSymbol type)
        {
            if (type.ContainingType is { } outer)
            {
                if (!TakeNamed(outer) || !Take('.'))
                    return false;
            }
            else if (!IsGlobal(type.ContainingNamespace)
                && (!TakeNamespace(type.ContainingNamespace) || !Take('.')))
            {
                return false;
            }

            return Take(type.Name) && (type.Arity == 0 || TakeArguments(type.TypeArguments));
        }

        private bool TakeNamespace(INamespaceSymbol space) =>
            (IsGlobal(space.ContainingNamespace) || (TakeNamespace(space.ContainingNamespace) && Take('.')))
            && Take(space.Name);

        private bool TakeArguments(ImmutableArray<ITypeSymbol> arguments)
        {
            for (var i = 0; i < arguments.Length; i++)
            {
                if (!Take(i == 0 ? '{' : ',') || !TakeType(arguments[i]))
                    return false;
            }

            return Take('}');
        }

        private bool TakeRank(int rank)
        {
            if (!Take('['))
                return false;
            for (var i = 0; rank > 1 && i < rank; i++)
            {
                if ((i > 0 && !Take(',')) || !Take("0:"))
                    return false;
            }

            return Take(']');
        }

        private bool TakeTypeParameter(ITypeParameterSymbol parameter)
        {
            var ordinal = parameter.Ordinal;
            for (var outer = parameter.DeclaringType?.ContainingType; outer is not null; outer = outer.ContainingType)
                ordinal += outer.Arity;
            return Take(parameter.DeclaringMethod is null ? "`" : "``") && TakeNumber(ordinal);
        }

        private bool TakeNumber(int number) =>
            (number < 10 || TakeNumber(number / 10)) && Take((char)('0' + (number % 10)));

        private bool Take(string word)
        {
            if (string.CompareOrdinal(text, _at, word, 0, word.Length) != 0)
                return false;
            _at += word.Length;
            return true;
        }
    }
}
