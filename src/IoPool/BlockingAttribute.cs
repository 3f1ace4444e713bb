namespace IoPool;

/// <summary>
/// Tells the analyzer that a member can block the thread that calls it, although the analyzer cannot see into it.
/// </summary>
/// <param name="replacement">What to call instead, or <see langword="null"/> when there is nothing better.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property)]
public sealed class BlockingAttribute(string? replacement = null) : Attribute
{
    /// <summary>What to call instead; <see langword="null"/> when there is nothing better.</summary>
    public string? Replacement { get; } = replacement;
}
