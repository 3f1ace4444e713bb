namespace IoPool;

/// <summary>
/// Tells the analyzer that a member does not block the thread that calls it, whatever the analyzer finds in its body.
/// </summary>
/// <param name="why">The reason, which the reader of the code can check.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property)]
public sealed class NonBlockingAttribute(string why) : Attribute
{
    /// <summary>The reason, which the reader of the code can check.</summary>
    public string Why { get; } = why;
}
