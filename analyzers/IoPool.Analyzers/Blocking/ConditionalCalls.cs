using System.Linq;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Blocking;

internal static class ConditionalCalls
{
    /// <summary>Whether the compiler leaves a call out: its method is [Conditional] on symbols that are not defined.</summary>
    public static bool IsLeftOut(IMethodSymbol method, SyntaxNode call)
    {
        var conditions = method.GetAttributes()
            .Where(static attribute => attribute.AttributeClass?.Name == "ConditionalAttribute")
            .Select(static attribute => attribute.ConstructorArguments.FirstOrDefault().Value as string)
            .ToArray();
        return conditions.Length > 0
            && !conditions.Any(symbol => symbol is not null
                && (call.SyntaxTree.Options.PreprocessorSymbolNames.Contains(symbol) || IsDefinedInFile(symbol, call.SyntaxTree)));
    }

    private static bool IsDefinedInFile(string symbol, SyntaxTree tree) =>
        tree.GetRoot().GetLeadingTrivia().Any(trivia => trivia.ToString() == "#define " + symbol);
}
