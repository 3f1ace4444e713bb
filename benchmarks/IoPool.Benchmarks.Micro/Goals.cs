using System.Diagnostics;
using System.Globalization;

namespace IoPool.Benchmarks.Micro;

/// <summary>The ratios that the project sets out to reach, in interleaved rounds: median and quartiles.</summary>
internal static class Goals
{
    private const int Rounds = 31;

    internal static int Run()
    {
        var spawn = new SpawnBenchmarks();
        var awaits = new AwaitBenchmarks();
        spawn.Start();
        awaits.Start();
        Console.WriteLine("| | Floor | Aim | Measured | Quartiles | ns | ns of the other |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        Compare("Foreign post to a busy loop / `ThreadPool.UnsafeQueueUserWorkItem`", 0.5, 0.33, spawn.Loop_Post, spawn.ThreadPool_UnsafeQueue);
        Compare("Foreign spawn to a busy loop / `ThreadPool.UnsafeQueueUserWorkItem`", 0.5, 0.33, spawn.Loop_Spawn, spawn.ThreadPool_UnsafeQueue);
        Compare("Child await that suspends / the default builder, yield subtracted", 0.5, 0.33, awaits.Child_Pinned_Suspends, awaits.Child_Default_Suspends, awaits.Yield_Alone);
        Console.WriteLine();
        Console.WriteLine($"{Rounds} interleaved rounds; {Environment.ProcessorCount} processors, .NET {Environment.Version}.");
        spawn.Stop();
        awaits.Stop();
        return 0;
    }

    private static void Compare(string title, double floor, double aim, Action own, Action other, Action? subtracted = null)
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

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {title} | {floor} | {aim} | {Quantile(ratios, 0.5):F2} | {Quantile(ratios, 0.25):F2} to {Quantile(ratios, 0.75):F2} | {Quantile(owns, 0.5):F0} | {Quantile(others, 0.5):F0} |"));
    }

    private static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / SpawnBenchmarks.Count;
    }

    private static double Quantile(List<double> values, double q) => values.Order().ElementAt((int)(values.Count * q));
}
