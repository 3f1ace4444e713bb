using System.Globalization;
using System.Text;
using IoPool;

namespace EchoServer.Load;

/// <summary>Prints the figures, a line a loop and a total.</summary>
internal static class LoopTable
{
    private static readonly string[] s_headings =
        ["loop", "connections", "requests", "requests/s", "p50 us", "p99 us", "bytes/request", "driver"];

    internal static string Format(EventLoopGroup group, IReadOnlyList<LoopFigures> byLoop, TimeSpan elapsed)
    {
        var total = new LoopFigures();
        var rows = new List<string[]> { s_headings };
        foreach (LoopFigures figures in byLoop)
        {
            total.Add(figures);
            rows.Add(Row(group[rows.Count - 1].Name, figures, elapsed, group.DriverDescription));
        }

        string[] totals = Row("total", total, elapsed, "");
        int[] widths = [.. s_headings.Select((_, column) => rows.Append(totals).Max(row => row[column].Length))];
        string rule = new('-', widths.Sum() + (2 * (widths.Length - 1)));
        IEnumerable<string> lines = rows.Select(row => Line(row, widths));
        return string.Join(Environment.NewLine, [lines.First(), rule, .. lines.Skip(1), rule, Line(totals, widths)]);
    }

    private static string[] Row(string name, LoopFigures figures, TimeSpan elapsed, string driver)
    {
        long requests = figures.Latencies.Count;
        return
        [
            name,
            Number(figures.Connections),
            Number(requests),
            Number((long)(requests / elapsed.TotalSeconds)),
            Microseconds(figures.Latencies.Percentile(0.50)),
            Microseconds(figures.Latencies.Percentile(0.99)),
            requests == 0 ? "-" : ((double)figures.AllocatedBytes / requests).ToString("0.00", CultureInfo.InvariantCulture),
            driver,
        ];
    }

    /// <summary>Names to the left, numbers to the right.</summary>
    private static string Line(string[] cells, int[] widths)
    {
        var line = new StringBuilder();
        for (int i = 0; i < cells.Length; i++)
        {
            bool isName = i == 0 || i == cells.Length - 1;
            line.Append(i == 0 ? "" : "  ").Append(isName ? cells[i].PadRight(widths[i]) : cells[i].PadLeft(widths[i]));
        }

        return line.ToString().TrimEnd();
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Microseconds(long? nanoseconds) =>
        nanoseconds is { } value ? (value / 1_000.0).ToString("N1", CultureInfo.InvariantCulture) : "-";
}
