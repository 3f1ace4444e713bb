using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.Analyzers.Tests;

/// <summary>Analysis that is no longer wanted ends as cancelled, and no analyzer is blamed for it.</summary>
public sealed class CancellationTests
{
    private const string Source = Situation.Usings + """
        partial class Handler
        {
            [Pinned]
            public async partial ValueTask RunAsync(SocketConnection connection, Task<int> task)
            {
                await Task.Yield();
                lock (this) { Helper(task); }
                await using var group = new EventLoopGroup();
                group.Spawn(() => Helper(task));
                var pending = connection.ReceiveAsync(new byte[1]);
                await pending;
            }

            private static void Helper(Task<int> task)
            {
                Console.WriteLine(task.Result);
                Other();
            }

            private static void Other() => Thread.Sleep(1);
        }
        """;

    [Fact]
    public Task CancelledBefore_EndsAsCancelled() => AssertCancelledAsync(static end =>
    {
        end.Cancel();
        return new AnalyzerOptions([]);
    });

    [Fact]
    public Task CancelledInACatalogueFile_EndsAsCancelled() => AssertCancelledAsync(static end =>
        new AnalyzerOptions([new CancellingText(end)]));

    // The options are first read where a body is scanned, and again for every helper.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task CancelledInABody_EndsAsCancelled(int reads) => AssertCancelledAsync(end =>
        new AnalyzerOptions([], new CancellingOptions(end, reads)));

    [Fact]
    public async Task NotCancelled_TheSameCodeIsReported() =>
        Assert.NotEmpty(await Situation.AnalyzeAsync(TestCompilation.Create(Source)));

    private static async Task AssertCancelledAsync(Func<CancellationTokenSource, AnalyzerOptions> prepare)
    {
        var input = TestCompilation.Create(Source);
        TestCompilation.Driver(input).RunGeneratorsAndUpdateCompilation(input, out var output, out _);
        using var end = new CancellationTokenSource();
        var exceptions = new ConcurrentQueue<Exception>();
        var options = new CompilationWithAnalyzersOptions(
            prepare(end),
            (exception, _, _) => exceptions.Enqueue(exception),
            concurrentAnalysis: true,
            logAnalyzerExecutionTime: false);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            output.WithAnalyzers(Situation.Analyzers, options).GetAllDiagnosticsAsync(end.Token));
        Assert.True(end.IsCancellationRequested, "The place was not reached.");
        Assert.Empty(exceptions);
    }

    private sealed class CancellingText(CancellationTokenSource end) : AdditionalText
    {
        public override string Path => "IoPool.BlockingApis.tsv";

        public override SourceText GetText(CancellationToken cancellationToken = default)
        {
            end.Cancel();
            cancellationToken.ThrowIfCancellationRequested();
            return SourceText.From("");
        }
    }

    private sealed class CancellingOptions(CancellationTokenSource end, int reads) : AnalyzerConfigOptionsProvider
    {
        private readonly Keys _keys = new(end, reads);

        public override AnalyzerConfigOptions GlobalOptions { get; } = new NoKeys();

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => _keys;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    // Counts the analyzer's own key: the compiler asks for others.
    private sealed class Keys(CancellationTokenSource end, int reads) : AnalyzerConfigOptions
    {
        private int _reads;

        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            if (key == "iopool.report_locks" && Interlocked.Increment(ref _reads) == reads)
                end.Cancel();
            value = null;
            return false;
        }
    }

    private sealed class NoKeys : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            value = null;
            return false;
        }
    }
}
