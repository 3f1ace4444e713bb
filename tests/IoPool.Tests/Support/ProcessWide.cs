namespace IoPool.Tests.Support;

/// <summary>
/// Tests that change or count what belongs to the whole process (the environment, descriptors): they run when no other
/// test does.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWide
{
    public const string Name = "Process-wide";
}
