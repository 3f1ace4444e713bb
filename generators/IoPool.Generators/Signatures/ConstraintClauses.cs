using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Generators.Signatures;

/// <summary>Writes the <c>where</c> clauses of a method, which both of its parts have to agree on.</summary>
internal static class ConstraintClauses
{
    public static string Write(IMethodSymbol method, MethodDeclarationSyntax syntax, TypeNames types)
    {
        var text = new StringBuilder();
        if (method.IsOverride)
        {
            // An override inherits its constraints and may repeat only 'class', 'struct' and 'default': no names in
            // them.
            foreach (var clause in syntax.ConstraintClauses)
                Append(text, clause.Name.Identifier.ValueText, clause.Constraints.Select(static c => c.ToString()));
            return text.ToString();
        }

        foreach (var parameter in method.TypeParameters)
            Append(text, parameter.Name, List(parameter, types));
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, IEnumerable<string> constraints)
    {
        var list = string.Join(", ", constraints);
        if (list.Length > 0)
            text.Append(" where ").Append(Identifiers.Escape(name)).Append(" : ").Append(list);
    }

    // The order is the one that the language demands.
    private static IEnumerable<string> List(ITypeParameterSymbol parameter, TypeNames types)
    {
        if (parameter.HasUnmanagedTypeConstraint)
            yield return "unmanaged";
        else if (parameter.HasValueTypeConstraint)
            yield return "struct";
        if (parameter.HasReferenceTypeConstraint)
        {
            var isNullable = parameter.ReferenceTypeConstraintNullableAnnotation == NullableAnnotation.Annotated;
            yield return isNullable ? "class?" : "class";
        }

        if (parameter.HasNotNullConstraint)
            yield return "notnull";
        for (var i = 0; i < parameter.ConstraintTypes.Length; i++)
            yield return types.Write(parameter.ConstraintTypes[i]);
        if (parameter.HasConstructorConstraint)
            yield return "new()";
        if (parameter.AllowsRefLikeType)
            yield return "allows ref struct";
    }
}
