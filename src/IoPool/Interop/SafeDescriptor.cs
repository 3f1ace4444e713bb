using Microsoft.Win32.SafeHandles;

namespace IoPool.Interop;

/// <summary>
/// Owns a descriptor: closes it once, also when its owner was forgotten. The loop uses the bare number, which is safe
/// since only the loop's thread closes.
/// </summary>
internal sealed class SafeDescriptor : SafeHandleMinusOneIsInvalid
{
    internal SafeDescriptor(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    internal int Value => (int)handle;

    // On Linux the descriptor is gone even when close says EINTR: trying again could close somebody else's.
    protected override bool ReleaseHandle() => LibC.close((int)handle) == 0;
}
