using System.Runtime.InteropServices;

namespace IoPool;

/// <summary>How to build an <see cref="EventLoopGroup"/>. The group copies the values: later changes have no effect.</summary>
public sealed class EventLoopGroupOptions
{
    /// <summary>The most loops that a group can have.</summary>
    public const int MaxLoopCount = 32_768;

    /// <summary>
    /// How many loops, each on its own thread: 1 to 32,768. Default: the processors available to the process, limits of
    /// its control group included (<see cref="Environment.ProcessorCount"/>).
    /// </summary>
    public int LoopCount { get; set; } = Environment.ProcessorCount;

    /// <summary>The loops and their threads are called prefix1, prefix2 and so on. Default: <c>iopool-</c>.</summary>
    public string ThreadNamePrefix { get; set; } = "iopool-";

    /// <summary>
    /// Called on each loop's thread before its first work. An exception fails the group's construction, which then leaves
    /// no thread behind.
    /// </summary>
    public Action<EventLoop>? OnLoopStart { get; set; }

    /// <summary>
    /// Called on each loop's thread after its last work. An exception goes to <see cref="UnhandledException"/>.
    /// </summary>
    public Action<EventLoop>? OnLoopStop { get; set; }

    /// <summary>
    /// Receives every exception that user code let escape: from spawned methods, posted callbacks and connection
    /// handlers, at once and on the loop's thread; from pinned calls that nobody awaited, when they are collected, on
    /// the finalizer's thread. The loop goes on. Default: one entry on standard error. An exception from this handler
    /// is written to standard error together with the original.
    /// </summary>
    public Action<EventLoop, Exception>? UnhandledException { get; set; }

    /// <summary>
    /// How long <see cref="EventLoopGroup.ShutdownAsync"/> lets running work finish before it fails the pending I/O;
    /// zero and <see cref="Timeout.InfiniteTimeSpan"/> are allowed. Default: 5 seconds.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The I/O driver. Default: <see cref="DriverKind.Auto"/>. The environment variable <c>IOPOOL_DRIVER</c>
    /// (<c>io_uring</c>, <c>epoll</c>, <c>portable</c>) overrides it.
    /// </summary>
    public DriverKind Driver { get; set; } = DriverKind.Auto;

    /// <summary>How <see cref="EventLoopGroup.Next()"/> and the group's spawn methods choose a loop. Default: round robin.</summary>
    public Placement Placement { get; set; } = Placement.RoundRobin;

    /// <summary>Whether each loop is bound to one processor. Default: <see cref="ProcessorAffinity.None"/>.</summary>
    public ProcessorAffinity Affinity { get; set; } = ProcessorAffinity.None;

    /// <summary>
    /// The clock of the loops' timers and of <see cref="DrainTimeout"/>. Default: <see cref="TimeProvider.System"/>.
    /// With another one, the loops wake by its timers, so that a test can move time by hand.
    /// </summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// Receives what the library has to say on its own: a driver that could not be used and why, unhandled exceptions
    /// without a handler, work that a shutdown had to leave behind. Called on any thread; must not throw. Default:
    /// standard error.
    /// </summary>
    public Action<string>? Log { get; set; }

    internal Drivers.IoUring.IoUringSizes IoUringSizes { get; set; } = Drivers.IoUring.IoUringSizes.Default;

    internal EventLoopGroupOptions Validated()
    {
        Require(LoopCount is >= 1 and <= MaxLoopCount, nameof(LoopCount), LoopCount, $"between 1 and {MaxLoopCount}");
        Require(!string.IsNullOrEmpty(ThreadNamePrefix), nameof(ThreadNamePrefix), ThreadNamePrefix, "a non-empty text");
        Require(
            (DrainTimeout >= TimeSpan.Zero && DrainTimeout.TotalMilliseconds <= uint.MaxValue - 1)
                || DrainTimeout == Timeout.InfiniteTimeSpan,
            nameof(DrainTimeout), DrainTimeout, "zero, positive (up to 49 days) or infinite");
        Require(Enum.IsDefined(Driver), nameof(Driver), Driver, "a defined driver kind");
        Require(Enum.IsDefined(Placement), nameof(Placement), Placement, "a defined placement");
        Require(Enum.IsDefined(Affinity), nameof(Affinity), Affinity, "a defined affinity");
        Require(TimeProvider is not null, nameof(TimeProvider), null, "not null");
        if (Affinity == ProcessorAffinity.OneCorePerLoop)
        {
            Require(RuntimeInformation.IsOSPlatform(OSPlatform.Linux), nameof(Affinity), Affinity, "None on this operating system");
            Require(
                LoopCount <= Environment.ProcessorCount, nameof(Affinity), Affinity,
                $"None when LoopCount ({LoopCount}) is more than the {Environment.ProcessorCount} processors available");
        }

        return (EventLoopGroupOptions)MemberwiseClone();
    }

    private static void Require(bool condition, string option, object? value, string expected)
    {
        if (!condition)
            throw new ArgumentException($"{nameof(EventLoopGroupOptions)}.{option} must be {expected}; it was {value ?? "null"}.", option);
    }
}
