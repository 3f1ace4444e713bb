using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace IoPool.Analyzers.Catalogue;

/// <summary>
/// The catalogue that ships with the analyzer. Loading it only finds the types and the names of members; the rows of a
/// type are read when code uses the type.
/// </summary>
internal static class ShippedCatalogue
{
    private const char Comment = '#';
    private const char Cell = '\t';

    private static readonly char[] s_endOfName = ['(', '`', Cell];
    private static readonly Lazy<CatalogueTable> s_table = new(static () => Index(ReadText()));

    public static CatalogueTable Table => s_table.Value;

    /// <summary>The table of a catalogue text.</summary>
    public static CatalogueTable Index(string text)
    {
        var table = new CatalogueTable();
        for (var at = 0; at < text.Length;)
        {
            var endOfLine = EndOfLine(text, at);
            var next = endOfLine + 1;
            if (text[at] != Comment)
            {
                var type = text.Substring(at, endOfLine - at);
                var start = next;
                while (next < text.Length && text[next] == Cell)
                {
                    table.AddName(NameInCode(text, next + 1, type));
                    next = EndOfLine(text, next) + 1;
                }

                var end = next;
                table.AddType(type, () => ReadRows(text, start, end, type));
            }

            at = next;
        }

        return table;
    }

    private static string NameInCode(string text, int start, string type)
    {
        if (text[start] == '#')
            return MemberPattern.SimpleNameOf(type);
        if (text[start + 1] == ':')
            start += 2;
        return text.Substring(start, text.IndexOfAny(s_endOfName, start) - start);
    }

    private static List<CatalogueEntry> ReadRows(string text, int start, int end, string type)
    {
        var entries = new List<CatalogueEntry>();
        while (start < end)
        {
            var endOfLine = EndOfLine(text, start);
            entries.Add(ReadRow(type, text.Substring(start + 1, endOfLine - start - 1).Split(Cell)));
            start = endOfLine + 1;
        }

        return entries;
    }

    private static CatalogueEntry ReadRow(string type, string[] cells)
    {
        var row = new CatalogueRow(
            cells[1],
            (Certainty)Enum.Parse(typeof(Certainty), cells[2], ignoreCase: true),
            (Condition)Enum.Parse(typeof(Condition), cells[3]),
            Optional(5),
            Optional(6),
            Optional(7));
        return new CatalogueEntry(MemberPattern.FromColumn(type, cells[0]), row, cells[4] == "on");

        string? Optional(int index) => cells.ElementAtOrDefault(index) is { Length: > 0 } cell ? cell : null;
    }

    private static int EndOfLine(string text, int start)
    {
        var end = text.IndexOf('\n', start);
        return end < 0 ? text.Length : end;
    }

    private static string ReadText()
    {
        using var stream = typeof(ShippedCatalogue).Assembly.GetManifestResourceStream("blocking.tsv");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
