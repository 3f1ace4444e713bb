namespace IoPool.Analyzers.Catalogue;

/// <summary>A row of a catalogue with the members that it is for.</summary>
/// <param name="pattern">The members.</param>
/// <param name="row">What is known of them.</param>
/// <param name="isOn">False when the row is off by default, or the user excludes the member.</param>
internal class CatalogueEntry(MemberPattern pattern, CatalogueRow row, bool isOn)
{
    public MemberPattern Pattern { get; } = pattern;

    public CatalogueRow Row { get; } = row;

    public bool IsOn { get; } = isOn;
}
