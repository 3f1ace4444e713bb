using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace IoPool.Benchmarks.Net;

/// <summary>All that was measured, and where.</summary>
internal sealed class Report(Options options)
{
    private const string Heading = """
        # Benchmark results

        Written by `dotnet run -c Release --project benchmarks/IoPool.Benchmarks.Net -- --all` ([how it measures](../../benchmarks/README.md)).
        What the figures say, and why where a goal is not reached: [analysis](analysis.md).


        """;

    internal Options Options { get; } = options;

    internal List<Cell> Cells { get; } = [];

    internal List<GoalResult> Goals { get; } = [];

    /// <summary>Servers that could not be built, and why.</summary>
    internal IReadOnlyDictionary<string, string> Absent { get; set; } = new Dictionary<string, string>();

    internal static string Machine { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} processors ({ProcessorName()}), Linux {Environment.OSVersion.Version}, .NET {Environment.Version}, {RuntimeInformation.ProcessArchitecture}");

    /// <summary>The figures as JSON, the tables as Markdown, and a picture a workload.</summary>
    internal void WriteTo(string folder, string markdown)
    {
        Directory.CreateDirectory(folder);
        foreach (string old in Directory.GetFiles(folder, "*.svg"))
            File.Delete(old);
        foreach (Cell cell in Cells.Where(static cell => cell.Rows.Exists(static row => row.Samples.Length != 0)))
            File.WriteAllText(Path.Combine(folder, cell.Workload.Id + ".svg"), SvgChart.Draw(cell));
        File.WriteAllText(Path.Combine(folder, "results.json"), ToJson() + "\n");
        string pictures = string.Concat(Cells
            .Where(cell => File.Exists(Path.Combine(folder, cell.Workload.Id + ".svg")))
            .Select(static cell => $"\n![{cell.Workload.Title}]({cell.Workload.Id}.svg)\n"));
        File.WriteAllText(Path.Combine(folder, "README.md"), Heading + markdown + pictures);
    }

    private string ToJson() => JsonSerializer.Serialize(
        new
        {
            Machine,
            Options = new { Options.Rounds, Options.Pairs, Options.Seconds },
            Absent,
            Workloads = Cells.Select(static cell => new
            {
                cell.Workload.Id,
                cell.Workload.Title,
                Servers = cell.Rows.Select(static row => new { row.Server.Id, row.Server.Title, row.Missing, row.Samples }),
            }),
            Goals = Goals.Select(static goal => new { goal.Title, goal.Floor, goal.Aim, goal.Value, goal.Low, goal.High, goal.Verdict }),
        },
        Json.Options);

    private static string ProcessorName() => File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[1] ?? "unknown";
}

internal static class Json
{
    internal static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };
}
