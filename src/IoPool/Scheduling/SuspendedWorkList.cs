namespace IoPool.Scheduling;

/// <summary>The spawned work of one loop that is suspended at an await. Loop's thread only.</summary>
internal struct SuspendedWorkList
{
    private SpawnedWork? _first;

    internal readonly bool Contains(SpawnedWork work) => work.PreviousOfLoop is not null || ReferenceEquals(_first, work);

    internal void Add(SpawnedWork work)
    {
        work.NextOfLoop = _first;
        if (_first is not null)
            _first.PreviousOfLoop = work;
        _first = work;
    }

    internal void Remove(SpawnedWork work)
    {
        if (work.PreviousOfLoop is { } previous)
            previous.NextOfLoop = work.NextOfLoop;
        else
            _first = work.NextOfLoop;
        if (work.NextOfLoop is { } next)
            next.PreviousOfLoop = work.PreviousOfLoop;
        work.PreviousOfLoop = work.NextOfLoop = null;
    }

    internal SpawnedWork? TakeFirst()
    {
        SpawnedWork? first = _first;
        if (first is not null)
            Remove(first);
        return first;
    }
}
