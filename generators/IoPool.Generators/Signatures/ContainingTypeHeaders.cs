using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Generators.Signatures;

/// <summary>Writes the types around a method as partial declarations that add nothing to them.</summary>
internal static class ContainingTypeHeaders
{
    /// <summary>Outermost first.</summary>
    public static IEnumerable<string> Write(MethodDeclarationSyntax method) =>
        method.Ancestors().OfType<TypeDeclarationSyntax>().Reverse().Select(Write);

    // Everything but 'unsafe' is shared by the parts of a type. That one is not, and a signature may need it.
    private static string Write(TypeDeclarationSyntax type)
    {
        var modifiers = type.Modifiers.Any(SyntaxKind.UnsafeKeyword) ? "unsafe partial" : "partial";
        var keyword = type.Keyword.ValueText;
        if (type is RecordDeclarationSyntax { ClassOrStructKeyword.ValueText: { Length: > 0 } kind })
            keyword += " " + kind;
        return $"{modifiers} {keyword} {Identifiers.Escape(type.Identifier.ValueText)}{WriteParameters(type)}";
    }

    private static string WriteParameters(TypeDeclarationSyntax type)
    {
        if (type.TypeParameterList is not { } list)
            return "";
        var parameters = list.Parameters.Select(static p =>
            (p.VarianceKeyword.ValueText + " " + Identifiers.Escape(p.Identifier.ValueText)).TrimStart());
        return $"<{string.Join(", ", parameters)}>";
    }
}
