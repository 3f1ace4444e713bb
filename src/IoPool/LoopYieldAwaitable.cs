using System.ComponentModel;
using System.Runtime.CompilerServices;
using IoPool.Scheduling;

namespace IoPool;

/// <summary>What <see cref="EventLoop.Yield"/> returns: await it, once, on the loop.</summary>
public readonly struct LoopYieldAwaitable
{
    private readonly EventLoop _loop;

    internal LoopYieldAwaitable(EventLoop loop) => _loop = loop;

    /// <summary>Called by the compiler.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Awaiter GetAwaiter() => new(_loop);

    /// <summary>Called by the compiler.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public readonly struct Awaiter : ICriticalNotifyCompletion
    {
        private readonly EventLoop _loop;

        internal Awaiter(EventLoop loop) => _loop = loop;

        /// <summary>Always <see langword="false"/>.</summary>
        public bool IsCompleted => false;

        /// <summary>Ends the wait.</summary>
        /// <exception cref="ObjectDisposedException">The loop is being stopped: a method that only yields has to end too.</exception>
        public void GetResult() => _loop.ThrowIfStopping();

        /// <summary>Queues the continuation to the loop.</summary>
        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        /// <summary>Queues the continuation to the loop.</summary>
        public void UnsafeOnCompleted(Action continuation)
        {
            ArgumentNullException.ThrowIfNull(continuation);
            if (_loop.IsCurrent && continuation.Target is Resumption resumption && ReferenceEquals(resumption.Loop, _loop))
                _loop.EnqueueAfterTurn(resumption.TakeItem());
            else
                _loop.PostYielded(continuation);
        }
    }
}
