using System.Globalization;
using System.Text;
using IoPool.Analyzers.Blocking;
using IoPool.Analyzers.Blocking.Outlines;
using IoPool.Analyzers.Catalogue;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Tests;

/// <summary>Helpers that call each other in circles: what is remembered of one is so for whoever asks next.</summary>
public sealed class CallGraphTests
{
    private const int Seeds = 100;

    [Fact]
    public void RandomCallGraph_BlocksWhereABlockingMethodIsReached()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var graph = RandomGraph.Create(seed);
            var compilation = TestCompilation.Create(Situation.Usings + graph.Source);
            foreach (var withOutlines in new[] { false, true })
                Verify(graph, compilation, withOutlines);
        }
    }

    [Fact]
    public void ChainThatIsDeeperThanTheCap_IsSilent_AndSpoilsNoOther()
    {
        var source = new StringBuilder("static class C { static void M60() => Thread.Sleep(1); static void Near() => M55();");
        for (var i = 0; i < 60; i++)
            source.Append(CultureInfo.InvariantCulture, $"static void M{i}() {{ M{i + 1}(); }} ");
        var compilation = TestCompilation.Create(Situation.Usings + source.Append('}'));
        var type = compilation.GetTypeByMetadataName("C")!;
        var calls = GraphOf(compilation, withOutlines: true);

        Assert.Null(ChainOf("M0"));
        Assert.NotNull(ChainOf("Near"));
        Assert.NotNull(ChainOf("M30"));

        BlockingChain? ChainOf(string name) =>
            calls.ChainOf((IMethodSymbol)type.GetMembers(name).Single(), new ScanBudget(CancellationToken.None));
    }

    private static void Verify(RandomGraph graph, Compilation compilation, bool withOutlines)
    {
        var type = compilation.GetTypeByMetadataName("C")!;
        var calls = GraphOf(compilation, withOutlines);
        foreach (var method in graph.Order)
        {
            var symbol = (IMethodSymbol)type.GetMembers($"M{method}").Single();
            var blocks = calls.ChainOf(symbol, new ScanBudget(CancellationToken.None)) is not null;
            Assert.True(
                blocks == graph.Reaches(method),
                $"Seed {graph.Seed}, outlines {withOutlines}: M{method} {(blocks ? "blocks" : "does not block")}.\n{graph.Source}");
        }
    }

    private static BlockingGraph GraphOf(Compilation compilation, bool withOutlines)
    {
        var options = new AnalyzerOptions([]);
        var catalogue = BlockingCatalogue.Create(options, CancellationToken.None);
        return new BlockingGraph(
            compilation, options, catalogue, withOutlines ? new OutlineFilter(compilation, catalogue) : null);
    }

    private sealed class RandomGraph
    {
        private readonly int[][] _calls;
        private readonly HashSet<int> _blocking;

        private RandomGraph(int seed, int[][] calls, HashSet<int> blocking, int[] order)
        {
            Seed = seed;
            _calls = calls;
            _blocking = blocking;
            Order = order;
            Source = $"static class C {{ {string.Concat(calls.Select((_, method) => Write(method)))} }}";
        }

        public int Seed { get; }

        public string Source { get; }

        /// <summary>In which they are asked for.</summary>
        public int[] Order { get; }

        public static RandomGraph Create(int seed)
        {
            var random = new Random(seed);
            var count = random.Next(3, 36);
            var calls = Enumerable.Range(0, count)
                .Select(_ => Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(count)).ToArray())
                .ToArray();
            var blocking = Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(count)).ToHashSet();
            return new RandomGraph(seed, calls, blocking, [.. Enumerable.Range(0, count).OrderBy(_ => random.Next())]);
        }

        public bool Reaches(int method)
        {
            var seen = new HashSet<int> { method };
            var pending = new Stack<int>(seen);
            while (pending.TryPop(out var next))
            {
                if (_blocking.Contains(next))
                    return true;
                foreach (var call in _calls[next].Where(seen.Add))
                    pending.Push(call);
            }

            return false;
        }

        private string Write(int method)
        {
            var calls = string.Concat(_calls[method].Select(static call => $"M{call}(); "));
            return $"static void M{method}() {{ {calls}{(_blocking.Contains(method) ? "Thread.Sleep(1); " : "")}}}\n";
        }
    }
}
