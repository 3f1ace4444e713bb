using BenchmarkDotNet.Attributes;

namespace IoPool.Benchmarks.Micro;

/// <summary>Small pieces of work handed to a loop that is busy with them, until the last one has run.</summary>
[MemoryDiagnoser]
public class SpawnBenchmarks
{
    internal const int Count = 100_000;

    private readonly Countdown _countdown = new();
    private EventLoopGroup _group = null!;

    [GlobalSetup]
    public void Start() => _group = new EventLoopGroup(new EventLoopGroupOptions { LoopCount = 1 });

    [GlobalCleanup]
    public void Stop() => _group.ShutdownAsync().Wait();

    [Benchmark(OperationsPerInvoke = Count, Baseline = true)]
    public void ThreadPool_UnsafeQueue()
    {
        _countdown.Reset(Count);
        for (int i = 0; i < Count; i++)
            ThreadPool.UnsafeQueueUserWorkItem(static countdown => countdown.Signal(), _countdown, preferLocal: false);
        _countdown.Wait();
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public void Task_Run()
    {
        _countdown.Reset(Count);
        for (int i = 0; i < Count; i++)
            _ = Task.Run(_countdown.Signal);
        _countdown.Wait();
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public void Loop_Post()
    {
        _countdown.Reset(Count);
        EventLoop loop = _group[0];
        for (int i = 0; i < Count; i++)
            loop.Post(static countdown => countdown.Signal(), _countdown);
        _countdown.Wait();
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public void Loop_Spawn()
    {
        _countdown.Reset(Count);
        EventLoop loop = _group[0];
        for (int i = 0; i < Count; i++)
            loop.Spawn(static countdown => countdown.SignalAsync(), _countdown);
        _countdown.Wait();
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public void Loop_Spawn_FromWithin()
    {
        _countdown.Reset(Count);
        _group[0].Post(
            static countdown =>
            {
                EventLoop loop = EventLoop.Current!;
                for (int i = 0; i < Count; i++)
                    loop.Spawn(static countdown => countdown.SignalAsync(), countdown);
            },
            _countdown);
        _countdown.Wait();
    }
}

/// <summary>Tells when the last of many has run.</summary>
internal sealed class Countdown
{
    private readonly ManualResetEventSlim _end = new();
    private int _left;

    internal void Reset(int count)
    {
        _left = count;
        _end.Reset();
    }

    internal void Signal()
    {
        if (Interlocked.Decrement(ref _left) == 0)
            _end.Set();
    }

    internal ValueTask SignalAsync()
    {
        Signal();
        return default;
    }

    internal void Wait() => _end.Wait();
}
