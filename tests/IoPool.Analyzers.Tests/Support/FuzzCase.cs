using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IoPool.Analyzers.Tests.Support;

/// <summary>Code that went wrong somewhere while it was typed or merged. The same seed makes the same code.</summary>
internal static class FuzzCase
{
    private const int MostChanges = 4;

    public static string Create(int seed, ImmutableArray<string> sources)
    {
        var random = new Random(seed);
        var tokens = TokensOf(sources[random.Next(sources.Length)]);
        for (var changes = random.Next(1, MostChanges + 1); changes > 0 && tokens.Count > 1; changes--)
            Change(tokens, sources, random);
        return string.Concat(tokens);
    }

    private static void Change(List<string> tokens, ImmutableArray<string> sources, Random random)
    {
        var at = random.Next(tokens.Count);
        var other = random.Next(tokens.Count);
        switch (random.Next(8))
        {
            case 0:
                tokens.RemoveRange(at, tokens.Count - at);
                break;
            case 1:
                tokens.RemoveAt(at);
                break;
            case 2:
                tokens.RemoveRange(at, random.Next(1, Math.Min(6, tokens.Count - at + 1)));
                break;
            case 3:
                tokens.Insert(at, tokens[at]);
                break;
            case 4:
                tokens.Insert(at, tokens[other]);
                break;
            case 5:
                (tokens[at], tokens[other]) = (tokens[other], tokens[at]);
                break;
            case 6:
                Splice(tokens, at, PieceOf(sources[random.Next(sources.Length)], random));
                break;
            default:
                tokens.InsertRange(at, PieceOf(sources[random.Next(sources.Length)], random));
                break;
        }
    }

    // The end of the one source instead of the other's.
    private static void Splice(List<string> tokens, int at, List<string> piece)
    {
        tokens.RemoveRange(at, tokens.Count - at);
        tokens.AddRange(piece);
    }

    private static List<string> PieceOf(string source, Random random)
    {
        var tokens = TokensOf(source);
        var start = random.Next(tokens.Count);
        return tokens.GetRange(start, random.Next(1, tokens.Count - start + 1));
    }

    // With what surrounds them; the usings stay, or no name would mean anything.
    private static List<string> TokensOf(string source)
    {
        var tokens = new List<string> { Situation.Usings };
        tokens.AddRange(SyntaxFactory.ParseTokens(source[Situation.Usings.Length..])
            .Where(static token => !token.IsKind(SyntaxKind.EndOfFileToken))
            .Select(static token => token.ToFullString()));
        return tokens;
    }
}
