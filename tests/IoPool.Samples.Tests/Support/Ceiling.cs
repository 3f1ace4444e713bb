using System.Diagnostics;

namespace IoPool.Samples.Tests.Support;

/// <summary>No wait of a test is longer; endless under a debugger.</summary>
internal static class Ceiling
{
    internal static TimeSpan Time { get; } = Debugger.IsAttached ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(60);

    internal static Task WithCeiling(this Task task) => task.WaitAsync(Time);

    internal static Task<T> WithCeiling<T>(this Task<T> task) => task.WaitAsync(Time);

    internal static Task WithCeiling(this ValueTask task) => task.AsTask().WaitAsync(Time);

    internal static Task<T> WithCeiling<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Time);
}
