using System.Globalization;

namespace IoPool.Benchmarks.Net;

/// <summary>The tables.</summary>
internal static class MarkdownReport
{
    internal static string Write(Report report)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture);
        foreach (Cell cell in report.Cells)
            WriteCell(text, cell);
        if (report.Goals.Count != 0)
            WriteGoals(text, report);
        foreach ((string server, string reason) in report.Absent)
            text.WriteLine($"Absent: {server} ({reason}).");
        if (report.Absent.Count != 0)
            text.WriteLine();
        text.WriteLine(
            $"Medians of {report.Options.Rounds} interleaved rounds of {report.Options.Seconds} s, server and load on processors of their own. "
            + $"{Report.Machine}. `*`: the server was under 90 % busy, so that requests a second and latencies are not its limit. `-`: the "
            + "load was at its limit before the server was, and the figure says nothing.");
        return text.ToString();
    }

    private static void WriteCell(StringWriter text, Cell cell)
    {
        Row? baseline = cell.Rows.Find(static row => row.Server.Id == "dotnet" && row.Samples.Length != 0);
        bool isIdle = cell.Workload.Idle != 0;
        text.WriteLine($"**{cell.Workload.Title}**{(cell.Workload.RateShare is null ? "" : " (open loop; latency from the time that a message was due)")}");
        text.WriteLine();
        text.WriteLine(
            "| Server | Requests per server CPU-second | Against the thread pool | Quartiles | Requests/s | p50 us | p99 us | p99.9 us | User ns | Kernel ns | B allocated | Busy |"
            + (isIdle ? " B per idle connection |" : ""));
        text.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|" + (isIdle ? "---:|" : ""));
        foreach (Row row in cell.Rows)
            text.WriteLine(row.Samples.Length == 0 ? $"| {row.Server.Title} | {row.Missing} |" : Figures(row, baseline, cell.Workload));
        text.WriteLine();
    }

    private static string Figures(Row row, Row? baseline, Workload workload)
    {
        double[] ratios = baseline is null
            ? []
            : [.. row.Samples.Zip(baseline.Samples, static (own, other) => own.PerServerSecond / other.PerServerSecond)];
        double share = row.Median(static sample => sample.ServerShare);
        bool isOpenLoop = workload.RateShare is not null;
        // With the load at its limit and the server not, requests a second and latencies are the load's.
        bool isClientBound = !isOpenLoop && row.Median(static sample => sample.LoadShare) > 0.97 && share < 0.9;
        string Of(Func<Sample, double> of, bool isTheLoads = false) =>
            isTheLoads && isClientBound ? "-" : row.Median(of).ToString("N0", CultureInfo.InvariantCulture);
        string allocated = row.Samples[0].AllocatedPerRequest is null
            ? ""
            : row.Median(static sample => sample.AllocatedPerRequest ?? 0).ToString("F1", CultureInfo.InvariantCulture);
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"| {row.Server.Title} | {Of(static s => s.PerServerSecond)} | {(ratios.Length == 0 ? "" : Statistics.Median(ratios).ToString("F2", CultureInfo.InvariantCulture))} | "
            + $"{(ratios.Length == 0 ? "" : $"{Statistics.Quantile(ratios, 0.25):F2} to {Statistics.Quantile(ratios, 0.75):F2}")} | "
            + $"{Of(static s => s.PerSecond, true)} | {Of(static s => s.P50 / 1e3, true)} | {Of(static s => s.P99 / 1e3, true)} | {Of(static s => s.P999 / 1e3, true)} | "
            + $"{Of(static s => s.UserNs)} | {Of(static s => s.KernelNs)} | {allocated} | {share:P0}{(share < 0.9 && !isOpenLoop ? " *" : "")} |");
        return workload.Idle == 0 ? line : line + $" {Of(static s => s.IdleBytes ?? 0)} |";
    }

    private static void WriteGoals(StringWriter text, Report report)
    {
        text.WriteLine($"**Goals** (paired tests, {report.Options.Pairs} pairs: ratio of requests per server CPU-second; one loop on one processor)");
        text.WriteLine();
        text.WriteLine("| Pair | Floor | Aim | Measured | Quartiles | |");
        text.WriteLine("|---|---:|---:|---:|---:|---|");
        foreach (GoalResult goal in report.Goals)
        {
            string format = goal.Aim > 10 ? "N0" : "F3";
            text.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {goal.Title} | {goal.Floor} | {goal.Aim} | {goal.Value?.ToString(format, CultureInfo.InvariantCulture)} | "
                + $"{goal.Low?.ToString(format, CultureInfo.InvariantCulture)} to {goal.High?.ToString(format, CultureInfo.InvariantCulture)} | {goal.Verdict} |"));
        }

        text.WriteLine();
    }
}
