using System.Collections;
using System.Runtime.ExceptionServices;
using IoPool.Drivers;

namespace IoPool;

/// <summary>
/// A fixed number of event loops, each on its own thread. Work that is spawned on the group goes to one loop after the
/// other; what that work spawns stays with it.
/// </summary>
/// <remarks>
/// All members may be called from any thread. Whoever creates a group shuts it down, with
/// <see cref="ShutdownAsync"/> or <see langword="await"/> <see langword="using"/>. The threads are background threads: they
/// do not keep the process alive.
/// </remarks>
public sealed partial class EventLoopGroup : IReadOnlyList<EventLoop>, IAsyncDisposable
{
    private static EventLoopGroup? s_default;

    private readonly EventLoopGroupOptions _options;
    private readonly EventLoop[] _loops;
    private uint _next = uint.MaxValue;

    /// <summary>Starts the loops and returns when all of them run and their start hooks have returned.</summary>
    /// <param name="options">Copied; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">An option has a value that makes no sense; the message names it.</exception>
    /// <exception cref="PlatformNotSupportedException">The driver that was asked for cannot run here; the message lists
    /// those that can.</exception>
    /// <exception cref="Exception">What a start hook threw. No thread is left behind.</exception>
    public EventLoopGroup(EventLoopGroupOptions? options = null)
    {
        _options = (options ?? new EventLoopGroupOptions()).Validated();
        (IoDriver[] drivers, DriverDescription) = DriverChoice.CreateDrivers(_options);
        _loops = new EventLoop[drivers.Length];
        for (int i = 0; i < _loops.Length; i++)
            _loops[i] = new EventLoop(this, _options, i, drivers[i]);
        StartLoops();
    }

    /// <summary>
    /// The group that pinned methods go to when they are called outside an event loop; <see langword="null"/> (such calls
    /// then throw) unless set. Setting it transfers no ownership: its creator still shuts it down.
    /// </summary>
    public static EventLoopGroup? Default
    {
        get => Volatile.Read(ref s_default);
        set => Volatile.Write(ref s_default, value);
    }

    /// <summary>How many loops the group has.</summary>
    public int Count => _loops.Length;

    /// <summary>The driver in use; after a fallback also the driver that could not be used, and why.</summary>
    public string DriverDescription { get; }

    /// <summary>The loop at a position, for placement by index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such loop.</exception>
    public EventLoop this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _loops.Length);
            return _loops[index];
        }
    }

    /// <summary>The loop for the next piece of work, by the group's <see cref="EventLoopGroupOptions.Placement"/>.</summary>
    public EventLoop Next() => Next(_options.Placement);

    /// <summary>The loop for the next piece of work, by the placement given.</summary>
    public EventLoop Next(Placement placement)
    {
        uint start = Interlocked.Increment(ref _next) % (uint)_loops.Length;
        return placement == Placement.LeastLoaded ? LeastLoaded((int)start) : _loops[start];
    }

    /// <inheritdoc/>
    public IEnumerator<EventLoop> GetEnumerator() => ((IEnumerable<EventLoop>)_loops).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _loops.GetEnumerator();

    private EventLoop LeastLoaded(int start)
    {
        EventLoop best = _loops[start];
        int bestCount = best.ActiveCount;
        for (int i = 1; i < _loops.Length && bestCount != 0; i++)
        {
            EventLoop candidate = _loops[(start + i) % _loops.Length];
            int count = candidate.ActiveCount;
            if (count < bestCount)
                (best, bestCount) = (candidate, count);
        }

        return best;
    }

    private void StartLoops()
    {
        int started = 0;
        Exception? failure = null;
        try
        {
            for (; started < _loops.Length; started++)
                _loops[started].StartThread();
        }
        catch (Exception exception)
        {
            // The system refuses another thread.
            failure = exception;
            for (int i = started; i < _loops.Length; i++)
                _loops[i].CancelStart();
        }

        for (int i = 0; i < started; i++)
        {
            Exception? own = WaitForStart(_loops[i]);
            failure ??= own;
        }

        if (failure is null)
            return;

        AbortStart(started);
        ExceptionDispatchInfo.Throw(failure);
    }

    private static Exception? WaitForStart(EventLoop loop)
    {
        try
        {
            loop.Started.GetAwaiter().GetResult();
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private void AbortStart(int started)
    {
        _state = Stopped;
        for (int i = 0; i < started; i++)
            _loops[i].RequestStop();
        for (int i = 0; i < started; i++)
        {
            _loops[i].Ended.GetAwaiter().GetResult();
            _loops[i].JoinThread();
        }
    }
}
