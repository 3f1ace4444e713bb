using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Blocking.Outlines;

/// <summary>One member that a name may mean, and what is known of it without its use.</summary>
internal sealed class MemberCandidate
{
    private readonly int _fewestArguments;
    private readonly int _mostArguments;

    public MemberCandidate(ISymbol symbol, bool mayBlock, bool mayWriteBlock, bool hasSource, bool isBelieved = false)
    {
        Symbol = symbol;
        IsPublic = symbol.DeclaredAccessibility == Accessibility.Public;
        MayBlock = mayBlock;
        MayWriteBlock = mayWriteBlock;
        HasSource = hasSource;
        IsBelieved = isBelieved;
        Parameters = symbol switch
        {
            IMethodSymbol method => method.Parameters,
            IPropertySymbol property => property.Parameters,
            _ => [],
        };
        (_fewestArguments, _mostArguments) = CountArguments(Parameters);
    }

    public ISymbol Symbol { get; }

    public bool IsPublic { get; }

    /// <summary>Whether a use of it may be reported: a row of the catalogue, a contract, a lock.</summary>
    public bool MayBlock { get; }

    /// <summary>Of a property, whether this is so where it is only written.</summary>
    public bool MayWriteBlock { get; }

    /// <summary>Whether its body is to be looked at.</summary>
    public bool HasSource { get; }

    /// <summary>Whether a contract says that its body does not block; what a first use of its type does is another matter.</summary>
    public bool IsBelieved { get; }

    /// <summary>The type of its value; of a method, what it returns.</summary>
    public ITypeSymbol? Type => Symbol switch
    {
        IMethodSymbol method => method.ReturnType,
        IPropertySymbol property => property.Type,
        IFieldSymbol variable => variable.Type,
        IEventSymbol member => member.Type,
        _ => null,
    };

    public ImmutableArray<IParameterSymbol> Parameters { get; }

    /// <summary>Whether so many arguments can be passed.</summary>
    public bool Takes(int count) => count >= _fewestArguments && count <= _mostArguments;

    private static (int Fewest, int Most) CountArguments(ImmutableArray<IParameterSymbol> parameters)
    {
        var isOpen = parameters.Length > 0 && parameters[parameters.Length - 1].IsParams;
        var fewest = isOpen ? parameters.Length - 1 : parameters.Length;
        while (fewest > 0 && parameters[fewest - 1].IsOptional)
            fewest--;
        return (fewest, isOpen ? int.MaxValue : parameters.Length);
    }
}

/// <summary>The members that a name may mean.</summary>
internal sealed class MemberGroup(ImmutableArray<MemberCandidate> candidates, bool isUnclear = false, bool isGuess = false)
{
    // Read and written by many threads: one word, unlike a bool that may be null.
    private int _takesText;

    public static MemberGroup Empty { get; } = new([]);

    /// <summary>Any member that blocks may be among them.</summary>
    public static MemberGroup Unclear { get; } = new([], isUnclear: true);

    public ImmutableArray<MemberCandidate> Candidates { get; } = candidates;

    public bool IsUnclear { get; } = isUnclear;

    /// <summary>Of operators, whether one has a string beside another type: what it makes is no string then.</summary>
    public bool TakesText
    {
        get
        {
            const int Unknown = 0, Yes = 1, No = 2;
            if (_takesText == Unknown)
            {
                _takesText = Candidates.Any(static candidate =>
                    candidate.Parameters.Any(static parameter => parameter.Type.SpecialType == SpecialType.System_String)) ? Yes : No;
            }

            return _takesText == Yes;
        }
    }

    /// <summary>Whether the receiver is unknown: others may be meant, which do nothing, and have other types.</summary>
    public bool IsGuess { get; } = isGuess;

    public bool IsEmpty => Candidates.IsEmpty && !IsUnclear;
}
