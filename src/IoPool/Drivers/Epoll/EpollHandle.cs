using IoPool.Drivers.Linux;
using IoPool.Interop;

namespace IoPool.Drivers.Epoll;

/// <summary>A socket on an epoll driver.</summary>
internal sealed class EpollHandle(EpollDriver driver, int descriptor, int slot, uint generation)
    : ReadinessHandle(driver.Loop, descriptor)
{
    private bool _watchesWritable;

    internal int Slot { get; } = slot;

    internal uint Generation { get; } = generation;

    // Registered when it was attached.
    protected override void WatchReadable()
    {
    }

    /// <summary>Most connections never fill their send buffer: writability is watched from the first time that one does.</summary>
    protected override void WatchWritable()
    {
        if (_watchesWritable)
            return;

        _watchesWritable = true;
        driver.Watch(this, ReadEvents | EpollFlags.EPOLLOUT);
    }

    protected override void CloseCore(bool abort)
    {
        driver.Release(this);
        base.CloseCore(abort);
    }
}
