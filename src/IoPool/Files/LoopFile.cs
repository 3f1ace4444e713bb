using Microsoft.Win32.SafeHandles;

namespace IoPool.Files;

/// <summary>
/// A file that belongs to one event loop and is read and written by position: only that loop may use it,
/// <see cref="DisposeAsync"/> excepted. Any number of calls may be under way at once; they end in any order.
/// </summary>
/// <remarks>
/// On io_uring the kernel does the work, several calls by one system call; on the other drivers a thread of the pool does, as by
/// <see cref="Offload"/>. What fails throws as <see cref="RandomAccess"/> does. Buffers are the caller's, and the file's only
/// while the call that got them is under way.
/// </remarks>
[LoopOwned]
public sealed class LoopFile : IAsyncDisposable
{
    private readonly SafeFileHandle _handle;
    private FileOperation? _free;
    private int _disposed;

    private LoopFile(EventLoop loop, SafeFileHandle handle)
    {
        Loop = loop;
        _handle = handle;
    }

    /// <summary>The loop that the file belongs to. Any thread.</summary>
    public EventLoop Loop { get; }

    internal SafeFileHandle Handle => _handle;

    /// <summary>Opens a file for the current loop, off it: opening blocks.</summary>
    /// <param name="path">As for <see cref="File.OpenHandle"/>, like the other parameters.</param>
    /// <param name="mode">Whether to create it, and what to do when it exists.</param>
    /// <param name="access">Reading, writing or both.</param>
    /// <param name="share">What others may do with it meanwhile.</param>
    /// <param name="options">Hints; <see cref="FileOptions.Asynchronous"/> makes no difference.</param>
    /// <returns>The file, which the caller disposes.</returns>
    /// <exception cref="InvalidOperationException">The calling thread is no event loop's.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened, or is a folder.</exception>
    /// <exception cref="NotSupportedException">It has no positions: a pipe, for example.</exception>
    public static ValueTask<LoopFile> OpenAsync(
        string path,
        FileMode mode = FileMode.Open,
        FileAccess access = FileAccess.Read,
        FileShare share = FileShare.Read,
        FileOptions options = FileOptions.None)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        EventLoop loop = EventLoop.Require("LoopFile.OpenAsync");
        loop.ThrowIfStopping();
        return Offload.RunAsync(() =>
        {
            SafeFileHandle handle = File.OpenHandle(path, mode, access, share, options);
            try
            {
                ThrowIfWithoutPositions(handle);
                return new LoopFile(loop, handle);
            }
            catch
            {
                handle.Dispose();
                throw;
            }
        });
    }

    /// <summary>Makes an open file the current loop's, which owns the handle from here on.</summary>
    /// <exception cref="InvalidOperationException">The calling thread is no event loop's.</exception>
    /// <exception cref="ArgumentException">The handle is invalid.</exception>
    /// <exception cref="NotSupportedException">It has no positions: a pipe, for example.</exception>
    public static LoopFile Adopt(SafeFileHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        EventLoop loop = EventLoop.Require("LoopFile.Adopt");
        ObjectDisposedException.ThrowIf(handle.IsClosed, handle);
        if (handle.IsInvalid)
            throw new ArgumentException("The handle is invalid.", nameof(handle));

        ThrowIfWithoutPositions(handle);
        return new LoopFile(loop, handle);
    }

    /// <summary>Reads from a position.</summary>
    /// <param name="buffer">Where to. Empty: returns 0.</param>
    /// <param name="fileOffset">Where from, in bytes from the start.</param>
    /// <param name="cancellationToken">Asks for an early end: <see cref="OperationCanceledException"/>, or the bytes if they
    /// have been read.</param>
    /// <returns>How many bytes, perhaps fewer than there is room for; 0 at the end of the file.</returns>
    /// <exception cref="InvalidOperationException">The thread is not the owner's.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed, or the loop is being stopped.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is not open for reading.</exception>
    /// <exception cref="IOException">The system failed to read.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, long fileOffset, CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable();
        ArgumentOutOfRangeException.ThrowIfNegative(fileOffset);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);

        return buffer.IsEmpty ? new ValueTask<int>(0) : Rent().Read(buffer, fileOffset, cancellationToken);
    }

    /// <summary>Writes all of the data at a position; the file grows as needed.</summary>
    /// <param name="data">The file's until the call completes.</param>
    /// <param name="fileOffset">Where to, in bytes from the start.</param>
    /// <param name="cancellationToken">Asks for an early end, by <see cref="OperationCanceledException"/>; a part may have been
    /// written.</param>
    /// <exception cref="InvalidOperationException">The thread is not the owner's.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed, or the loop is being stopped.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is not open for writing.</exception>
    /// <exception cref="IOException">The system failed to write: the disk is full, for example.</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, long fileOffset, CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable();
        ArgumentOutOfRangeException.ThrowIfNegative(fileOffset);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);

        return data.IsEmpty ? default : Rent().Write(data, fileOffset, cancellationToken);
    }

    /// <summary>Completes when what has been written, by calls that have ended, is on the disk (<c>fsync</c>).</summary>
    /// <exception cref="InvalidOperationException">The thread is not the owner's.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed, or the loop is being stopped.</exception>
    /// <exception cref="IOException">The system failed to write.</exception>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable();
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : Rent().Flush(cancellationToken);
    }

    /// <summary>The file's length in bytes.</summary>
    /// <exception cref="InvalidOperationException">The thread is not the owner's.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public ValueTask<long> GetLengthAsync()
    {
        ThrowIfUnusable();
        SafeFileHandle handle = _handle;
        return Offload.RunAsync(() => RandomAccess.GetLength(handle));
    }

    /// <summary>Cuts the file, or lengthens it by zeros.</summary>
    /// <exception cref="InvalidOperationException">The thread is not the owner's.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is not open for writing.</exception>
    public ValueTask SetLengthAsync(long length)
    {
        ThrowIfUnusable();
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        SafeFileHandle handle = _handle;
        return Offload.RunAsync(() => RandomAccess.SetLength(handle, length));
    }

    /// <summary>
    /// Closes the file, off the loop: closing may block. New calls fail; those under way end as ever, and only then the
    /// system closes it. Any thread.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return default;

        return new ValueTask(Task.Run(_handle.Dispose));
    }

    internal void Return(FileOperation operation)
    {
        operation.NextFree = _free;
        _free = operation;
    }

    private FileOperation Rent()
    {
        if (_free is not { } operation)
            return new FileOperation(this);

        _free = operation.NextFree;
        return operation;
    }

    private void ThrowIfUnusable()
    {
        Loop.ThrowIfNotCurrent("The file");
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        Loop.ThrowIfStopping();
    }

    // Asking for the length fails on what has none, and nothing else tells portably.
    private static void ThrowIfWithoutPositions(SafeFileHandle handle) => RandomAccess.GetLength(handle);
}
