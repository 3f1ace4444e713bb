using System.Runtime.CompilerServices;
using IoPool.Drivers;
using IoPool.Scheduling;

namespace IoPool;

/// <summary>
/// One thread that runs everything placed on it: work, timers and the I/O of its connections, one thing at a time.
/// State that only one loop touches needs no lock.
/// </summary>
/// <remarks>
/// Loops are created by an <see cref="EventLoopGroup"/> and live until it is shut down. Where a member says "any thread",
/// that includes threads of other loops and of the pool.
/// </remarks>
public sealed partial class EventLoop
{
    // How many operations may complete synchronously within one dispatch before the method yields; tokio's figure.
    private const int SynchronousCompletionBudget = 128;

    // How deep awaiting methods resume each other inline; each level is some four stack frames.
    private const int MaxInlineDepth = 32;

    [ThreadStatic]
    private static EventLoop? t_current;

    // What a fresh thread starts with; set by the loop's own thread before anything else runs there.
    private ExecutionContext _defaultContext = null!;
    private readonly LoopSynchronizationContext _synchronizationContext;
    private PooledLeaseBuffers? _leaseBuffers;
    private RunQueue _runQueue;
    // What yielded: it joins the run queue when timers and I/O had their part of the turn.
    private RunQueue _yielded;
    private Inbox _inbox;
    private int _budget;
    private int _inlineDepth;

    internal HomewardItems Homeward;
    internal ForeignAwaiterList ForeignAwaiters;
    internal SuspendedWorkList SuspendedWork;
    internal CompilerServices.BoxPools BoxPools;

    internal EventLoop(EventLoopGroup group, EventLoopGroupOptions options, int index, IoDriver driver)
    {
        Group = group;
        Index = index;
        Name = options.ThreadNamePrefix + (index + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        _options = options;
        Driver = driver;
        Clock = new LoopClock(options.TimeProvider);
        _timers = new TimerWheel(0);
        _synchronizationContext = new LoopSynchronizationContext(this);
        TimeProvider = new LoopTimeProvider(this);
        _thread = new Thread(ThreadMain) { Name = Name, IsBackground = true };
    }

    /// <summary>The loop whose thread calls, or <see langword="null"/> on every other thread.</summary>
    public static EventLoop? Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => t_current;
    }

    /// <summary>The group that the loop belongs to.</summary>
    public EventLoopGroup Group { get; }

    /// <summary>The loop's position in its group, from 0.</summary>
    public int Index { get; }

    /// <summary>The name of the loop and of its thread: the group's prefix and the position, from 1.</summary>
    public string Name { get; }

    /// <summary>The context that brings ordinary async code back to this loop. Any thread may post to it.</summary>
    public SynchronizationContext SynchronizationContext => _synchronizationContext;

    /// <summary>
    /// A time provider whose timers run on this loop, for <see cref="Task.Delay(TimeSpan, TimeProvider)"/>,
    /// <see cref="CancellationTokenSource(TimeSpan, TimeProvider)"/> and <see cref="PeriodicTimer(TimeSpan, TimeProvider)"/>.
    /// Any thread. Resolution: one millisecond, never early. When the loop stops, timers that are still running move to
    /// the group's own time provider, so that nobody who waits for one hangs.
    /// </summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>How many spawned calls and connection handlers of this loop have not ended yet. Any thread; a recent value.</summary>
    public int ActiveCount => (int)Math.Max(0, WorkStarted - WorkFinished);

    /// <summary>
    /// How many work items wait to be run: the depth of the inbox and of the run queue. Spawning is not bounded, and this
    /// is the figure that shows when producers outrun the loop. Any thread; a recent value.
    /// </summary>
    public int QueueDepth => _inbox.Depth + _runQueue.Count + _yielded.Count;

    /// <summary>
    /// How often code on this loop blocked in a managed wait (a contended lock, a task's <c>Wait</c>, an event). Any
    /// thread. <see cref="Thread.Sleep(int)"/> and synchronous I/O do not pass here and are not counted.
    /// </summary>
    public long BlockingWaitCount => Volatile.Read(ref _blockingWaits);

    internal IoDriver Driver { get; }

    /// <summary>Buffers for leases that the driver has none for. Loop's thread.</summary>
    internal PooledLeaseBuffers LeaseBuffers => _leaseBuffers ??= new PooledLeaseBuffers(this);

    internal LoopClock Clock { get; }

    internal bool IsCurrent
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ReferenceEquals(t_current, this);
    }

    /// <summary>The caller is on the loop, and the loop will come to what is queued.</summary>
    internal bool IsRunningHere => IsCurrent && !_stopped;

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The current loop, for members that need one.</summary>
    /// <exception cref="InvalidOperationException">The calling thread is no event loop's.</exception>
    internal static EventLoop Require(string member) => t_current ?? throw new InvalidOperationException(
        $"{member} must be called on an event loop. Start the code with EventLoopGroup.RunAsync or Spawn.");

    internal void ThrowIfNotCurrent(string what)
    {
        if (!IsCurrent)
            ThrowNotCurrent(what);
    }

    private void ThrowNotCurrent(string what)
    {
        string caller = t_current is { } other ? $"event loop '{other.Name}'" : "a thread that is no event loop's";
        throw new InvalidOperationException(
            $"{what} belongs to event loop '{Name}' and was used from {caller}. Hand the work over with EventLoop.Post or RunAsync of '{Name}'.");
    }
}
