using System.Runtime.InteropServices;
using IoPool.Interop;

namespace IoPool.Drivers.Linux;

/// <summary>
/// The eventfd that ends a loop's wait. Watched edge-triggered and never read: each write is an edge of its own, and the
/// counter cannot fill up in practice.
/// </summary>
internal sealed unsafe class WakeEvent : IDisposable
{
    private readonly SafeDescriptor _descriptor;

    internal WakeEvent()
    {
        int descriptor = LibC.eventfd(0, EventFdFlags.EFD_CLOEXEC | EventFdFlags.EFD_NONBLOCK);
        _descriptor = descriptor >= 0
            ? new SafeDescriptor(descriptor)
            : throw LinuxErrors.CreateException(Marshal.GetLastSystemError(), "eventfd");
    }

    /// <summary>Loop's thread only.</summary>
    internal int Descriptor => _descriptor.Value;

    /// <summary>Ends the current wait, or the next one. Any thread.</summary>
    internal void Signal()
    {
        bool held = false;
        try
        {
            // Holds the number: a producer may be late, and when the loop has stopped meanwhile, the number may be that of
            // somebody's connection.
            _descriptor.DangerousAddRef(ref held);
            ulong one = 1;
            // The only error there can be is a full counter, and then the loop is being woken.
            LibC.write(_descriptor.Value, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The loop has stopped, and wakes for nobody.
        }
        finally
        {
            if (held)
                _descriptor.DangerousRelease();
        }
    }

    public void Dispose() => _descriptor.Dispose();
}
