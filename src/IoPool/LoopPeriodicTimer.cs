using IoPool.Scheduling;

namespace IoPool;

/// <summary>
/// A timer that ticks on its loop. Ticks are due at multiples of the period after the creation, so that lateness does not
/// add up; ticks that pass while nobody waits count as one, as with <see cref="PeriodicTimer"/>.
/// </summary>
/// <remarks>Belongs to the loop that created it: use it there only. Resolution: one millisecond, never early.</remarks>
[LoopOwned]
public sealed class LoopPeriodicTimer : IDisposable
{
    private readonly Tick _tick;

    internal LoopPeriodicTimer(EventLoop loop, TimeSpan period) => _tick = new Tick(loop, period);

    /// <summary>Waits for the next tick, or takes one that has passed. One wait at a time.</summary>
    /// <returns><see langword="true"/> for a tick, <see langword="false"/> once the timer is disposed.</returns>
    /// <exception cref="InvalidOperationException">Another wait is pending, or the thread is not the owner's.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the timer goes on.</exception>
    /// <exception cref="ObjectDisposedException">The loop is being stopped.</exception>
    public ValueTask<bool> WaitForNextTickAsync(CancellationToken cancellationToken = default) => _tick.Wait(cancellationToken);

    /// <summary>Stops the timer; a pending wait ends with <see langword="false"/>. Owner's thread only.</summary>
    /// <exception cref="InvalidOperationException">The thread is not the owner's.</exception>
    public void Dispose() => _tick.Dispose();

    /// <summary>The waiting side, kept apart so that the public type shows no task source.</summary>
    private sealed class Tick : LoopSource<bool>, ITimerTarget, ICancellableOperation
    {
        private readonly TimerNode _timer;
        private readonly TimeSpan _period;
        private TimeSpan _nextDue;
        private CancellationTokenRegistration _registration;
        private CancellationToken _cancellationToken;
        private bool _waiting;
        private bool _inUse;
        private bool _passed;
        private bool _disposed;

        internal Tick(EventLoop loop, TimeSpan period)
            : base(loop)
        {
            _period = period;
            _timer = new TimerNode(this);
            _nextDue = loop.Clock.Elapsed + period;
            Schedule();
        }

        EventLoop ICancellableOperation.Loop => Loop;

        internal ValueTask<bool> Wait(CancellationToken cancellationToken)
        {
            Loop.ThrowIfNotCurrent("The periodic timer");
            if (_inUse)
                throw new InvalidOperationException("Another WaitForNextTickAsync is pending; await it first.");
            if (cancellationToken.IsCancellationRequested)
                return ValueTask.FromCanceled<bool>(cancellationToken);
            if (_disposed)
                return new ValueTask<bool>(false);

            Loop.ThrowIfStopping();
            if (_passed)
            {
                _passed = false;
                return new ValueTask<bool>(true);
            }

            _inUse = _waiting = true;
            if (cancellationToken.CanBeCanceled)
            {
                _cancellationToken = cancellationToken;
                _registration = LoopCancellation.Register(this, cancellationToken);
            }

            return new ValueTask<bool>(this, Version);
        }

        internal void Dispose()
        {
            Loop.ThrowIfNotCurrent("The periodic timer");
            _disposed = true;
            Loop.CancelTimer(_timer);
            if (_waiting)
            {
                EndWait();
                CompleteQueued(false);
            }
        }

        void ITimerTarget.OnTimer(TimerNode node)
        {
            if (!Loop.IsStopping)
            {
                TimeSpan late = Loop.Clock.Elapsed - _nextDue;
                _nextDue += _period * (1 + Math.Max(0, late.Ticks / _period.Ticks));
                Schedule();
            }

            if (!_waiting)
            {
                _passed = true;
                return;
            }

            EndWait();
            if (Loop.IsStopping)
                CompleteInline(new Fault(Loop.CreateStoppedException()));
            else
                CompleteInline(true);
        }

        void ICancellableOperation.OnCancellationRequested()
        {
            if (!_waiting || !_cancellationToken.IsCancellationRequested)
                return;

            CancellationToken token = _cancellationToken;
            EndWait();
            CompleteInline(new Fault(new OperationCanceledException(token)));
        }

        protected override void OnConsumed(bool mayPool) => _inUse = false;

        private void EndWait()
        {
            _waiting = false;
            _registration.Unregister();
            _registration = default;
            _cancellationToken = default;
        }

        private void Schedule() => Loop.ScheduleTimer(_timer, LoopClock.RoundUpMs(_nextDue));
    }
}
