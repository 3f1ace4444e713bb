using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Benchmarks.Analyzers;

/// <summary>Seconds by the clock and of the processor.</summary>
internal readonly record struct Spent(double Wall, double Processor)
{
    public static Spent operator -(Spent left, Spent right) => new(left.Wall - right.Wall, left.Processor - right.Processor);

    public static async Task<Spent> MeasureAsync(Func<Task> action)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var processor = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        await action();
        return new Spent(
            Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }
}

/// <summary>What one set of analyzers cost in one round.</summary>
/// <param name="Compilation">Compiling without any, in the same round.</param>
/// <param name="Cost">Checking the code with analyzers, less checking it without.</param>
/// <param name="Times">Of each analyzer as the compiler counts it.</param>
/// <param name="Reported">The rules of what they reported: diagnostics would keep all code alive, for the collector to go through.</param>
internal sealed record Round(
    Spent Compilation, Spent Cost, ImmutableDictionary<string, double> Times, ImmutableArray<string> Reported)
{
    /// <summary>Of all analyzers together.</summary>
    public double AnalyzerTime => Times.Values.Sum();
}

internal static class Measurement
{
    /// <summary>Parses and writes an assembly with its symbols.</summary>
    public static Task<Spent> CompileAsync(Solution solution) => Spent.MeasureAsync(() =>
    {
        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        var result = solution.Parse().Emit(assembly, symbols);
        if (!result.Success)
            throw new InvalidOperationException($"The generated code does not compile: {result.Diagnostics.First(IsError)}");
        return Task.CompletedTask;
    });

    /// <summary>Parses and binds, without writing: what a run with analyzers does too.</summary>
    public static Task<Spent> CheckAsync(Solution solution) => Spent.MeasureAsync(() =>
    {
        _ = solution.Parse().GetDiagnostics();
        return Task.CompletedTask;
    });

    public static async Task<Round> AnalyzeAsync(Solution solution, AnalyzerSet set, Spent compilation, Spent check)
    {
        AnalysisResult? result = null;
        var spent = await Spent.MeasureAsync(async () =>
        {
            var code = solution.Parse();
            // A compiler has run the generators before, ours among them, and has read the declarations of all files for
            // them: else the first analyzer that asks for a type pays for that.
            _ = code.Assembly;
            result = await With(code, set, solution.IsParallel).GetAnalysisResultAsync(CancellationToken.None);
        });
        var diagnostics = result!.GetAllDiagnostics();
        if (diagnostics.FirstOrDefault(static diagnostic => diagnostic.Id == "AD0001") is { } crash)
            throw new InvalidOperationException(crash.GetMessage());
        return new Round(
            compilation,
            spent - check,
            result.AnalyzerTelemetryInfo.ToImmutableDictionary(
                static pair => pair.Key.GetType().Name, static pair => pair.Value.ExecutionTime.TotalSeconds),
            [.. diagnostics.Select(static diagnostic => diagnostic.Id)]);
    }

    public static CompilationWithAnalyzers With(Compilation compilation, AnalyzerSet set, bool isParallel) => compilation.WithAnalyzers(
        set.Analyzers,
        new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), onAnalyzerException: null, concurrentAnalysis: isParallel, logAnalyzerExecutionTime: true));

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error;
}
