namespace IoPool.Analyzers.Catalogue;

/// <summary>What the catalogue knows of one member.</summary>
internal sealed class CatalogueRow(
    string category,
    Certainty certainty,
    Condition condition,
    string? replacement,
    string? asyncName,
    string? asyncType)
{
    public string Category { get; } = category;

    public Certainty Certainty { get; } = certainty;

    public Condition Condition { get; } = condition;

    /// <summary>What to do instead, as words for a message: <c>await ReadAsync(...)</c>.</summary>
    public string? Replacement { get; } = replacement;

    /// <summary>The simple name of the asynchronous counterpart, or null.</summary>
    public string? AsyncName { get; } = asyncName;

    /// <summary>The metadata name of the counterpart's type, where that is another one than the member's; or null.</summary>
    public string? AsyncType { get; } = asyncType;

    /// <summary>The row as it counts for one call.</summary>
    public CatalogueRow With(Certainty certainty) => certainty == Certainty
        ? this
        : new CatalogueRow(Category, certainty, Condition, Replacement, AsyncName, AsyncType);
}
