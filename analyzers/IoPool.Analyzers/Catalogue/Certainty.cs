namespace IoPool.Analyzers.Catalogue;

/// <summary>How sure it is that a member blocks, weakest first.</summary>
internal enum Certainty
{
    /// <summary>It does not block, whatever its base or its name say.</summary>
    Never,

    /// <summary>It computes for long.</summary>
    Cpu,

    /// <summary>It blocks sometimes.</summary>
    May,

    /// <summary>It blocks whenever what it waits for is not there yet.</summary>
    Always,
}
