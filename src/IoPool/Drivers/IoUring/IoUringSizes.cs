namespace IoPool.Drivers.IoUring;

/// <summary>How large a ring is, in entries.</summary>
/// <remarks>
/// Small: all of it is locked memory, of which 8 MiB (a common limit) are enough for some 200 loops at these sizes and for 13 at 16
/// times as much. A full submission queue only means an early system call.
/// </remarks>
internal readonly record struct IoUringSizes(int Submissions, int Completions)
{
    internal static IoUringSizes Default => new(Submissions: 256, Completions: 1_024);
}
