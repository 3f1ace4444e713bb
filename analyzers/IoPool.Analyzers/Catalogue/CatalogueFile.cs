using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.Analyzers.Catalogue;

/// <summary>
/// A catalogue file of the user: <c>pattern TAB certainty? TAB replacement?</c>, <c>!pattern</c> to exclude, comments
/// after <c>#</c>. What a line gets wrong is kept for the rule that reports it, and the line is ignored.
/// </summary>
internal sealed class CatalogueFile
{
    private const string Prefix = "IoPool.BlockingApis";
    private const string Extension = ".tsv";

    private static readonly ConditionalWeakTable<SourceText, CatalogueFile> s_files = new();

    private readonly Dictionary<string, List<CatalogueEntry>> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _members = new(StringComparer.Ordinal);

    private CatalogueFile(SourceText text)
    {
        var bad = ImmutableArray.CreateBuilder<BadLine>();
        foreach (var line in text.Lines)
        {
            if (Read(line.ToString()) is { } problem)
                bad.Add(new BadLine(line.Span, problem));
        }

        BadLines = bad.ToImmutable();
    }

    public CatalogueTable Table { get; } = new();

    public ImmutableArray<BadLine> BadLines { get; }

    public static bool Is(string path)
    {
        var name = Path.GetFileName(path);
        return name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            && name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The file of a text, read once however many compilations have it.</summary>
    public static CatalogueFile Of(SourceText text) => s_files.GetValue(text, static text => new CatalogueFile(text));

    private string? Read(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || line[0] == '#')
            return null;

        var cells = line.Split('\t');
        var isExclusion = cells[0].StartsWith("!", StringComparison.Ordinal);
        var pattern = MemberPattern.Parse(isExclusion ? cells[0].Substring(1) : cells[0], out var problem);
        if (pattern is null)
            return problem;
        if (cells.Length > (isExclusion ? 1 : 3))
            return isExclusion ? "an exclusion is the member only" : "it has more than three columns";

        var certainty = Cell(cells, 1) is { } word ? CertaintyOf(word) : null;
        if (Cell(cells, 1) is { } unknown && certainty is null)
            return $"'{unknown}' is no certainty; always, may, cpu and never are";
        if (isExclusion && !ShippedCatalogue.Table.MayKnow(pattern.NameInCode))
            return $"the catalogue has no member named '{pattern.NameInCode}' to exclude";
        if (!_members.Add(pattern.TypeName + "\t" + pattern.Column))
            return "an earlier line is about the same member";

        Add(new UserEntry(pattern, certainty, Cell(cells, 2), isExclusion));
        return null;
    }

    private void Add(UserEntry entry)
    {
        var type = entry.Pattern.TypeName;
        if (!_entries.TryGetValue(type, out var entries))
        {
            _entries.Add(type, entries = []);
            Table.AddType(type, () => entries);
        }

        entries.Add(entry);
        Table.AddName(entry.Pattern.NameInCode);
    }

    private static string? Cell(string[] cells, int index) =>
        index < cells.Length && cells[index].Trim() is { Length: > 0 } cell ? cell : null;

    private static Certainty? CertaintyOf(string word) => word switch
    {
        "always" => Certainty.Always,
        "may" => Certainty.May,
        "cpu" => Certainty.Cpu,
        "never" => Certainty.Never,
        _ => null,
    };

    /// <summary>A line that is ignored, and why.</summary>
    internal readonly struct BadLine(TextSpan span, string problem)
    {
        public TextSpan Span { get; } = span;

        public string Problem { get; } = problem;
    }
}
