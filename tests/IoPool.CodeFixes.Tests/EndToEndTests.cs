using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.CodeFixes.Tests;

/// <summary>What the real analyzers report, fixed rule by rule as <c>dotnet format</c> does.</summary>
public sealed class EndToEndTests
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> s_analyzers =
    [
        .. typeof(Analyzers.Blocking.BlockingAnalyzer).Assembly.GetTypes()
            .Where(static type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract)
            .Select(static type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    [Fact]
    public Task Handler_BlocksNoMore() => VerifyAsync(
        """
        partial class Handler
        {
            private readonly SemaphoreSlim _gate = new(1);

            [Pinned]
            public async partial ValueTask RunAsync(Task<int> task, CancellationToken token)
            {
                await Task.Yield();
                _gate.Wait(token);
                Thread.Sleep(10);
                var text = File.ReadAllText("a");
                var numbers = Enumerable.Range(0, task.Result).Select(x => x + 1).ToArray();
                var number = GetAsync(GetAsync(task.Result).GetAwaiter().GetResult()).Result;
                Load(number);
                while (!task.IsCompleted)
                {
                }

                File.Delete(text + numbers.Length); // gone
            }

            static Task<int> GetAsync(int value) => Task.FromResult(value);

            static void Load(int value) => File.Delete(value.ToString());
        }
        """,
        """
        partial class Handler
        {
            private readonly SemaphoreSlim _gate = new(1);

            [Pinned]
            public async partial ValueTask RunAsync(Task<int> task, CancellationToken token)
            {
                await Task.Yield();
                await _gate.WaitAsync(token);
                await EventLoop.Delay(TimeSpan.FromMilliseconds(10), token);
                var text = await File.ReadAllTextAsync("a", token);
                var numbers = Enumerable.Range(0, await task).Select(x => x + 1).ToArray();
                var number = await GetAsync(await GetAsync(await task));
                await Offload.RunAsync(() => Load(number));
                while (!task.IsCompleted)
                {
                    await EventLoop.Yield();
                }

                await Offload.RunAsync(() => File.Delete(text + numbers.Length)); // gone
            }

            static Task<int> GetAsync(int value) => Task.FromResult(value);

            static void Load(int value) => File.Delete(value.ToString());
        }
        """);

    [Fact]
    public Task Shapes_BecomePinned() => VerifyAsync(
        """
        interface IHandler
        {
            [Pinned] ValueTask HandleAsync();
        }

        class Handler : IHandler
        {
            public ValueTask HandleAsync() => RunAsync();

            [Pinned]
            private ValueTask RunAsync() => StepAsync();

            private static ValueTask StepAsync() => default;
        }
        """,
        """
        interface IHandler
        {
            [Pinned] ValueTask HandleAsync();
        }

        partial class Handler : IHandler
        {
            [Pinned]
            public async partial ValueTask HandleAsync() => await RunAsync();

            [Pinned]
            private async partial ValueTask RunAsync() => await StepAsync();

            private static ValueTask StepAsync() => default;
        }
        """);

    private static async Task VerifyAsync(string before, string after)
    {
        var document = FixRunner.CreateProject(FixTest.Usings + before).Documents.Single();
        foreach (var provider in FixRunner.Providers)
        {
            foreach (var id in provider.FixableDiagnosticIds)
                document = await FixAllAsync(document, provider, id);
        }

        Assert.Equal(FixTest.Usings + after, (await document.GetTextAsync()).ToString());
        Assert.Empty(await FixRunner.ErrorsOfAsync(document.Project));
        Assert.Empty(await ReportedAsync(document, static _ => true));
    }

    private static async Task<Document> FixAllAsync(Document document, CodeFixProvider provider, string id)
    {
        var reported = await ReportedAsync(document, found => found == id);
        if (reported.Length == 0)
            return document;
        var offered = await FixRunner.OfferedAsync(document, reported[0]);
        if (offered.FirstOrDefault(o => o.Provider == provider).Action is not { } first)
            return document;
        var solution = await FixRunner.ApplyToAllAsync(
            document, provider, first.EquivalenceKey, reported, FixAllScope.Solution);
        return solution.GetDocument(document.Id)!;
    }

    private static async Task<ImmutableArray<Diagnostic>> ReportedAsync(Document document, Func<string, bool> isWanted)
    {
        var compilation = (await document.Project.GetCompilationAsync())!;
        var all = await compilation.WithAnalyzers(s_analyzers).GetAnalyzerDiagnosticsAsync();
        return
        [
            .. all.Where(d => d.Id.StartsWith("IOP", StringComparison.Ordinal) && isWanted(d.Id))
                .OrderBy(static d => d.Location.SourceSpan.Start),
        ];
    }
}
