using System.Runtime.CompilerServices;

namespace IoPool.Generators.Tests.Shapes;

/// <summary>Runs a shape on a loop and checks that it is still there after every await.</summary>
internal static class OnLoop
{
    private static readonly TimeSpan s_ceiling = TimeSpan.FromSeconds(30);

    public static async Task Run(Func<ValueTask> work)
    {
        await using var group = new EventLoopGroup(new EventLoopGroupOptions { LoopCount = 1 });
        await group.RunAsync(work).AsTask().WaitAsync(s_ceiling);
    }

    public static async Task<T> Run<T>(Func<ValueTask<T>> work)
    {
        await using var group = new EventLoopGroup(new EventLoopGroupOptions { LoopCount = 1 });
        return await group.RunAsync(work).AsTask().WaitAsync(s_ceiling);
    }
}

/// <summary>
/// Awaits something that always ends on the thread pool. Code on another builder would go on there; pinned code comes
/// back, and says so by failing when it did not.
/// </summary>
internal readonly struct Away : ICriticalNotifyCompletion
{
    private readonly EventLoop? _loop;

    private Away(EventLoop? loop) => _loop = loop;

    public static Away FromLoop
    {
        get
        {
            Assert.NotNull(EventLoop.Current);
            return new Away(EventLoop.Current);
        }
    }

    public bool IsCompleted => false;

    public Away GetAwaiter() => this;

    public void GetResult() => Assert.Same(_loop, EventLoop.Current);

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) =>
        ThreadPool.UnsafeQueueUserWorkItem(static action => action(), continuation, preferLocal: false);
}
