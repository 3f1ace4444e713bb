namespace IoPool.Benchmarks.Net;

/// <summary>One workload on every server.</summary>
internal sealed record Cell(Workload Workload, List<Row> Rows);

/// <summary>One server in a cell: its samples, in the order of the rounds, or why there are none.</summary>
internal sealed record Row(Server Server, Sample[] Samples, string? Missing)
{
    internal double Median(Func<Sample, double> of) => Statistics.Median(Samples.Select(of));
}

/// <summary>Runs every server in turn, in interleaved rounds.</summary>
internal static class Matrix
{
    private const double WarmUpSeconds = 2;

    internal static Cell Measure(Workload workload, Server[] servers, Options options)
    {
        Console.Error.WriteLine(workload.Title);
        var processors = Processors.For(workload.Loops);
        var rows = new List<Row>();
        var running = new List<ServerProcess>();
        var samples = new Dictionary<Server, List<Sample>>();
        try
        {
            foreach (Server server in servers)
                Start(server, workload, processors, running, rows);
            double? rate = FindRate(workload, running, processors);
            int rounds = workload.Idle != 0 ? 1 : options.Rounds;
            for (int round = 0; round < rounds; round++)
            {
                // There and back, so that a drift of the machine meets all alike.
                foreach (ServerProcess server in round % 2 == 0 ? running.ToArray() : running.AsEnumerable().Reverse().ToArray())
                    Measure(server, workload, options.Seconds, processors, rate, running, samples, rows);
            }
        }
        finally
        {
            running.ForEach(static server => server.Dispose());
        }

        rows.AddRange(samples.Where(pair => rows.TrueForAll(row => row.Server != pair.Key))
            .Select(static pair => new Row(pair.Key, [.. pair.Value], null)));
        rows.Sort(static (a, b) => Array.IndexOf(Peers.All, a.Server) - Array.IndexOf(Peers.All, b.Server));
        return new Cell(workload, rows);
    }

    /// <summary>Starts a server and warms it up, for the just-in-time compiler.</summary>
    private static void Start(Server server, Workload workload, Processors processors, List<ServerProcess> running, List<Row> rows)
    {
        ServerProcess? process = null;
        try
        {
            process = ServerProcess.Start(server, workload.Loops, workload.Mode, processors);
            if (process is null)
            {
                rows.Add(new Row(server, [], "not written for this peer"));
                return;
            }

            process.Measure(workload with { Idle = 0 }, WarmUpSeconds, processors);
            running.Add(process);
        }
        catch (InvalidOperationException exception)
        {
            process?.Dispose();
            rows.Add(new Row(server, [], exception.Message));
        }
    }

    private static void Measure(
        ServerProcess server, Workload workload, double seconds, Processors processors, double? rate,
        List<ServerProcess> running, Dictionary<Server, List<Sample>> samples, List<Row> rows)
    {
        try
        {
            Sample sample = server.Measure(workload, seconds, processors, rate);
            if (!samples.TryGetValue(server.Server, out List<Sample>? all))
                samples[server.Server] = all = [];
            all.Add(sample);
        }
        catch (InvalidOperationException exception)
        {
            rows.Add(new Row(server.Server, [], exception.Message));
            running.Remove(server);
            server.Dispose();
        }
    }

    private static double? FindRate(Workload workload, List<ServerProcess> running, Processors processors)
    {
        if (workload.RateShare is not { } share)
            return null;

        ServerProcess? baseline = running.Find(static server => server.Server.Id == "dotnet") ?? running.FirstOrDefault();
        return baseline is null ? null : Math.Round(share * baseline.Measure(workload, WarmUpSeconds, processors).PerSecond / 1_000) * 1_000;
    }
}

internal static class Statistics
{
    internal static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    internal static double Quantile(IEnumerable<double> values, double q)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * q))];
    }
}
