using System.Net.Sockets;

namespace IoPool.Net;

// Settings of the socket and of the connection. Loop's thread only.
public sealed partial class SocketConnection
{
    /// <summary>Whether small writes are sent at once (<c>TCP_NODELAY</c>). Has no meaning for Unix domain sockets: there
    /// it is <see langword="false"/>, and setting it does nothing.</summary>
    public bool NoDelay
    {
        get
        {
            ThrowIfUnusable();
            return _handle.NoDelay;
        }

        set
        {
            ThrowIfUnusable();
            if (_handle.AddressFamily != AddressFamily.Unix)
                _handle.NoDelay = value;
        }
    }

    /// <summary>
    /// What closing does with bytes that the peer has not acknowledged. With a positive time, closing waits for them that
    /// long; that wait happens on the thread pool, not on the loop.
    /// </summary>
    public LingerOption Linger
    {
        get
        {
            ThrowIfUnusable();
            return _handle.LingerState;
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            ThrowIfUnusable();
            _handle.LingerState = value;
        }
    }

    /// <summary>The system's receive buffer in bytes; what is set is a wish (Linux doubles it).</summary>
    public int ReceiveBufferSize
    {
        get
        {
            ThrowIfUnusable();
            return _handle.ReceiveBufferSize;
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ThrowIfUnusable();
            _handle.ReceiveBufferSize = value;
        }
    }

    /// <summary>The system's send buffer in bytes; what is set is a wish (Linux doubles it).</summary>
    public int SendBufferSize
    {
        get
        {
            ThrowIfUnusable();
            return _handle.SendBufferSize;
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ThrowIfUnusable();
            _handle.SendBufferSize = value;
        }
    }

    /// <summary>
    /// How long one receive may wait; then it ends with <see cref="TimeoutException"/>, and the connection stays usable.
    /// Costs no token source and no timer of its own per call. Resolution: that of the loop's timers, checked no earlier
    /// than due. Default: <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </summary>
    public TimeSpan ReceiveTimeout
    {
        get => _timeouts?.Receive ?? Timeout.InfiniteTimeSpan;
        set => Timeouts(value).Receive = value;
    }

    /// <summary>
    /// How long one send may wait for the peer to take bytes; then it ends with <see cref="TimeoutException"/>. If a part
    /// was sent, the connection cannot be used for sending any more. Default: <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </summary>
    public TimeSpan SendTimeout
    {
        get => _timeouts?.Send ?? Timeout.InfiniteTimeSpan;
        set => Timeouts(value).Send = value;
    }

    /// <summary>
    /// How long the connection may wait for the peer without a receive or a send getting anywhere; then it is reset and
    /// its calls end with <see cref="TimeoutException"/>. Time in which the user's code computes does not count. Default:
    /// <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </summary>
    public TimeSpan IdleTimeout
    {
        get => _timeouts?.Idle ?? Timeout.InfiniteTimeSpan;
        set => Timeouts(value).Idle = value;
    }

    /// <summary>
    /// Has the system probe a silent peer, so that a receive fails when it is gone (<c>SO_KEEPALIVE</c>). TCP only.
    /// </summary>
    /// <param name="time">How long the connection is silent before the first probe; whole seconds.</param>
    /// <param name="interval">Time between probes; whole seconds.</param>
    /// <param name="retryCount">How many probes go unanswered before the connection is broken.</param>
    public void EnableKeepAlive(TimeSpan time, TimeSpan interval, int retryCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(retryCount, 1);
        ThrowIfUnusable();
        _handle.SetKeepAlive(enabled: true, time, interval, retryCount);
    }

    /// <summary>Takes <see cref="EnableKeepAlive"/> back.</summary>
    public void DisableKeepAlive()
    {
        ThrowIfUnusable();
        _handle.SetKeepAlive(enabled: false, default, default, 0);
    }

    private ConnectionTimeouts Timeouts(TimeSpan value)
    {
        if (value != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1));
        ThrowIfUnusable();
        return _timeouts ??= new ConnectionTimeouts(this);
    }
}
