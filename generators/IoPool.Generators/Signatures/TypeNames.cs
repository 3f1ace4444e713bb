using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;

namespace IoPool.Generators.Signatures;

/// <summary>
/// Writes types so that they mean the same in the generated file, which has none of the user's usings: from the root of
/// the namespaces, and through an extern alias where the assembly has no other way in.
/// </summary>
internal sealed class TypeNames(Compilation compilation)
{
    private const string GlobalRoot = "global";

    private static readonly SymbolDisplayFormat s_format = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private readonly SortedSet<string> _aliases = new(System.StringComparer.Ordinal);

    /// <summary>The aliases that were needed so far.</summary>
    public IEnumerable<string> Aliases => _aliases;

    public string Write(ITypeSymbol type)
    {
        var parts = type.ToDisplayParts(s_format);
        var text = new StringBuilder();
        for (var i = 0; i < parts.Length; i++)
        {
            var isRoot = i + 1 < parts.Length && parts[i].ToString() == GlobalRoot && parts[i + 1].ToString() == "::";
            text.Append(isRoot ? FindRoot(parts, i) : parts[i].ToString());
        }

        return text.ToString();
    }

    /// <summary>The name that an assembly's namespaces hang on: <c>global</c>, or its first alias.</summary>
    public string RootOf(IAssemblySymbol assembly)
    {
        if (compilation.GetMetadataReference(assembly)?.Properties.Aliases is not { IsDefaultOrEmpty: false } aliases
            || aliases.Contains(GlobalRoot))
        {
            return GlobalRoot;
        }

        _aliases.Add(Identifiers.Escape(aliases[0]));
        return Identifiers.Escape(aliases[0]);
    }

    // The parts of a name give namespaces no assembly; the first type after the root tells which one is meant.
    private string FindRoot(ImmutableArray<SymbolDisplayPart> parts, int root)
    {
        var type = parts.Skip(root).Select(static p => p.Symbol).OfType<INamedTypeSymbol>().FirstOrDefault();
        return type?.ContainingAssembly is { } assembly ? RootOf(assembly) : GlobalRoot;
    }
}
