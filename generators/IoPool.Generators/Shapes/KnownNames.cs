using System.Linq;
using Microsoft.CodeAnalysis;

namespace IoPool.Generators.Shapes;

/// <summary>The types that the shape rules know, compared by name: a reference may hold them twice.</summary>
internal static class KnownNames
{
    public const string PinnedAttribute = "IoPool.PinnedAttribute";

    public const string RuntimeAsyncAttribute =
        "System.Runtime.CompilerServices.RuntimeAsyncMethodGenerationAttribute";

    public static AttributeData? FindPinned(IMethodSymbol method) =>
        method.GetAttributes().FirstOrDefault(static a =>
            Is(a.AttributeClass, "PinnedAttribute", "IoPool"));

    public static bool IsPinned(IMethodSymbol method) => FindPinned(method) is not null;

    public static AttributeData? FindBuilder(IMethodSymbol method) =>
        method.GetAttributes().FirstOrDefault(static a =>
            Is(a.AttributeClass, "AsyncMethodBuilderAttribute", "System", "Runtime", "CompilerServices"));

    public static AttributeData? FindRuntimeAsync(IMethodSymbol method) =>
        method.GetAttributes().FirstOrDefault(static a =>
            Is(a.AttributeClass, "RuntimeAsyncMethodGenerationAttribute", "System", "Runtime", "CompilerServices"));

    public static bool IsPinnedBuilder(ITypeSymbol? type) =>
        Is(type, "PinnedValueTaskMethodBuilder", "IoPool", "CompilerServices");

    public static bool IsValueTask(ITypeSymbol type) =>
        type is INamedTypeSymbol { Arity: <= 1 } && Is(type, "ValueTask", "System", "Threading", "Tasks");

    public static bool IsAsyncSequence(ITypeSymbol type) =>
        Is(type, "IAsyncEnumerable", "System", "Collections", "Generic")
        || Is(type, "IAsyncEnumerator", "System", "Collections", "Generic");

    public static bool IsCallerInfo(AttributeData attribute) =>
        attribute.AttributeClass is
        {
            Name: "CallerMemberNameAttribute" or "CallerFilePathAttribute" or "CallerLineNumberAttribute"
                or "CallerArgumentExpressionAttribute"
        } type && IsIn(type, "System", "Runtime", "CompilerServices");

    private static bool Is(ITypeSymbol? type, string name, params string[] namespaces) =>
        type is not null && type.Name == name && type.ContainingType is null && IsIn(type, namespaces);

    private static bool IsIn(ITypeSymbol type, params string[] namespaces)
    {
        var current = type.ContainingNamespace;
        for (var i = namespaces.Length - 1; i >= 0; i--)
        {
            if (current is null || current.Name != namespaces[i])
                return false;
            current = current.ContainingNamespace;
        }

        return current is { IsGlobalNamespace: true };
    }
}
