using System.Globalization;
using System.Security;

namespace IoPool.Benchmarks.Net;

/// <summary>A bar a server: requests per server CPU-second, with the quartiles. Readable on light and dark ground.</summary>
internal static class SvgChart
{
    private const int Width = 860;
    private const int LabelWidth = 250;
    private const int RowHeight = 30;
    private const int Top = 56;

    internal static string Draw(Cell cell)
    {
        Row[] rows = [.. cell.Rows.Where(static row => row.Samples.Length != 0)];
        double longest = rows.Max(static row => Statistics.Quantile(row.Samples.Select(static s => s.PerServerSecond), 0.75));
        int height = Top + (rows.Length * RowHeight) + 16;
        var text = new StringWriter(CultureInfo.InvariantCulture);
        text.WriteLine($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" role=\"img\">");
        text.WriteLine("""
            <style>
              text { font: 14px system-ui, sans-serif; fill: #24292f; }
              .title { font-weight: 600; font-size: 16px; } .note { font-size: 12px; fill: #57606a; }
              .own { fill: #1f883d; } .other { fill: #8c959f; } .spread { stroke: #57606a; stroke-width: 2; }
              @media (prefers-color-scheme: dark) {
                text { fill: #e6edf3; } .note { fill: #9198a1; } .own { fill: #3fb950; } .other { fill: #656c76; } .spread { stroke: #c9d1d9; }
              }
            </style>
            """);
        text.WriteLine($"<text class=\"title\" x=\"12\" y=\"22\">{SecurityElement.Escape(cell.Workload.Title)}</text>");
        text.WriteLine("<text class=\"note\" x=\"12\" y=\"42\">Requests per server CPU-second (median, quartiles); longer is better</text>");
        for (int i = 0; i < rows.Length; i++)
            DrawBar(text, rows[i], Top + (i * RowHeight), longest);
        text.WriteLine("</svg>");
        return text.ToString();
    }

    private static void DrawBar(StringWriter text, Row row, int y, double longest)
    {
        double scale = (Width - LabelWidth - 110) / longest;
        double[] values = [.. row.Samples.Select(static sample => sample.PerServerSecond)];
        double median = Statistics.Median(values) * scale;
        double low = LabelWidth + (Statistics.Quantile(values, 0.25) * scale), high = LabelWidth + (Statistics.Quantile(values, 0.75) * scale);
        string kind = row.Server.Id.StartsWith("iopool", StringComparison.Ordinal) ? "own" : "other";
        text.WriteLine($"<text x=\"{LabelWidth - 10}\" y=\"{y + 18}\" text-anchor=\"end\">{SecurityElement.Escape(row.Server.Title)}</text>");
        text.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"<rect class=\"{kind}\" x=\"{LabelWidth}\" y=\"{y + 4}\" width=\"{median:F1}\" height=\"20\" rx=\"2\"/>"));
        text.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"<line class=\"spread\" x1=\"{low:F1}\" x2=\"{high:F1}\" y1=\"{y + 14}\" y2=\"{y + 14}\"/>"));
        text.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"<text x=\"{Math.Max(high, LabelWidth + median) + 8:F1}\" y=\"{y + 18}\">{Statistics.Median(values):N0}</text>"));
    }
}
