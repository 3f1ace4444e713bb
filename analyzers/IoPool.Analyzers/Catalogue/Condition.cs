namespace IoPool.Analyzers.Catalogue;

/// <summary>What the context of a call has to say before a row of the catalogue counts. A closed set.</summary>
internal enum Condition
{
    /// <summary>The row always counts.</summary>
    None,

    /// <summary>Silent with a constant timeout of zero.</summary>
    ZeroTimeout,

    /// <summary>Silent when the task or awaiter is known to be complete.</summary>
    Completed,

    /// <summary>Silent when the receiver, or the stream, reader or writer that it is given, is known to be in memory.</summary>
    InMemory,

    /// <summary>Surely when the source is a query of Entity Framework; silent when it was a list before AsQueryable.</summary>
    Query,

    /// <summary>Only when the static type of the source implements IQueryable.</summary>
    QueryableSource,

    /// <summary>At most "may" when the socket was made non-blocking.</summary>
    BlockingSocket,

    /// <summary>Silent where the listener's Pending() was asked.</summary>
    Pending,

    /// <summary>Silent where Available was compared.</summary>
    Available,

    /// <summary>Silent when the boolean argument is the constant false.</summary>
    TrueArgument,

    /// <summary>Silent where IsValueCreated was asked, or the Lazy takes no lock.</summary>
    ValueCreated,

    /// <summary>Silent when the collection is known to be unbounded.</summary>
    Bounded,
}
