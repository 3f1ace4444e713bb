using Microsoft.CodeAnalysis.CSharp;

namespace IoPool.Generators.Signatures;

internal static class Identifiers
{
    /// <summary>The name as it has to stand in source: <c>@class</c> for a method called <c>class</c>.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None
        && SyntaxFacts.GetContextualKeywordKind(name) == SyntaxKind.None
            ? name
            : "@" + name;
}
