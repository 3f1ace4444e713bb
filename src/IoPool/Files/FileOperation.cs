using System.Buffers;
using IoPool.Drivers.Linux;
using IoPool.Interop;
using IoPool.Scheduling;

namespace IoPool.Files;

/// <summary>
/// One read, write or flush of a file: by the driver where it can, else on the thread pool. Belongs to the kernel, or to the
/// pool's thread, until it completes, and with it the buffer and the descriptor.
/// </summary>
internal sealed class FileOperation(LoopFile file) : LoopSource<int>(file.Loop), ICancellableOperation, IThreadPoolWorkItem
{
    private CancellationTokenRegistration _registration;
    private CancellationToken _cancellationToken;
    private Memory<byte> _target;
    private ReadOnlyMemory<byte> _source;
    private MemoryHandle _pin;
    private Exception? _exception;
    private int _done;
    private bool _onPool;

    internal enum RequestKind
    {
        Read,
        Write,
        Flush,
    }

    internal FileOperation? NextFree { get; set; }

    /// <summary>Where the driver finds it when the kernel reports.</summary>
    internal ulong Key { get; set; }

    internal RequestKind Kind { get; private set; }

    internal int Descriptor => (int)file.Handle.DangerousGetHandle();

    /// <summary>Where in the file the rest of the request begins.</summary>
    internal long Offset { get; private set; }

    /// <summary>How much is left to be transferred.</summary>
    internal int Length => Kind == RequestKind.Read ? _target.Length : _source.Length - _done;

    EventLoop ICancellableOperation.Loop => Loop;

    internal ValueTask<int> Read(Memory<byte> target, long offset, CancellationToken cancellationToken)
    {
        _target = target;
        Start(RequestKind.Read, offset, cancellationToken);
        return new ValueTask<int>(this, Version);
    }

    internal ValueTask Write(ReadOnlyMemory<byte> source, long offset, CancellationToken cancellationToken)
    {
        _source = source;
        Start(RequestKind.Write, offset, cancellationToken);
        return new ValueTask(this, Version);
    }

    internal ValueTask Flush(CancellationToken cancellationToken)
    {
        Start(RequestKind.Flush, 0, cancellationToken);
        return new ValueTask(this, Version);
    }

    /// <summary>io_uring form: where the kernel reads or writes. Pinned until the operation completes.</summary>
    internal unsafe void* PinRest()
    {
        if (Kind == RequestKind.Flush)
            return null;

        if (_pin.Pointer is null)
            _pin = Kind == RequestKind.Read ? _target.Pin() : _source.Pin();
        return (byte*)_pin.Pointer + _done;
    }

    /// <summary>io_uring form: the kernel has transferred that much, or failed. <see langword="true"/>: the rest has to be submitted.</summary>
    internal bool Continue(int result)
    {
        if (result is -Errno.EINTR or -Errno.EAGAIN)
            return true;
        if (result <= 0 || Kind != RequestKind.Write)
            return false;

        _done += result;
        Offset += result;
        return Length != 0;
    }

    /// <summary>io_uring form: the kernel is done with it. Loop's thread, from dispatch.</summary>
    internal void Complete(int result)
    {
        if (result == -Errno.ECANCELED && _cancellationToken.IsCancellationRequested)
            _exception = new OperationCanceledException(_cancellationToken);
        else if (result < 0)
            _exception = LinuxErrors.CreateFileException(-result);
        else if (Kind == RequestKind.Write && Length != 0)
            _exception = new IOException("The system took no more bytes, and gave no reason.");
        Finish(result);
    }

    /// <summary>On the pool.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            _done = Perform();
        }
        catch (Exception exception)
        {
            _exception = exception;
        }

        if (!Loop.TryPost(this))
        {
            file.Handle.DangerousRelease();
            Loop.CountAbandoned();
        }
    }

    /// <summary>Back from the pool; or the awaiter's turn.</summary>
    internal override void Execute(EventLoop loop)
    {
        if (!_onPool)
        {
            base.Execute(loop);
            return;
        }

        _onPool = false;
        Loop.Driver.FileOperationsOnPool--;
        Finish(_done);
    }

    internal override void Abandon(EventLoop loop)
    {
        if (_onPool)
            file.Handle.DangerousRelease();
        base.Abandon(loop);
    }

    void ICancellableOperation.OnCancellationRequested()
    {
        // What a thread has begun is not interrupted.
        if (!IsCompleted && !_onPool && _cancellationToken.IsCancellationRequested)
            Loop.Driver.CancelFile(this);
    }

    protected override void OnConsumed(bool mayPool)
    {
        _cancellationToken = default;
        _target = default;
        _source = default;
        if (mayPool)
            file.Return(this);
    }

    private void Start(RequestKind kind, long offset, CancellationToken cancellationToken)
    {
        Kind = kind;
        Offset = offset;
        _done = 0;
        // Keeps the descriptor open, and its number from being given away, until the operation has ended.
        bool held = false;
        file.Handle.DangerousAddRef(ref held);
        if (!Loop.Driver.TrySubmitFile(this))
        {
            _onPool = true;
            Loop.Driver.FileOperationsOnPool++;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        if (cancellationToken.CanBeCanceled)
        {
            _cancellationToken = cancellationToken;
            _registration = LoopCancellation.Register(this, cancellationToken);
        }
    }

    private int Perform()
    {
        switch (Kind)
        {
            case RequestKind.Read:
                return RandomAccess.Read(file.Handle, _target.Span, Offset);
            case RequestKind.Write:
                RandomAccess.Write(file.Handle, _source.Span, Offset);
                return 0;
            default:
                RandomAccess.FlushToDisk(file.Handle);
                return 0;
        }
    }

    private void Finish(int result)
    {
        _pin.Dispose();
        _pin = default;
        file.Handle.DangerousRelease();
        if (_cancellationToken.CanBeCanceled)
        {
            // Not Dispose: it would wait for a callback that is running on another thread.
            _registration.Unregister();
            _registration = default;
        }

        if (_exception is { } exception)
        {
            _exception = null;
            CompleteInline(new Fault(exception));
        }
        else
        {
            CompleteInline(result);
        }
    }
}
