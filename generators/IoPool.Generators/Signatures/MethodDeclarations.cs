using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Generators.Signatures;

/// <summary>
/// Writes the signature of the defining part. Modifiers come from syntax, since both parts must repeat the same words;
/// types come from symbols, since the generated file sees none of the user's usings.
/// </summary>
internal static class MethodDeclarations
{
    public static string Write(IMethodSymbol method, MethodDeclarationSyntax syntax, TypeNames types)
    {
        var text = new StringBuilder();
        foreach (var modifier in syntax.Modifiers)
        {
            if (!modifier.IsKind(SyntaxKind.AsyncKeyword) && !modifier.IsKind(SyntaxKind.PartialKeyword))
                text.Append(modifier.ValueText).Append(' ');
        }

        text.Append("partial ").Append(types.Write(method.ReturnType)).Append(' ');
        text.Append(Identifiers.Escape(method.Name));
        if (method.Arity > 0)
            text.Append('<').Append(string.Join(", ", method.TypeParameters.Select(Name))).Append('>');
        var parameters = method.Parameters.Zip(
            syntax.ParameterList.Parameters, (symbol, declared) => WriteParameter(symbol, declared, types));
        text.Append('(').Append(string.Join(", ", parameters)).Append(')');
        text.Append(ConstraintClauses.Write(method, syntax, types));
        return text.ToString();
    }

    private static string Name(ISymbol symbol) => Identifiers.Escape(symbol.Name);

    private static string WriteParameter(IParameterSymbol parameter, ParameterSyntax syntax, TypeNames types)
    {
        var modifiers = string.Concat(syntax.Modifiers.Select(static m => m.ValueText + " "));
        var declared = $"{modifiers}{types.Write(parameter.Type)} {Name(parameter)}";
        // A default that comes from attributes merges onto this part with them.
        return syntax.Default is null ? declared : $"{declared} = {DefaultLiterals.Write(parameter, types)}";
    }
}
