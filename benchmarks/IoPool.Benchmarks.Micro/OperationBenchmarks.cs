using BenchmarkDotNet.Attributes;
using IoPool.Scheduling;

namespace IoPool.Benchmarks.Micro;

/// <summary>
/// What an operation's end costs without the kernel's part: complete, resume the pinned method that awaits, and let it await the
/// next one.
/// </summary>
[MemoryDiagnoser]
public partial class OperationBenchmarks
{
    private const int Count = 100_000;

    private EventLoopGroup _group = null!;

    [GlobalSetup]
    public void Start() => _group = new EventLoopGroup(new EventLoopGroupOptions { LoopCount = 1 });

    [GlobalCleanup]
    public void Stop() => _group.ShutdownAsync().Wait();

    [Benchmark(OperationsPerInvoke = Count)]
    public void Operation_Resume() => _group[0].RunAsync(CompleteAsync).AsTask().Wait();

    [Pinned]
    private static async partial ValueTask CompleteAsync()
    {
        var source = new Source(EventLoop.Current!);
        ValueTask waiting = AwaitAsync(source);
        for (int i = 0; i < Count; i++)
            source.Complete();
        await waiting;
    }

    [Pinned]
    private static async partial ValueTask AwaitAsync(Source source)
    {
        for (int i = 0; i < Count; i++)
            await source.Begin();
    }

    internal sealed class Source(EventLoop loop) : LoopSource<int>(loop)
    {
        internal ValueTask<int> Begin() => new(this, Version);

        internal void Complete() => CompleteInline(1);

        protected override void OnConsumed(bool mayPool)
        {
        }
    }
}
