using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;

namespace IoPool.Catalogue;

/// <summary>The facts as they are checked in.</summary>
public sealed record FactFiles(IReadOnlyList<Fact> Blocking, IReadOnlyList<Exemption> Exemptions)
{
    public static FactFiles Read(string folder) => new(
        [
            .. Rows(Path.Combine(folder, "blocking-apis.tsv"), 7).Select(static cells =>
                new Fact(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6])),
        ],
        [
            .. Rows(Path.Combine(folder, "nonblocking-exemptions.tsv"), 3).Select(static cells =>
                new Exemption(cells[0], cells[1], cells[2])),
        ]);

    /// <summary>The folder <c>analyzers</c> of the repository that this was built from.</summary>
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, ".."));

    private static IEnumerable<string[]> Rows(string path, int columns)
    {
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            var cells = line.Split('\t');
            if (cells.Length != columns)
                throw new FactException($"{Path.GetFileName(path)}: {columns} columns expected: {line}");
            yield return cells;
        }
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
