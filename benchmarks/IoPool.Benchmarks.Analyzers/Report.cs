using Microsoft.CodeAnalysis;

namespace IoPool.Benchmarks.Analyzers;

/// <summary>Measures in interleaved rounds and prints medians.</summary>
internal sealed class Report(TextWriter text, Solution solution, AnalyzerSet[] sets)
{
    private const double Goal = 0.05;
    private const double EnoughOfProcessor = 0.9;

    private readonly List<Spent> _compilations = [];
    private readonly List<Spent> _checks = [];
    private readonly List<Round>[] _rounds = [.. sets.Select(static _ => new List<Round>())];

    public async Task RunAsync(int rounds, int keystrokes)
    {
        text.WriteLine(
            $"{solution.FileCount} files, {solution.LineCount} lines, {solution.FileCount / 8 * 2} pinned methods; {rounds} rounds; "
            + $"{(solution.IsParallel ? $"{Environment.ProcessorCount} processors" : "one thread")}, .NET {Environment.Version}, Roslyn {typeof(Compilation).Assembly.GetName().Version}.");
        await RoundAsync();
        Forget();
        for (var i = 0; i < rounds; i++)
            await RoundAsync();
        WriteBuild();
        WriteOurs();
        await WriteKeystrokesAsync(keystrokes);
    }

    private async Task RoundAsync()
    {
        var compilation = await Measurement.CompileAsync(solution);
        _compilations.Add(compilation);
        var check = await Measurement.CheckAsync(solution);
        _checks.Add(check);
        for (var i = 0; i < sets.Length; i++)
            _rounds[i].Add(await Measurement.AnalyzeAsync(solution, sets[i], compilation, check));
    }

    private void Forget()
    {
        _compilations.Clear();
        _checks.Clear();
        foreach (var rounds in _rounds)
            rounds.Clear();
    }

    private void WriteBuild()
    {
        text.WriteLine(
            $"Compiling takes {Median(_compilations, static s => s.Wall):F2} s, {Median(_compilations, static s => s.Processor):F2} s "
            + $"of the processor; binding alone {Median(_checks, static s => s.Wall):F2} s, {Median(_checks, static s => s.Processor):F2} s.");
        text.WriteLine();
        text.WriteLine("| | Analyzer time, ms | of the compile time | Processor time added | Time added | Diagnostics |");
        text.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (var (set, rounds) in sets.Zip(_rounds))
        {
            text.WriteLine(
                $"| {set.Name} | {Median(rounds, static round => round.AnalyzerTime) * 1000:F0} | {PartOf(rounds):P1} | "
                + $"{Median(rounds, PartOfProcessor):P1} | "
                + $"{Median(rounds, static round => round.Cost.Wall / round.Compilation.Wall):P1} | {rounds[0].Reported.Length} |");
        }

        var part = PartOf(_rounds[0]);
        var added = Median(_rounds[0], PartOfProcessor) - Median(_rounds[1], PartOfProcessor);
        text.WriteLine();
        text.WriteLine(
            $"Goal: analyzer time at most {Goal:P0} of the compile time: {part:P1}, {(part <= Goal ? "reached" : "**missed**")}. "
            + $"By the processor, above an analyzer that does nothing: {added:P1}.");
        WriteShare();
        text.WriteLine();
    }

    // Analyzer time is by the clock: where others have the processor meanwhile, it says little.
    private void WriteShare()
    {
        var share = Median(_compilations, static s => s.Processor / s.Wall);
        if (!solution.IsParallel && share < EnoughOfProcessor)
            text.WriteLine($"Only {share:P0} of a processor was to be had: look at processor time, and measure again on a quiet machine.");
    }

    private static double PartOfProcessor(Round round) => round.Cost.Processor / round.Compilation.Processor;

    private static double PartOf(List<Round> rounds) => Median(rounds, static round => round.AnalyzerTime / round.Compilation.Wall);

    private void WriteOurs()
    {
        var ours = _rounds[0];
        foreach (var name in ours[0].Times.Keys.OrderByDescending(name => Median(ours, round => round.Times[name])))
            text.WriteLine($"- {name}: {Median(ours, round => round.Times[name]) * 1000:F0} ms");
        var byRule = ours[0].Reported.GroupBy(static id => id).OrderBy(static group => group.Key);
        text.WriteLine($"- Reported: {string.Join(", ", byRule.Select(static group => $"{group.Key} {group.Count()} times"))}");
        text.WriteLine();
    }

    private async Task WriteKeystrokesAsync(int count)
    {
        text.WriteLine($"A letter typed into a file with pinned methods, and what is to be said of this file; median of {count}:");
        text.WriteLine();
        text.WriteLine("| | ms | of the processor |");
        text.WriteLine("|---|---:|---:|");
        Write("the compiler alone", await Keystrokes.MeasureAsync(solution, null, count));
        foreach (var set in sets)
            Write(set.Name, await Keystrokes.MeasureAsync(solution, set, count));

        void Write(string name, List<Spent> times) => text.WriteLine(
            $"| {name} | {Median(times, static s => s.Wall) * 1000:F0} | {Median(times, static s => s.Processor) * 1000:F0} |");
    }

    private static double Median<T>(List<T> items, Func<T, double> value) => items.Select(value).Order().ElementAt(items.Count / 2);
}
