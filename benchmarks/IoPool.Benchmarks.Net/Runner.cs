using System.Globalization;

namespace IoPool.Benchmarks.Net;

/// <summary>Reads the options, builds what is needed, runs and reports.</summary>
internal static class Runner
{
    private const string Usage = """
        Usage: IoPool.Benchmarks.Net [options]
          (none)               IoPool's drivers against .NET's sockets, 64 connections
          --all                every server and every workload, and the goals; writes docs/benchmarks
          --goals              the paired tests alone; with --all included
          --servers a,b        only these (their ids)     --workloads a,b   only these (their ids)
          --rounds 5           rounds of the tables       --pairs 20        pairs of a paired test
          --seconds 0.5        of one measurement         --markdown FILE   the table to a file too
          --list               the ids
        """;

    internal static int Run(string[] args)
    {
        if (Options.Parse(args) is not { } options)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        if (options.List)
        {
            Array.ForEach(Peers.All, static server => Console.WriteLine($"{server.Id,-24} {server.Title}"));
            Array.ForEach(Workload.All, static workload => Console.WriteLine($"{workload.Id,-24} {workload.Title}"));
            return 0;
        }

        if (!OperatingSystem.IsLinux() || Environment.ProcessorCount < 2)
        {
            Console.Error.WriteLine("This needs Linux and two processors: one for the server, one for the load.");
            return 1;
        }

        if (Peers.BuildLoadGenerator() is { } reason)
        {
            Console.Error.WriteLine($"The load generator cannot be built: {reason}");
            return 1;
        }

        var report = new Report(options);
        Dictionary<string, string> absent = FindAbsent(options);
        report.Absent = absent;
        Server[] servers = [.. options.Servers.Where(server => !absent.ContainsKey(server.Title))];
        foreach (Workload workload in options.Workloads)
            report.Cells.Add(Matrix.Measure(workload, servers, options));
        if (options.Goals)
            report.Goals.AddRange(Goal.MeasureAll(servers, options, report.Cells));

        string markdown = MarkdownReport.Write(report);
        Console.WriteLine(markdown);
        if (options.MarkdownFile is { } file)
            File.WriteAllText(file, markdown);
        if (options.WritesDocs)
            report.WriteTo(Path.Combine(Peers.Root, "docs", "benchmarks"), markdown);
        return 0;
    }

    /// <summary>Builds the servers; those that cannot be built, with the reason.</summary>
    private static Dictionary<string, string> FindAbsent(Options options)
    {
        var absent = new Dictionary<string, string>();
        foreach (Server server in options.Servers)
        {
            if (server.Prepare?.Invoke() is { } reason)
                absent[server.Title] = reason;
        }

        return absent;
    }
}

/// <summary>What to measure, how long, and where to write it.</summary>
internal sealed record Options(Server[] Servers, Workload[] Workloads)
{
    internal int Rounds { get; private init; } = 5;

    internal int Pairs { get; private init; } = 20;

    internal double Seconds { get; private init; } = 0.5;

    internal bool Goals { get; private init; }

    internal bool WritesDocs { get; private init; }

    internal bool List { get; private init; }

    internal string? MarkdownFile { get; private init; }

    /// <summary><see langword="null"/> when they make no sense.</summary>
    internal static Options? Parse(string[] args)
    {
        bool everything = args.Contains("--all"), goals = args.Contains("--goals");
        var options = new Options(
            everything || goals ? Peers.All : [.. Peers.All.Take(5)],
            everything ? Workload.All : goals ? [] : [.. Workload.All.Where(static w => w.Id is "echo-64-1" or "echo-64-16")])
        {
            Goals = everything || goals,
            WritesDocs = everything,
            Rounds = everything || goals ? 5 : 7,
        };
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] is "--all" or "--goals")
                continue;

            if (args[i] == "--list")
            {
                options = options with { List = true };
                continue;
            }

            if (i + 1 == args.Length || options.With(args[i], args[++i]) is not { } next)
                return null;

            options = next;
        }

        return options;
    }

    private Options? With(string name, string value)
    {
        string[] ids = value.Split(',');
        switch (name)
        {
            case "--servers":
                Server[] servers = [.. Peers.All.Where(server => ids.Contains(server.Id))];
                return servers.Length == ids.Length ? this with { Servers = servers } : null;
            case "--workloads":
                Workload[] workloads = [.. Workload.All.Where(workload => ids.Contains(workload.Id))];
                return workloads.Length == ids.Length ? this with { Workloads = workloads } : null;
            case "--rounds":
                return int.TryParse(value, out int rounds) && rounds > 0 ? this with { Rounds = rounds } : null;
            case "--pairs":
                return int.TryParse(value, out int pairs) && pairs > 0 ? this with { Pairs = pairs } : null;
            case "--seconds":
                return double.TryParse(value, CultureInfo.InvariantCulture, out double seconds) && seconds > 0
                    ? this with { Seconds = seconds }
                    : null;
            case "--markdown":
                return this with { MarkdownFile = value };
            default:
                return null;
        }
    }
}
