using BenchmarkDotNet.Attributes;

namespace IoPool.Benchmarks.Micro;

/// <summary>Timers among many others that are set.</summary>
[MemoryDiagnoser]
public partial class TimerBenchmarks
{
    private const int Count = 10_000;

    private EventLoopGroup _group = null!;
    private Timer[] _others = null!;
    private ITimer _loopTimer = null!;
    private Timer _bclTimer = null!;

    /// <summary>How many other timers are set meanwhile.</summary>
    [Params(1, 1_000, 1_000_000)]
    public int Others { get; set; }

    [GlobalSetup]
    public void Start()
    {
        _group = new EventLoopGroup(new EventLoopGroupOptions { LoopCount = 1, DrainTimeout = TimeSpan.Zero });
        for (int i = 0; i < Others; i++)
            _group[0].Spawn(static time => WaitAsync(time), TimeSpan.FromMinutes(10 + (i % 1_000)));
        _others = [.. Enumerable.Range(0, Others).Select(static i => new Timer(static _ => { }, null, TimeSpan.FromMinutes(10 + (i % 1_000)), Timeout.InfiniteTimeSpan))];
        _loopTimer = _group[0].TimeProvider.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _bclTimer = new Timer(static _ => { });
    }

    [GlobalCleanup]
    public void Stop()
    {
        Array.ForEach(_others, static timer => timer.Dispose());
        _group.ShutdownAsync().Wait();
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public void Loop_SetAndCancel() => _group[0].RunAsync(static timer => SetAndCancelAsync(timer), _loopTimer).AsTask().Wait();

    [Benchmark(OperationsPerInvoke = Count, Baseline = true)]
    public void Timer_SetAndCancel()
    {
        for (int i = 0; i < Count; i++)
        {
            _bclTimer.Change(60_000, Timeout.Infinite);
            _bclTimer.Change(Timeout.Infinite, Timeout.Infinite);
        }
    }

    /// <summary>As many delays as there are operations, all due in a millisecond: what each costs from setting to resuming.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void Loop_Fire() => _group[0].RunAsync(static () => FireAsync()).AsTask().Wait();

    [Benchmark(OperationsPerInvoke = Count)]
    public void Task_Delay_Fire() => Task.WhenAll(Enumerable.Range(0, Count).Select(static _ => Task.Delay(1))).Wait();

    [Pinned]
    private static async partial ValueTask SetAndCancelAsync(ITimer timer)
    {
        for (int i = 0; i < Count; i++)
        {
            timer.Change(TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            // Changes are applied when the loop comes to them.
            if (i % 128 == 0)
                await EventLoop.Yield();
        }
    }

    [Pinned]
    private static async partial ValueTask FireAsync()
    {
        var delays = new ValueTask[Count];
        for (int i = 0; i < Count; i++)
        {
#pragma warning disable IOP3003 // Each is awaited once, by the loop that follows.
            delays[i] = EventLoop.Delay(TimeSpan.FromMilliseconds(1));
#pragma warning restore IOP3003
        }

        for (int i = 0; i < Count; i++)
            await delays[i];
    }

    [Pinned]
    private static async partial ValueTask WaitAsync(TimeSpan time) => await EventLoop.Delay(time);
}
