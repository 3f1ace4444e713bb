using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;

namespace IoPool.Benchmarks.Micro;

/// <summary>A method that awaits another one, on a loop, by the builder of each.</summary>
[MemoryDiagnoser]
public partial class AwaitBenchmarks
{
    internal const int Count = 100_000;
    private const int Depth = 16;

    private EventLoopGroup _group = null!;

    [GlobalSetup]
    public void Start() => _group = new EventLoopGroup(new EventLoopGroupOptions { LoopCount = 1 });

    [GlobalCleanup]
    public void Stop() => _group.ShutdownAsync().Wait();

    /// <summary>What the suspending ones suspend in: to be subtracted.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void Yield_Alone() => Run(YieldAsync);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Child_Pinned_Suspends() => Run(PinnedAsync);

    [Benchmark(OperationsPerInvoke = Count, Baseline = true)]
    public void Child_Default_Suspends() => Run(DefaultAsync);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Child_Pooling_Suspends() => Run(PoolingAsync);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Child_Pinned_Synchronous() => Run(PinnedSynchronousAsync);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Child_Default_Synchronous() => Run(DefaultSynchronousAsync);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Child_Pooling_Synchronous() => Run(PoolingSynchronousAsync);

    [Benchmark(OperationsPerInvoke = Count / Depth * Depth)]
    public void SixteenDeep_Pinned() => Run(DeepPinnedAsync);

    [Benchmark(OperationsPerInvoke = Count / Depth * Depth)]
    public void SixteenDeep_Default() => Run(DeepDefaultAsync);

    private void Run(Func<ValueTask> method) => _group[0].RunAsync(method).AsTask().Wait();

    [Pinned]
    internal static async partial ValueTask YieldAsync()
    {
        for (int i = 0; i < Count; i++)
            await EventLoop.Yield();
    }

    [Pinned]
    internal static async partial ValueTask PinnedAsync()
    {
        for (int i = 0; i < Count; i++)
            await PinnedChildAsync();
    }

    [Pinned]
    internal static async partial ValueTask DefaultAsync()
    {
        for (int i = 0; i < Count; i++)
            await DefaultChildAsync();
    }

    [Pinned]
    internal static async partial ValueTask PoolingAsync()
    {
        for (int i = 0; i < Count; i++)
            await PoolingChildAsync();
    }

    [Pinned]
    private static async partial ValueTask PinnedSynchronousAsync()
    {
        for (int i = 0; i < Count; i++)
            await PinnedSynchronousChildAsync(i);
    }

    [Pinned]
    private static async partial ValueTask DefaultSynchronousAsync()
    {
        for (int i = 0; i < Count; i++)
            await DefaultSynchronousChildAsync(i);
    }

    [Pinned]
    private static async partial ValueTask PoolingSynchronousAsync()
    {
        for (int i = 0; i < Count; i++)
            await PoolingSynchronousChildAsync(i);
    }

    [Pinned]
    private static async partial ValueTask DeepPinnedAsync()
    {
        for (int i = 0; i < Count / Depth; i++)
            await PinnedLevelAsync(Depth);
    }

    [Pinned]
    private static async partial ValueTask DeepDefaultAsync()
    {
        for (int i = 0; i < Count / Depth; i++)
            await DefaultLevelAsync(Depth);
    }

    [Pinned]
    private static async partial ValueTask PinnedLevelAsync(int depth)
    {
        if (depth > 1)
            await PinnedLevelAsync(depth - 1);
        else
            await EventLoop.Yield();
    }

    private static async ValueTask DefaultLevelAsync(int depth)
    {
        if (depth > 1)
            await DefaultLevelAsync(depth - 1);
        else
            await EventLoop.Yield();
    }

    [Pinned]
    private static async partial ValueTask PinnedChildAsync() => await EventLoop.Yield();

    private static async ValueTask DefaultChildAsync() => await EventLoop.Yield();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask PoolingChildAsync() => await EventLoop.Yield();

    [Pinned]
    private static async partial ValueTask<int> PinnedSynchronousChildAsync(int value)
    {
        if (value < 0)
            await EventLoop.Yield();
        return value;
    }

    private static async ValueTask<int> DefaultSynchronousChildAsync(int value)
    {
        if (value < 0)
            await EventLoop.Yield();
        return value;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<int> PoolingSynchronousChildAsync(int value)
    {
        if (value < 0)
            await EventLoop.Yield();
        return value;
    }
}
