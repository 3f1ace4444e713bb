namespace IoPool;

/// <summary>How a group chooses the loop for new work.</summary>
public enum Placement
{
    /// <summary>One loop after the other. The cheapest, and even for short and frequent work.</summary>
    RoundRobin = 0,

    /// <summary>The loop with the fewest unfinished spawned calls and connections; ties go round.</summary>
    LeastLoaded = 1,
}
