namespace IoPool;

/// <summary>How a group's shutdown went.</summary>
public sealed class ShutdownReport
{
    internal ShutdownReport(bool drained, int abandonedCount, IReadOnlyList<string> abandonedWork)
    {
        Drained = drained;
        AbandonedCount = abandonedCount;
        AbandonedWork = abandonedWork;
    }

    /// <summary>Whether all spawned work had ended before the drain deadline.</summary>
    public bool Drained { get; }

    /// <summary>
    /// How many calls were still waiting when their loop stopped, for something that is not the loop's: a task, offloaded
    /// work. They will not go on.
    /// </summary>
    public int AbandonedCount { get; }

    /// <summary>The methods that were spawned and left behind, as <c>Type.Method</c>; at most one entry a call.</summary>
    public IReadOnlyList<string> AbandonedWork { get; }

    /// <inheritdoc/>
    public override string ToString() => AbandonedCount == 0
        ? Drained ? "All work ended." : "All work ended after the drain deadline."
        : $"Shutdown left {AbandonedCount} call(s) behind: {string.Join(", ", AbandonedWork)}";
}
