using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using IoPool.Analyzers.Catalogue;

namespace IoPool.Catalogue;

/// <summary>Writes the catalogue that ships: rows under the name of their type, with what the analyzer uses.</summary>
public static class ShippedFile
{
    private const string Header = """
        # Written by analyzers/IoPool.Catalogue from analyzers/catalogue/facts: do not edit.
        # A type, and below it, after a tab: member, category, certainty, condition, on or off by default, replacement,
        # asynchronous counterpart, type of the counterpart where it is another one.

        """;

    /// <summary>Categories whose members work on a stream, a reader or a writer, which may be in memory.</summary>
    private static readonly string[] s_overStreams = ["stream", "text", "xml", "serialization", "compression"];

    private static readonly string[] s_streams = ["System.IO.Stream", "System.IO.TextReader", "System.IO.TextWriter"];

    public static string Write(FactFiles facts)
    {
        var rows = facts.Blocking.Where(static fact => fact.IsMember).Select(ToRow)
            .Concat(facts.Exemptions.Where(static exemption => exemption.IsMember).Select(ToRow))
            .ToArray();
        var text = new StringBuilder(Header);
        var types = rows.GroupBy(static row => row.Type).OrderBy(static type => type.Key, StringComparer.Ordinal);
        foreach (var type in types)
        {
            text.Append(type.Key).Append('\n');
            foreach (var row in type.OrderBy(static row => row.Member, StringComparer.Ordinal))
                text.Append('\t').Append(row.Member).Append('\t').Append(row.Cells).Append('\n');
        }

        CheckUnique(rows);
        return text.ToString();
    }

    /// <summary>Whether what a note means has been said.</summary>
    public static bool IsNoteKnown(string note) => note.Length == 0 || Notes.IsKnown(note);

    private static Row ToRow(Fact fact)
    {
        var pattern = Parse(fact.Pattern);
        var note = Notes.Of(fact, pattern.Name);
        var (asyncName, asyncType) = CounterpartOf(fact, pattern);
        var cells = string.Join(
            '\t',
            fact.Category,
            fact.Certainty,
            ConditionOf(fact, pattern, note),
            note.IsOn ? "on" : "off",
            fact.Replacement,
            asyncName,
            asyncType);
        return new Row(pattern.TypeName, pattern.Column, cells.TrimEnd('\t'));
    }

    private static Row ToRow(Exemption exemption)
    {
        var pattern = Parse(exemption.Pattern);
        return new Row(pattern.TypeName, pattern.Column, "none\tnever\tNone\ton");
    }

    private static MemberPattern Parse(string pattern) =>
        MemberPattern.Parse(pattern, out var problem) ?? throw new FactException($"{pattern}: {problem}");

    private static Condition ConditionOf(Fact fact, MemberPattern pattern, NoteRule note)
    {
        var said = note.Condition;
        if (said == Condition.TrueArgument && !Takes(pattern, "System.Boolean"))
            return Condition.None;
        if (said is not null)
            return said.Value;
        if (fact.Category == "task-wait")
            return Condition.Completed;

        // What surely blocks does so whatever stream it is given: it has a file's name besides.
        var isOverStream = fact.Certainty == "may"
            && (s_overStreams.Contains(fact.Category) || s_streams.Any(stream => Takes(pattern, stream)));
        return isOverStream || fact.Category == "cache" ? Condition.InMemory : Condition.None;
    }

    private static bool Takes(MemberPattern pattern, string type) =>
        pattern.Parameters is { } parameters && parameters.Split(',').Contains(type);

    private static (string Name, string Type) CounterpartOf(Fact fact, MemberPattern pattern)
    {
        // "Offload.RunAsync (async overloads run synchronously)": what has the name of a counterpart is none.
        var offloads = fact.Replacement.StartsWith("Offload.RunAsync", StringComparison.Ordinal)
            && !fact.Replacement.Contains("await", StringComparison.Ordinal);
        if (fact.AsyncCounterpart.Length == 0 || offloads)
            return ("", "");

        var counterpart = Parse(fact.AsyncCounterpart.TrimEnd('*'));
        return (counterpart.Name, counterpart.TypeName == pattern.TypeName ? "" : counterpart.TypeName);
    }

    private static void CheckUnique(IEnumerable<Row> rows)
    {
        var twice = rows.GroupBy(static row => (row.Type, row.Member))
            .FirstOrDefault(static group => group.Count() > 1);
        if (twice is not null)
            throw new FactException($"{twice.Key.Type}.{twice.Key.Member} is there twice.");
    }

    private sealed record Row(string Type, string Member, string Cells);
}
