using System.Runtime.CompilerServices;
using IoPool.Scheduling;

namespace IoPool;

// How the loop runs: its thread, its turns, and how it parks.
public sealed partial class EventLoop
{
    // Work items of one turn before I/O and timers get theirs.
    private const int TurnBudget = 256;

    private readonly EventLoopGroupOptions _options;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _blockingWaits;

    internal Task Started => _started.Task;

    /// <summary>Completes when the loop's thread has nothing left to do. Never faults.</summary>
    internal Task Ended => _ended.Task;

    internal void StartThread() => _thread.UnsafeStart();

    /// <summary>Waits for a thread whose <see cref="Ended"/> has completed to be gone.</summary>
    internal void JoinThread() => _thread.Join();

    /// <summary>The construction of the group failed before this loop's thread could be started.</summary>
    internal void CancelStart()
    {
        AbandonAllWork();
        Driver.Dispose();
        _ended.SetResult();
    }

    // ---- what items do while they run

    /// <summary>Adds an item to the loop's own queue. Loop's thread only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enqueue(WorkItem item) => _runQueue.Enqueue(item);

    /// <summary>Adds an item that lets everything else of this turn go first. Loop's thread only.</summary>
    internal void EnqueueAfterTurn(WorkItem item) => _yielded.Enqueue(item);

    /// <summary>Brings ordinary code that yielded back. Loop's thread, or any other thread when the loop's yield got there.</summary>
    internal void PostYielded(Action continuation) => _synchronizationContext.PostYielded(continuation);

    /// <summary>Hands an item to the loop; <see langword="false"/> when it has stopped. Any thread.</summary>
    internal bool TryPost(WorkItem item)
    {
        if (IsCurrent)
        {
            if (_stopped)
                return false;

            _runQueue.Enqueue(item);
            return true;
        }

        if (!_inbox.TryPush(item))
            return false;

        WakeIfParked();
        return true;
    }

    /// <summary>Takes one synchronous completion from the budget of this dispatch; <see langword="false"/> means: yield.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TrySpendBudget() => --_budget >= 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryEnterInline()
    {
        if (_inlineDepth >= MaxInlineDepth)
            return false;

        _inlineDepth++;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void ExitInline() => _inlineDepth--;

    /// <summary>Makes an execution context current; <see langword="null"/> is the loop's default.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SwitchTo(ExecutionContext? context)
    {
        context ??= _defaultContext;
        if (!ReferenceEquals(ExecutionContext.Capture(), context))
            ExecutionContext.Restore(context);
    }

    /// <summary>A completion or work item is about to run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void BeginDispatch() => _budget = SynchronousCompletionBudget;

    /// <summary>It ran: nothing that it left on the thread is visible to the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void EndDispatch()
    {
        SwitchTo(null);
        if (!ReferenceEquals(System.Threading.SynchronizationContext.Current, _synchronizationContext))
            System.Threading.SynchronizationContext.SetSynchronizationContext(_synchronizationContext);
    }

    internal void CountBlockingWait() => Volatile.Write(ref _blockingWaits, _blockingWaits + 1);

    internal void ReportUnhandled(Exception exception)
    {
        if (_options.UnhandledException is not { } handler)
        {
            Diagnostics.Log.Write(_options, $"Unhandled exception on event loop '{Name}': {exception}");
            return;
        }

        try
        {
            handler(this, exception);
        }
        catch (Exception second)
        {
            Diagnostics.Log.Write(
                _options,
                $"The UnhandledException handler failed on event loop '{Name}': {second}{Environment.NewLine}It was handling: {exception}");
        }
    }

    // ---- the thread

    private void ThreadMain()
    {
        try
        {
            Start();
        }
        catch (Exception exception)
        {
            AbandonAllWork();
            Driver.Dispose();
            t_current = null;
            _started.SetException(exception);
            _ended.SetResult();
            return;
        }

        _started.SetResult();
        try
        {
            while (!_stopRequested)
                RunTurn(mayPark: true);
            Stop();
        }
        catch (Exception exception)
        {
            // User code cannot throw up to here: the loop itself is broken, and going on would lose completions.
            Environment.FailFast($"IoPool: event loop '{Name}' failed.", exception);
        }

        _ended.SetResult();
    }

    private void Start()
    {
        _defaultContext = ExecutionContext.Capture()!;
        t_current = this;
        System.Threading.SynchronizationContext.SetSynchronizationContext(_synchronizationContext);
        if (_options.Affinity == ProcessorAffinity.OneCorePerLoop)
            Drivers.Linux.ThreadAffinity.BindCurrentThread(Index);
        Driver.Open(this);
        _options.OnLoopStart?.Invoke(this);
        EndDispatch();
    }

    /// <summary>One turn: run queue, inbox, timers, I/O. Waits for I/O only when there is nothing to run.</summary>
    private void RunTurn(bool mayPark)
    {
        RunReady();
        _inbox.DrainTo(ref _runQueue);
        if (_timers.Count != 0)
            RunTimers();

        if (!mayPark || _stopRequested || !_runQueue.IsEmpty || !_yielded.IsEmpty)
            PollWithoutWaiting();
        else
            Park();
        if (_timers.Count != 0)
            _turnTimeMs = Clock.NowMs;
        Driver.RunCompletions();
        _runQueue.TakeAll(ref _yielded);
    }

    private void PollWithoutWaiting()
    {
        // A loop that always has something to run never parks; whoever waits for idleness hears of it all the same.
        Group.OnLoopTurn();
        Driver.Poll(0);
    }

    private void RunReady()
    {
        for (int i = 0; i < TurnBudget && _runQueue.Dequeue() is { } item; i++)
        {
            BeginDispatch();
            item.Execute(this);
            EndDispatch();
        }

        Homeward.Send();
    }

    /// <summary>Waits in the driver until something happens.</summary>
    /// <remarks>
    /// Why no wake-up is lost. A producer (P) and this loop (L) each write one thing and then read the other's:
    /// <code>
    /// P1  push onto the inbox        (compare-and-swap: a full fence)
    /// P2  read Parked; if 1, exchange it for 0 and, having got the 1, wake the driver
    /// L1  Parked = 1                 (exchange: a full fence)
    /// L2  read the inbox; if it is not empty, do not wait
    /// L3  wait in the driver
    /// </code>
    /// The fences put P1 before P2 and L1 before L2 for everybody. If L2 does not see the push, then L1 came before P1,
    /// so P2 sees the 1 and wakes. The driver's wake is sticky (the eventfd's counter, the portable driver's semaphore): it
    /// ends a wait that begins after it, so it does not matter whether P2 falls before or after L3. Only one of several
    /// producers gets the 1, so that one sleep costs one wake.
    /// A wake that nobody needed (the loop woke by itself in between) costs one empty turn.
    /// </remarks>
    private void Park()
    {
        int timeoutMs = TimeoutUntilNextTimerMs();
        if (timeoutMs == 0)
        {
            PollWithoutWaiting();
            return;
        }

        ParkFor(timeoutMs);
    }

    private void ParkFor(int timeoutMs)
    {
        Interlocked.Exchange(ref _inbox.Parked, 1);
        Group.OnLoopTurn();
        // The run queue was empty before the clock was asked; a time provider may run callbacks from within that.
        Driver.Poll(_inbox.IsEmpty && _runQueue.IsEmpty ? timeoutMs : 0);
        Volatile.Write(ref _inbox.Parked, 0);
    }

    private void WakeIfParked()
    {
        if (Volatile.Read(ref _inbox.Parked) != 0 && Interlocked.Exchange(ref _inbox.Parked, 0) != 0)
            Driver.Wake();
    }
}
