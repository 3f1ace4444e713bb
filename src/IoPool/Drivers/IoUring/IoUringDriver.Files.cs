using IoPool.Files;
using IoPool.Interop;
using static IoPool.Interop.IoUringConstants;

namespace IoPool.Drivers.IoUring;

// Files: the kernel reads and writes the caller's memory, and reports.
internal sealed unsafe partial class IoUringDriver
{
    private readonly SlotTable<FileOperation> _fileOperations = new();

    internal override bool TrySubmitFile(FileOperation operation)
    {
        (int slot, uint generation) = _fileOperations.Reserve();
        _fileOperations.Set(slot, operation);
        operation.Key = SlotTable<FileOperation>.KeyOf(slot, generation);
        Queue(operation);
        return true;
    }

    internal override void CancelFile(FileOperation operation) => CancelEntry(DataOf(operation));

    private static ulong DataOf(FileOperation operation) => operation.Key | ((ulong)KindFile << (int)KindShift);

    private void Queue(FileOperation operation)
    {
        IoUringSqe* entry = _ring.NextEntry();
        entry->opcode = operation.Kind switch
        {
            FileOperation.RequestKind.Read => IORING_OP_READ,
            FileOperation.RequestKind.Write => IORING_OP_WRITE,
            _ => IORING_OP_FSYNC,
        };
        entry->fd = operation.Descriptor;
        entry->user_data = DataOf(operation);
        if (operation.Kind == FileOperation.RequestKind.Flush)
            return;

        entry->addr = (ulong)operation.PinRest();
        entry->len = (uint)operation.Length;
        entry->off = (ulong)operation.Offset;
    }

    private void RunFile(ulong key, int result)
    {
        FileOperation operation = _fileOperations.Find(key)!;
        if (operation.Continue(result))
        {
            Queue(operation);
            return;
        }

        _fileOperations.Remove((int)(uint)key);
        Loop.BeginDispatch();
        operation.Complete(result);
        Loop.EndDispatch();
    }
}
