using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace IoPool.Benchmarks.Micro;

/// <summary>The ratios that the project sets out to reach, in interleaved rounds: median and quartiles.</summary>
internal static class Goals
{
    private const int Rounds = 31;

    internal static string RepositoryRoot { get; } = typeof(Goals).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static attribute => attribute.Key == "RepositoryRoot").Value!;

    internal static int Run(string? markdownFile)
    {
        var spawn = new SpawnBenchmarks();
        var awaits = new AwaitBenchmarks();
        spawn.Start();
        awaits.Start();
        var text = new StringWriter(CultureInfo.InvariantCulture);
        text.WriteLine("| | Floor | Aim | Measured | Quartiles | ns | ns of the other | |");
        text.WriteLine("|---|---:|---:|---:|---:|---:|---:|---|");
        Compare(text, "Foreign post to a busy loop / `ThreadPool.UnsafeQueueUserWorkItem`", 0.5, 0.33, spawn.Loop_Post, spawn.ThreadPool_UnsafeQueue);
        Compare(text, "Foreign spawn to a busy loop / `ThreadPool.UnsafeQueueUserWorkItem`", 0.5, 0.33, spawn.Loop_Spawn, spawn.ThreadPool_UnsafeQueue);
        CompareWithTokio(text, spawn.Loop_Spawn);
        Compare(text, "Child await that suspends / the default builder, yield subtracted", 0.5, 0.33, awaits.Child_Pinned_Suspends, awaits.Child_Default_Suspends, awaits.Yield_Alone);
        text.WriteLine();
        text.WriteLine($"{Rounds} interleaved rounds of {SpawnBenchmarks.Count} operations; {Environment.ProcessorCount} processors, .NET {Environment.Version}.");
        Console.Write(text);
        if (markdownFile is not null)
            File.WriteAllText(markdownFile, $"# Goals of the pieces\n\nWritten by `dotnet run -c Release --project benchmarks/IoPool.Benchmarks.Micro -- --goals FILE`.\n\n{text}");
        spawn.Stop();
        awaits.Stop();
        return 0;
    }

    private static void Compare(TextWriter text, string title, double floor, double aim, Action own, Action other, Action? subtracted = null)
    {
        for (int i = 0; i < 20; i++)
        {
            own();
            other();
        }

        var ratios = new List<double>();
        var owns = new List<double>();
        var others = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            double alone = subtracted is null ? 0 : Time(subtracted);
            double a = Time(own) - alone, b = Time(other) - alone;
            owns.Add(a);
            others.Add(b);
            ratios.Add(a / b);
        }

        Write(text, title, floor, aim, ratios, owns, others);
    }

    /// <summary>A process of its own, which prints its rounds; they cannot be interleaved with ours.</summary>
    private static void CompareWithTokio(TextWriter text, Action own)
    {
        string program = Path.Combine(RepositoryRoot, "artifacts", "peers", "cargo", "release", "tokio_echo");
        const string Title = "Foreign spawn to a busy loop / tokio's current-thread runtime";
        if (!File.Exists(program))
        {
            text.WriteLine($"| {Title} | 0.1 | 0.05 | | | | | absent: the other benchmark builds it |");
            return;
        }

        using Process tokio = Process.Start(new ProcessStartInfo(program, ["0", "1", "spawn"]) { RedirectStandardOutput = true })!;
        List<double> others = [.. tokio.StandardOutput.ReadToEnd().Split('\n')
            .Where(static line => line.StartsWith("round", StringComparison.Ordinal))
            .Select(static line => double.Parse(line.Split("current_thread ")[1].Split(' ')[0], CultureInfo.InvariantCulture))];
        List<double> owns = [.. Enumerable.Range(0, Rounds).Select(_ => Time(own))];
        double other = Quantile(others, 0.5);
        Write(text, Title, 0.1, 0.05, [.. owns.Select(value => value / other)], owns, others);
    }

    private static void Write(
        TextWriter text, string title, double floor, double aim, List<double> ratios, List<double> owns, List<double> others)
    {
        double median = Quantile(ratios, 0.5);
        string verdict = median <= aim ? "aim reached" : median <= floor ? "floor reached" : "**floor missed**";
        text.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {title} | {floor} | {aim} | {median:F2} | {Quantile(ratios, 0.25):F2} to {Quantile(ratios, 0.75):F2} | {Quantile(owns, 0.5):F0} | {Quantile(others, 0.5):F0} | {verdict} |"));
    }

    private static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / SpawnBenchmarks.Count;
    }

    private static double Quantile(List<double> values, double q) => values.Order().ElementAt((int)(values.Count * q));
}
