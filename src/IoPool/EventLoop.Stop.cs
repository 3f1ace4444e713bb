using IoPool.Scheduling;

namespace IoPool;

// How the loop ends: what is pending fails, finally blocks run, and what then still waits is counted and named.
public sealed partial class EventLoop
{
    // Work that keeps queueing more work gets this many turns after the drain deadline.
    private const int MaxStopTurns = 1_024;

    // A stopping loop waits for the kernel to let go of its operations in steps of this length, this often.
    private const int StopWaitMs = 50;
    private const int MaxStopWaits = 100;

    private readonly List<string> _abandonedNames = [];
    private volatile bool _isStopping;
    private bool _stopRequested;
    private volatile bool _stopped;

    /// <summary>The drain deadline has passed (or all work has ended): pending and new operations fail. Any thread.</summary>
    internal bool IsStopping => _isStopping;

    /// <summary>The loop does nothing any more. Any thread.</summary>
    internal bool IsStopped => _stopped;

    /// <summary>What was left when the loop stopped. Read it after <see cref="Ended"/>.</summary>
    internal IReadOnlyList<string> AbandonedNames => _abandonedNames;

    /// <summary>How many suspended or queued calls the loop had to drop, unnamed ones included.</summary>
    internal int AbandonedCount => Volatile.Read(ref _abandonedCount);

    /// <summary>Any thread; once.</summary>
    internal void RequestStop() => TryPost(new StopItem());

    internal void ThrowIfStopping()
    {
        if (_isStopping)
            throw CreateStoppedException();
    }

    internal void CountAbandoned(SpawnedWork work)
    {
        _abandonedNames.Add(work.Name);
        CountAbandoned();
    }

    private void Stop()
    {
        _isStopping = true;
        RunUntilQuiet();

        AbandonAllWork();
        RunStopHook();
        _alarm?.Dispose();
        Driver.Dispose();
        System.Threading.SynchronizationContext.SetSynchronizationContext(null);
        t_current = null;
    }

    /// <summary>Refuses all further work, so that nothing can be lost between the last look and the end.</summary>
    private void AbandonAllWork()
    {
        _stopped = true;
        _runQueue.TakeAll(ref _yielded);
        _inbox.Close(ref _runQueue);
        while (_runQueue.Dequeue() is { } item)
            item.Abandon(this);
        while (SuspendedWork.TakeFirst() is { } work)
            CountAbandoned(work);
        ForeignAwaiters.AbandonAll(this);
    }

    private void RunUntilQuiet()
    {
        int waits = 0;
        for (int turn = 0; turn < MaxStopTurns; turn++)
        {
            ExpireAllTimers();
            foreach (Drivers.IHandleOwner owner in Driver.Owners)
                owner.OnLoopStopping();
            RunTurn(mayPark: false);
            if (!_runQueue.IsEmpty || !_inbox.IsEmpty || _timers.Count != 0)
                continue;
            if (!Driver.HasOperationsInFlight && Driver.FileOperationsOnPool == 0)
                return;

            // Buffers belong to the kernel, or to a thread of the pool, until the end of every operation is reported.
            if (++waits > MaxStopWaits)
            {
                Diagnostics.Log.Write(
                    _options, $"Event loop '{Name}' stopped with operations in flight; their memory is not freed.");
                return;
            }

            ParkFor(StopWaitMs);
            Driver.RunCompletions();
        }
    }

    private void RunStopHook()
    {
        try
        {
            _options.OnLoopStop?.Invoke(this);
        }
        catch (Exception exception)
        {
            ReportUnhandled(exception);
        }
    }

    private sealed class StopItem : WorkItem
    {
        internal override void Execute(EventLoop loop) => loop._stopRequested = true;
    }
}
