using System.Linq;
using IoPool.Analyzers.Catalogue;

namespace IoPool.Catalogue;

/// <summary>What a note of the facts means to the analyzer.</summary>
/// <param name="Condition">What the context of a call has to say; null leaves it to the category.</param>
/// <param name="IsOn">Whether the row counts unless a user asks for it.</param>
/// <param name="Members">The members that the note speaks of, where others have it too; null for all.</param>
internal sealed record NoteRule(Condition? Condition, bool IsOn = true, string[]? Members = null)
{
    public static NoteRule Information { get; } = new((Condition?)null);

    public static NoteRule Off { get; } = new(null, IsOn: false);

    public NoteRule For(params string[] members) => this with { Members = members };

    /// <summary>The rule for one member: others than it speaks of only carry the note as information.</summary>
    public NoteRule Of(string member) => Members is null || Members.Contains(member) ? this : Information;
}
