using System.Runtime.InteropServices;

namespace IoPool.Tests.Support;

/// <summary>Makes the kernel refuse. For child processes: there is no way back.</summary>
internal static unsafe partial class SystemLimits
{
    private const int PR_SET_SECCOMP = 22;
    private const int PR_SET_NO_NEW_PRIVS = 38;
    private const int SECCOMP_MODE_FILTER = 2;
    private const uint SECCOMP_RET_ERRNO = 0x0005_0000;
    private const uint SECCOMP_RET_ALLOW = 0x7fff_0000;
    private const ushort LoadWord = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort Return = 0x06;
    private const int RLIMIT_MEMLOCK = 8;

    /// <summary>
    /// Lets a system call fail on this thread and on those that it starts, as a container's seccomp profile does.
    /// </summary>
    /// <param name="number">The call's number.</param>
    /// <param name="secondArgument">Only calls with this second argument; <see langword="null"/> for all.</param>
    /// <param name="errno">What they fail with.</param>
    internal static void Deny(int number, int? secondArgument, int errno)
    {
        // struct seccomp_data: the number at 0, the arguments of 8 bytes each from 16 on.
        ReadOnlySpan<Instruction> filter =
        [
            new(LoadWord, 0, 0, 0),
            new(JumpIfEqual, 0, 3, (uint)number),
            new(LoadWord, 0, 0, 24),
            new(JumpIfEqual, (byte)0, (byte)(secondArgument is null ? 0 : 1), (uint)(secondArgument ?? 0)),
            new(Return, 0, 0, SECCOMP_RET_ERRNO | (uint)errno),
            new(Return, 0, 0, SECCOMP_RET_ALLOW),
        ];
        fixed (Instruction* first = filter)
        {
            var program = new Program { Length = (ushort)filter.Length, Filter = first };
            Check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
            Check(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, (nint)(&program), 0, 0));
        }
    }

    /// <summary>Lowers the limit of locked memory, and leaves the privilege to pass it.</summary>
    internal static void LimitLockedMemory(int bytes)
    {
        ulong* limit = stackalloc ulong[2] { (ulong)bytes, (ulong)bytes };
        Check(setrlimit(RLIMIT_MEMLOCK, limit));
        // nobody; fails when the process has no privilege anyway
        _ = setuid(65_534);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nint a, nint b, nint c, nint d);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setrlimit(int resource, ulong* limit);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setuid(uint user);

    private static void Check(int result)
    {
        if (result != 0)
            throw new InvalidOperationException($"errno {Marshal.GetLastPInvokeError()}");
    }

    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);

    private struct Program
    {
        internal ushort Length;
        internal Instruction* Filter;
    }
}
