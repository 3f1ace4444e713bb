using System.Threading.Channels;
using BenchmarkDotNet.Attributes;

namespace IoPool.Benchmarks.Micro;

/// <summary>There and back between two threads, one message at a time: what waking costs is in it.</summary>
[MemoryDiagnoser]
public partial class HopBenchmarks
{
    private const int Count = 10_000;

    private EventLoopGroup _group = null!;

    [GlobalSetup]
    public void Start() => _group = new EventLoopGroup(new EventLoopGroupOptions { LoopCount = 2 });

    [GlobalCleanup]
    public void Stop() => _group.ShutdownAsync().Wait();

    [Benchmark(OperationsPerInvoke = Count)]
    public void LoopToLoopAndBack() => _group[0].RunAsync(static other => HopAsync(other), _group[1]).AsTask().Wait();

    [Benchmark(OperationsPerInvoke = Count, Baseline = true)]
    public void ChannelThereAndBack() => OverChannelsAsync().Wait();

    [Pinned]
    private static async partial ValueTask HopAsync(EventLoop other)
    {
        for (int i = 0; i < Count; i++)
            await other.RunAsync(static () => default(ValueTask));
    }

    private static async Task OverChannelsAsync()
    {
        var requests = Channel.CreateUnbounded<int>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var answers = Channel.CreateUnbounded<int>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        Task answering = Task.Run(async () =>
        {
            await foreach (int request in requests.Reader.ReadAllAsync())
                answers.Writer.TryWrite(request);
        });
        for (int i = 0; i < Count; i++)
        {
            requests.Writer.TryWrite(i);
            await answers.Reader.ReadAsync();
        }

        requests.Writer.Complete();
        await answering;
    }
}
