namespace IoPool.Analyzers.Catalogue;

/// <summary>A line of a user's catalogue file. What it leaves open, the shipped row says.</summary>
internal sealed class UserEntry(MemberPattern pattern, Certainty? certainty, string? replacement, bool isExclusion)
    : CatalogueEntry(
        pattern,
        new CatalogueRow(
            CategoryRules.User,
            certainty ?? Certainty.Always,
            Condition.None,
            replacement,
            asyncName: null,
            asyncType: null),
        isOn: !isExclusion)
{
    private readonly Certainty? _certainty = certainty;

    /// <summary>What holds where the shipped catalogue has an entry for the same member of the same type.</summary>
    public CatalogueEntry Over(CatalogueEntry? shipped)
    {
        if (!IsOn || shipped is null || shipped.Row.Certainty == Certainty.Never)
            return this;

        var row = shipped.Row;
        return new CatalogueEntry(
            Pattern,
            new CatalogueRow(
                row.Category,
                _certainty ?? row.Certainty,
                row.Condition,
                Row.Replacement ?? row.Replacement,
                row.AsyncName,
                row.AsyncType),
            isOn: true);
    }
}
