using System;
using IoPool.Analyzers.Catalogue;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Blocking;

/// <summary>The words of messages: what to call things, and what to do instead.</summary>
internal static class Advice
{
    public const string Offload = "move it to 'Offload.RunAsync'";

    public const string Helper = "make the helper asynchronous, or call it by 'Offload.RunAsync'";

    public static string Of(CatalogueRow row)
    {
        if (row.Replacement is not { Length: > 0 } replacement)
            return Offload;
        return replacement.StartsWith("await ", StringComparison.Ordinal)
            ? $"write '{replacement}' instead"
            : $"instead: {replacement}";
    }

    /// <summary>Type and member, as in <c>File.ReadAllText</c> or <c>new FileStream</c>.</summary>
    public static string NameOf(ISymbol member)
    {
        if (member is IMethodSymbol { AssociatedSymbol: { } associated })
            member = associated;
        if (member is IMethodSymbol { MethodKind: MethodKind.LocalFunction or MethodKind.AnonymousFunction } function)
            return function.Name.Length == 0 ? "lambda" : function.Name;
        var type = member.ContainingType?.Name;
        return member switch
        {
            IMethodSymbol { MethodKind: MethodKind.Constructor } => $"new {type}",
            IMethodSymbol { MethodKind: MethodKind.StaticConstructor } => $"static {type}",
            IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator or MethodKind.Conversion } method =>
                $"{type}.{method.Name.Substring("op_".Length)}",
            IMethodSymbol { ReducedFrom: { } extension } => $"{extension.ContainingType.Name}.{extension.Name}",
            _ => type is null ? member.Name : $"{type}.{member.Name}",
        };
    }
}
