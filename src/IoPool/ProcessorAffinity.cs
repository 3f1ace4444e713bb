namespace IoPool;

/// <summary>Whether the loops of a group are bound to processors.</summary>
public enum ProcessorAffinity
{
    /// <summary>The operating system places the loops' threads.</summary>
    None = 0,

    /// <summary>
    /// Loop <c>n</c> runs on the <c>n</c>th processor that the process may use, and on no other. Linux only; a group of
    /// more loops than processors is refused.
    /// </summary>
    OneCorePerLoop = 1,
}
