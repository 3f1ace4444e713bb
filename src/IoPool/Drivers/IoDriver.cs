using System.Net;
using System.Net.Sockets;
using IoPool.Files;
using IoPool.Net;

namespace IoPool.Drivers;

/// <summary>
/// What one loop waits with, and how its operations reach the kernel. One contract for drivers that complete (io_uring,
/// portable) and drivers that tell readiness (epoll), which finish an operation by performing it.
/// </summary>
/// <remarks>
/// <para>An operation goes to its handle (<see cref="IoHandle.Submit"/>), which either finishes it at once or takes it. A
/// taken operation belongs to the driver, with its buffers, until the driver completes it; a cancelled one too: the request
/// to cancel is not the completion.</para>
/// <para>A turn of the loop calls <see cref="Poll"/>, which hands over everything that was submitted, waits if told to, and
/// collects completions; then <see cref="RunCompletions"/>, which runs them. Collecting and running are apart so that what
/// a continuation submits or closes cannot disturb the collecting; hence a completion checks, when it runs, that its handle
/// is still the one it was collected for.</para>
/// <para>All members are for the loop's thread, but for those that say otherwise.</para>
/// </remarks>
internal abstract class IoDriver : IDisposable
{
    /// <summary>Operations that were taken and not completed; their memory must not be freed.</summary>
    internal abstract bool HasOperationsInFlight { get; }

    /// <summary>Creates what the kernel has to hold, on the thread that will use it.</summary>
    internal abstract void Open(EventLoop loop);

    /// <summary>Submits and collects. -1 waits until something happens, 0 does not wait.</summary>
    internal abstract void Poll(int timeoutMs);

    /// <summary>Runs what was collected.</summary>
    internal abstract void RunCompletions();

    /// <summary>Ends the current wait, or the next one when there is none. Any thread.</summary>
    internal abstract void Wake();

    /// <summary>A listening socket, bound to <paramref name="endPoint"/>. Any thread.</summary>
    /// <exception cref="SocketException">The address is in use, or not to be had.</exception>
    internal abstract UnattachedSocket OpenListener(EndPoint endPoint, ListenSettings settings);

    /// <summary>An unconnected stream socket of the address family of <paramref name="remote"/>.</summary>
    internal abstract IoHandle OpenStream(EndPoint remote);

    /// <summary>A bound datagram socket.</summary>
    /// <exception cref="SocketException">The address is in use, or not to be had.</exception>
    internal abstract IoHandle OpenDatagram(IPEndPoint local, DatagramSocketOptions options);

    /// <summary>
    /// Sockets that a listener accepts have the options that it got before it listened: on Linux they start as copies of it.
    /// </summary>
    internal virtual bool AcceptedSocketsInheritOptions => false;

    /// <summary>Makes a socket this loop's. When that fails the socket is closed.</summary>
    internal abstract IoHandle Attach(UnattachedSocket socket);

    /// <summary>Takes a socket out of a handle of the base class library, which owns nothing afterwards. Any thread.</summary>
    internal abstract UnattachedSocket TakeOver(SafeSocketHandle handle);

    /// <summary>Requests on files that threads of the pool work on. Loop's thread.</summary>
    internal int FileOperationsOnPool { get; set; }

    /// <summary>Takes a request on a file, if the driver can do that; else a thread of the pool does.</summary>
    internal virtual bool TrySubmitFile(FileOperation operation) => false;

    /// <summary>Asks for a request that was taken to end early. It still completes.</summary>
    internal virtual void CancelFile(FileOperation operation)
    {
    }

    /// <summary>The owners of all open handles, as of now.</summary>
    internal abstract IEnumerable<IHandleOwner> Owners { get; }

    /// <summary>Releases the kernel's objects. <see cref="Open"/> may not have been called, or may have failed.</summary>
    public abstract void Dispose();
}
