using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Blocking;

/// <summary>What [Blocking] and [NonBlocking] say of a member.</summary>
internal static class Contracts
{
    public static AttributeData? FindBlocking(ISymbol member) => Find(member, isBlocking: true);

    public static AttributeData? FindNonBlocking(ISymbol member) => Find(member, isBlocking: false);

    /// <summary>Whether [NonBlocking] has a reason, without which it is not believed.</summary>
    public static bool HasReason(AttributeData nonBlocking) =>
        nonBlocking.ConstructorArguments.Length == 0
        || nonBlocking.ConstructorArguments[0].Value is string { Length: > 0 } why && why.Trim().Length > 0;

    public static bool IsBelievedNonBlocking(ISymbol member) =>
        FindNonBlocking(member) is { } attribute && HasReason(attribute);

    public static string? ReplacementOf(AttributeData blocking) =>
        blocking.ConstructorArguments.Length > 0 ? blocking.ConstructorArguments[0].Value as string : null;

    private static AttributeData? Find(ISymbol member, bool isBlocking)
    {
        if (Of(member.OriginalDefinition, isBlocking) is { } own)
            return own;
        return member is IMethodSymbol { AssociatedSymbol: { } associated } ? Of(associated.OriginalDefinition, isBlocking) : null;
    }

    private static AttributeData? Of(ISymbol symbol, bool isBlocking)
    {
        foreach (var attribute in symbol.GetAttributes())
        {
            var isIt = isBlocking
                ? KnownTypes.IsBlockingAttribute(attribute.AttributeClass)
                : KnownTypes.IsNonBlockingAttribute(attribute.AttributeClass);
            if (isIt)
                return attribute;
        }

        return null;
    }
}
