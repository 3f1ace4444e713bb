using System.Linq;
using Microsoft.CodeAnalysis;

namespace IoPool.Generators.Shapes;

/// <summary>The types that the shape rules know, compared by name: a reference may hold them twice.</summary>
internal static class KnownNames
{
    public const string PinnedAttribute = "IoPool.PinnedAttribute";

    public const string RuntimeAsyncAttribute =
        "System.Runtime.CompilerServices.RuntimeAsyncMethodGenerationAttribute";

    // Asked for every attribute of every method: nothing is allocated for an answer.
    private static readonly string[] s_ioPool = ["IoPool"];
    private static readonly string[] s_pinnedBuilders = ["IoPool", "CompilerServices"];
    private static readonly string[] s_compilerServices = ["System", "Runtime", "CompilerServices"];
    private static readonly string[] s_tasks = ["System", "Threading", "Tasks"];
    private static readonly string[] s_generic = ["System", "Collections", "Generic"];

    public static AttributeData? FindPinned(IMethodSymbol method) =>
        method.GetAttributes().FirstOrDefault(static a =>
            Is(a.AttributeClass, "PinnedAttribute", s_ioPool));

    public static bool IsPinned(IMethodSymbol method) => FindPinned(method) is not null;

    public static AttributeData? FindBuilder(IMethodSymbol method) =>
        method.GetAttributes().FirstOrDefault(static a =>
            Is(a.AttributeClass, "AsyncMethodBuilderAttribute", s_compilerServices));

    public static AttributeData? FindRuntimeAsync(IMethodSymbol method) =>
        method.GetAttributes().FirstOrDefault(static a =>
            Is(a.AttributeClass, "RuntimeAsyncMethodGenerationAttribute", s_compilerServices));

    public static bool IsPinnedBuilder(ITypeSymbol? type) =>
        Is(type, "PinnedValueTaskMethodBuilder", s_pinnedBuilders);

    public static bool IsValueTask(ITypeSymbol type) =>
        type is INamedTypeSymbol { Arity: <= 1 } && Is(type, "ValueTask", s_tasks);

    public static bool IsAsyncSequence(ITypeSymbol type) =>
        Is(type, "IAsyncEnumerable", s_generic)
        || Is(type, "IAsyncEnumerator", s_generic);

    public static bool IsCallerInfo(AttributeData attribute) =>
        attribute.AttributeClass is
        {
            Name: "CallerMemberNameAttribute" or "CallerFilePathAttribute" or "CallerLineNumberAttribute"
                or "CallerArgumentExpressionAttribute"
        } type && IsIn(type, s_compilerServices);

    /// <summary>Whether a type, however generic, has this name in these namespaces, outermost first.</summary>
    public static bool Is(ITypeSymbol? type, string name, string[] namespaces) =>
        type is not null && type.Name == name && type.ContainingType is null && IsIn(type, namespaces);

    private static bool IsIn(ITypeSymbol type, string[] namespaces)
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
