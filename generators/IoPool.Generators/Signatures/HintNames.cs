using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace IoPool.Generators.Signatures;

/// <summary>
/// Names generated files. Two of the same name would discard everything that the generator wrote, and names are
/// compared without case, so that the hash of the whole signature is what makes one unique; the rest is for the reader.
/// </summary>
internal static class HintNames
{
    // Room for a hash, and for the folders that EmitCompilerGeneratedFiles writes below, in a path of 260 characters.
    private const int LongestReadablePart = 100;

    public static string Create(IMethodSymbol method, string declaration)
    {
        var name = new StringBuilder();
        AppendType(name, method.ContainingType);
        name.Append('.').Append(method.MetadataName);
        if (method.Arity > 0)
            name.Append('`').Append(method.Arity.ToString(CultureInfo.InvariantCulture));
        Clean(name);
        if (name.Length > LongestReadablePart)
            name.Length = LongestReadablePart;

        var identity = method.GetDocumentationCommentId() + "|" + declaration;
        return $"{name}_{Hash(identity).ToString("x16", CultureInfo.InvariantCulture)}.g.cs";
    }

    private static void AppendType(StringBuilder name, INamedTypeSymbol type)
    {
        if (type.ContainingType is { } outer)
        {
            AppendType(name, outer);
            name.Append('+');
        }
        else if (!type.ContainingNamespace.IsGlobalNamespace)
        {
            name.Append(type.ContainingNamespace.ToDisplayString()).Append('.');
        }

        name.Append(type.MetadataName);
    }

    private static void Clean(StringBuilder name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (!char.IsLetterOrDigit(name[i]) && ".+`_".IndexOf(name[i]) < 0)
                name[i] = '_';
        }
    }

    // FNV-1a: string.GetHashCode differs from run to run, and nobody attacks these names.
    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in text)
            hash = unchecked((hash ^ character) * 1099511628211UL);
        return hash;
    }
}
