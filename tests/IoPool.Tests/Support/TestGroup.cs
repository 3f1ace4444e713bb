using System.Collections.Concurrent;
using IoPool.Drivers;
using IoPool.Drivers.IoUring;

namespace IoPool.Tests.Support;

/// <summary>A group for a test, which collects what nobody caught, and the ceiling on every wait.</summary>
public sealed class TestGroup : IAsyncDisposable
{
    // "1,1,2,64": submissions, completions, buffers and their size, for a run of all tests with rings that overflow.
    private static readonly string? s_ringSizes = Environment.GetEnvironmentVariable("IOPOOL_TEST_RINGS");

    private readonly ConcurrentQueue<Exception> _unhandled = new();

    private TestGroup(EventLoopGroupOptions options)
    {
        options.UnhandledException ??= (_, exception) => _unhandled.Enqueue(exception);
        options.Log ??= _ => { };
        Group = new EventLoopGroup(options);
    }

    /// <summary>No wait of a test is longer; endless under a debugger.</summary>
    public static TimeSpan Ceiling { get; } =
        System.Diagnostics.Debugger.IsAttached ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(30);

    public EventLoopGroup Group { get; }

    /// <summary>What reached the group's unhandled-exception handler, oldest first.</summary>
    public IReadOnlyCollection<Exception> Unhandled => _unhandled;

    /// <summary>Starts a group on a driver; the test is skipped, with the reason, where it cannot run.</summary>
    public static TestGroup Create(DriverKind driver, int loopCount = 1, Action<EventLoopGroupOptions>? configure = null)
    {
        string? reason = driver == DriverKind.Auto ? null : DriverChoice.WhyNot(driver);
        Skip.If(reason is not null, $"{driver}: {reason}");
        var options = new EventLoopGroupOptions { LoopCount = loopCount, Driver = driver, DrainTimeout = TimeSpan.FromSeconds(2) };
        if (s_ringSizes?.Split(',') is [var submissions, var completions, var buffers, var size])
            options.IoUringSizes = new IoUringSizes(ToInt(submissions), ToInt(completions), ToInt(buffers), ToInt(size));
        configure?.Invoke(options);
        return new TestGroup(options);
    }

    /// <summary>Lets every loop finish what it has queued, and whatever that queues, a few turns deep.</summary>
    public async Task ParkedAsync()
    {
        for (int turn = 0; turn < 4; turn++)
        {
            foreach (EventLoop loop in Group)
                await loop.RunAsync(() => default(ValueTask)).WithCeiling();
        }
    }

    private static int ToInt(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync() => await Group.DisposeAsync().WithCeiling();
}

public static class CeilingExtensions
{
    public static Task WithCeiling(this Task task) => task.WaitAsync(TestGroup.Ceiling);

    public static Task<T> WithCeiling<T>(this Task<T> task) => task.WaitAsync(TestGroup.Ceiling);

    public static Task WithCeiling(this ValueTask task) => task.AsTask().WaitAsync(TestGroup.Ceiling);

    public static Task<T> WithCeiling<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(TestGroup.Ceiling);
}
