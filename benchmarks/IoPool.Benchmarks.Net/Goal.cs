namespace IoPool.Benchmarks.Net;

/// <summary>What the project sets out to reach, and what a paired test found.</summary>
internal sealed record GoalResult(string Title, double Floor, double Aim, double? Value, double? Low, double? High, bool LessIsBetter, string? Missing)
{
    internal string Verdict => Value is not { } value ? Missing ?? "not measured"
        : (LessIsBetter ? value <= Aim : value >= Aim) ? "aim reached"
        : (LessIsBetter ? value <= Floor : value >= Floor) ? "floor reached"
        : "**floor missed**";
}

/// <summary>A ratio of requests per server CPU-second that is to be reached.</summary>
internal sealed record Goal(string Server, string Against, string Workload, double Floor, double Aim)
{
    private static readonly Goal[] s_pairs =
    [
        new("iopool-io_uring", "c-io_uring", "echo-64-1", 0.95, 1.00),
        new("iopool-io_uring", "c-io_uring", "echo-64-16", 0.95, 1.00),
        new("iopool-io_uring", "dotnet", "echo-64-1", 1.8, 2.0),
        new("iopool-io_uring", "dotnet", "echo-64-16", 1.8, 2.0),
        new("iopool-io_uring", "dotnet-inline", "echo-64-1", 1.2, 1.4),
        new("iopool-io_uring", "dotnet-inline", "echo-64-16", 1.1, 1.2),
        new("iopool-io_uring", "tokio-pool", "echo-64-1", 1.05, 1.15),
        new("iopool-io_uring", "tokio-pool", "echo-64-16", 1.0, 1.08),
        new("iopool-io_uring", "kestrel", "echo-64-1", 2.2, 2.5),
        new("iopool-epoll", "c-epoll", "echo-64-1", 0.90, 0.97),
        new("iopool-epoll", "c-epoll", "echo-64-16", 0.90, 0.97),
        new("iopool-io_uring", "c-io_uring", "churn", 0.93, 0.97),
        new("iopool-io_uring", "tokio-pool", "churn", 1.08, 1.15),
    ];

    /// <summary>The paired tests (A B, B A, and so on), then what the tables tell.</summary>
    internal static IEnumerable<GoalResult> MeasureAll(Server[] servers, Options options, List<Cell> cells)
    {
        foreach (Goal goal in s_pairs)
            yield return goal.Measure(servers, options);

        yield return OfCell("User-mode time per request, io_uring, ns", cells, "echo-64-1", "iopool-io_uring", 200, 110, static s => s.UserNs);
        yield return OfCell("User-mode time per request, epoll, ns", cells, "echo-64-1", "iopool-epoll", 350, 240, static s => s.UserNs);
        yield return OfCell("Memory of an idle connection, io_uring, bytes", cells, "idle-crowd", "iopool-io_uring", 2_048, 1_024, static s => s.IdleBytes ?? double.NaN);
        yield return OfCell("Memory of an idle connection, epoll, bytes", cells, "idle-crowd", "iopool-epoll", 2_048, 1_024, static s => s.IdleBytes ?? double.NaN);
        yield return OfRatio("p99 at a fixed rate, io_uring against the thread pool", cells, "fixed-rate", "iopool-io_uring", "dotnet", 0.5, 0.5, static s => s.P99);
    }

    private GoalResult Measure(Server[] servers, Options options)
    {
        Server? own = Array.Find(servers, server => server.Id == Server), other = Array.Find(servers, server => server.Id == Against);
        Workload workload = Array.Find(Net.Workload.All, candidate => candidate.Id == Workload)!;
        string title = $"{TitleOf(Server)} / {TitleOf(Against)}: {workload.Title}";
        if (own is null || other is null)
            return new GoalResult(title, Floor, Aim, null, null, null, false, "a server is absent");

        Console.Error.WriteLine(title);
        var processors = Processors.For(workload.Loops);
        try
        {
            using ServerProcess first = ServerProcess.Start(own, workload.Loops, workload.Mode, processors)!;
            using ServerProcess second = ServerProcess.Start(other, workload.Loops, workload.Mode, processors)!;
            foreach (ServerProcess server in (ServerProcess[])[first, second, first, second])
                server.Measure(workload, 2, processors);
            var ratios = new List<double>();
            for (int pair = 0; pair < options.Pairs; pair++)
            {
                // A B, B A, A B: a drift of the machine meets both alike.
                double a = pair % 2 == 0 ? first.Measure(workload, options.Seconds, processors).PerServerSecond : 0;
                double b = second.Measure(workload, options.Seconds, processors).PerServerSecond;
                if (pair % 2 != 0)
                    a = first.Measure(workload, options.Seconds, processors).PerServerSecond;
                ratios.Add(a / b);
            }

            return new GoalResult(
                title, Floor, Aim, Statistics.Median(ratios), Statistics.Quantile(ratios, 0.25), Statistics.Quantile(ratios, 0.75), false, null);
        }
        catch (InvalidOperationException exception)
        {
            return new GoalResult(title, Floor, Aim, null, null, null, false, exception.Message);
        }
    }

    private static string TitleOf(string id) => Array.Find(Peers.All, server => server.Id == id)!.Title;

    private static GoalResult OfCell(
        string title, List<Cell> cells, string workload, string server, double floor, double aim, Func<Sample, double> of)
    {
        Row? row = FindRow(cells, workload, server);
        return row is null
            ? new GoalResult(title, floor, aim, null, null, null, true, "its workload was not run")
            : new GoalResult(
                title, floor, aim, row.Median(of), Statistics.Quantile(row.Samples.Select(of), 0.25),
                Statistics.Quantile(row.Samples.Select(of), 0.75), true, null);
    }

    private static GoalResult OfRatio(
        string title, List<Cell> cells, string workload, string server, string against, double floor, double aim, Func<Sample, double> of)
    {
        Row? own = FindRow(cells, workload, server), other = FindRow(cells, workload, against);
        if (own is null || other is null)
            return new GoalResult(title, floor, aim, null, null, null, true, "its workload was not run");

        double[] ratios = [.. own.Samples.Zip(other.Samples, (a, b) => of(a) / of(b))];
        return new GoalResult(
            title, floor, aim, Statistics.Median(ratios), Statistics.Quantile(ratios, 0.25), Statistics.Quantile(ratios, 0.75), true, null);
    }

    private static Row? FindRow(List<Cell> cells, string workload, string server) => cells
        .Find(cell => cell.Workload.Id == workload)?.Rows
        .Find(row => row.Server.Id == server && row.Samples.Length != 0);
}
