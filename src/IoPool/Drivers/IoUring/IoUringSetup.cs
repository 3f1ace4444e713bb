using System.Globalization;
using System.Runtime.InteropServices;
using IoPool.Drivers.Linux;
using IoPool.Interop;
using static IoPool.Interop.IoUringConstants;

namespace IoPool.Drivers.IoUring;

/// <summary>
/// Asks the kernel for a ring, finds out whether it can do all that the driver needs, and says in words why not.
/// </summary>
internal static unsafe class IoUringSetup
{
    // Deferred task running came with Linux 6.1, and with it everything else that is used here. Without it and single issuer,
    // a ring reaches 0.61 to 0.75 of the requests: there epoll is the better driver, so that these flags are no options.
    private const uint NeededFlags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE
        | IORING_SETUP_CLAMP | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_R_DISABLED;

    // One mapping for both queues, completions that found no room are kept, waiting with a time limit.
    private const uint NeededFeatures = IORING_FEAT_SINGLE_MMAP | IORING_FEAT_NODROP | IORING_FEAT_EXT_ARG;

    private static readonly (byte Code, string Name)[] s_neededOperations =
    [
        (IORING_OP_POLL_ADD, "IORING_OP_POLL_ADD"),
        (IORING_OP_ASYNC_CANCEL, "IORING_OP_ASYNC_CANCEL"),
        (IORING_OP_SEND, "IORING_OP_SEND"),
        (IORING_OP_RECV, "IORING_OP_RECV"),
        (IORING_OP_READ, "IORING_OP_READ"),
        (IORING_OP_WRITE, "IORING_OP_WRITE"),
        (IORING_OP_FSYNC, "IORING_OP_FSYNC"),
        (IORING_OP_ACCEPT, "IORING_OP_ACCEPT"),
    ];

    // The kernel gives locked memory back some time after a ring was closed: a process that has just stopped another group
    // gets it if it waits a little.
    private static readonly int[] s_backOffsMs = [1, 4, 15, 60];

    /// <summary>
    /// A disabled ring, by its descriptor. A single-issuer ring belongs to the thread that enables it, so that rings can be
    /// got here, all at once and before there is a thread, and then be given to their loops.
    /// </summary>
    /// <exception cref="DriverUnavailableException">The kernel denies io_uring, or has too old a one.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">Something else is short that no driver can do without.</exception>
    internal static SafeDescriptor Create(IoUringSizes sizes, out IoUringParams parameters)
    {
        if (!OperatingSystem.IsLinux())
            throw new DriverUnavailableException("io_uring exists on Linux only");

        var ring = new SafeDescriptor(SetUp(sizes, out parameters));
        try
        {
            if ((parameters.features & NeededFeatures) != NeededFeatures)
                throw new DriverUnavailableException("the kernel's io_uring lacks features of Linux 6.1");

            ProbeOperations(ring.Value);
            ProbeEnter(ring.Value);
            return ring;
        }
        catch
        {
            ring.Dispose();
            throw;
        }
    }

    /// <summary>Makes the ring the calling thread's.</summary>
    internal static void Enable(SafeDescriptor ring)
    {
        if (LibC.syscall(SYS_io_uring_register, ring.Value, IORING_REGISTER_ENABLE_RINGS, 0, 0, 0, 0) < 0)
            throw LinuxErrors.CreateException(Marshal.GetLastSystemError(), "io_uring_register(ENABLE_RINGS)");
    }

    private static int SetUp(IoUringSizes sizes, out IoUringParams parameters)
    {
        for (int attempt = 0; ; attempt++)
        {
            parameters = default;
            parameters.flags = NeededFlags;
            parameters.cq_entries = (uint)sizes.Completions;
            int errno;
            fixed (IoUringParams* pointer = &parameters)
            {
                nint descriptor = LibC.syscall(SYS_io_uring_setup, sizes.Submissions, (nint)pointer, 0, 0, 0, 0);
                if (descriptor >= 0)
                    return (int)descriptor;

                errno = Marshal.GetLastSystemError();
            }

            if (errno == Errno.EINTR)
                continue;
            if (errno != Errno.ENOMEM || attempt == s_backOffsMs.Length)
                throw CreateException(errno, "io_uring_setup");

            Thread.Sleep(s_backOffsMs[attempt]);
        }
    }

    /// <summary>A kernel can be built, or patched, without some operations.</summary>
    private static void ProbeOperations(int ring)
    {
        IoUringProbe probe = default;
        nint result = LibC.syscall(
            SYS_io_uring_register, ring, IORING_REGISTER_PROBE, (nint)(&probe), IoUringProbe.Capacity, 0, 0);
        if (result < 0)
            throw CreateException(Marshal.GetLastSystemError(), "io_uring_register");

        foreach ((byte code, string name) in s_neededOperations)
        {
            if ((probe.FlagsOf(code) & IO_URING_OP_SUPPORTED) == 0)
                throw new DriverUnavailableException($"the kernel's io_uring lacks {name}");
        }
    }

    /// <summary>A seccomp profile may allow the one call and deny the other. A ring that is disabled says EBADFD.</summary>
    private static void ProbeEnter(int ring)
    {
        if (LibC.syscall(SYS_io_uring_enter, ring, 0, 0, 0, 0, 0) >= 0)
            return;

        int errno = Marshal.GetLastSystemError();
        if (errno != Errno.EBADFD)
            throw CreateException(errno, "io_uring_enter");
    }

    private static Exception CreateException(int errno, string call) => errno switch
    {
        Errno.EPERM or Errno.EACCES => new DriverUnavailableException(ReasonOfDenial(call)),
        Errno.ENOSYS => new DriverUnavailableException(
            $"the system has no {call} (ENOSYS): the kernel is built without io_uring, or a sandbox hides it"),
        Errno.EINVAL => new DriverUnavailableException($"{call} does not know what it is asked for (EINVAL): the kernel is older than 6.1"),
        Errno.ENOMEM => new DriverUnavailableException(
            $"{call} gets no memory (ENOMEM): the limit of locked memory is too low for so many loops; raise it (ulimit -l, "
            + "LimitMEMLOCK= of systemd, --ulimit memlock of a container)"),
        _ => LinuxErrors.CreateException(errno, call),
    };

    private static string ReasonOfDenial(string call) => ReadDisabled() is { } value and not 0
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{call} is denied by sysctl kernel.io_uring_disabled={value}; set it to 0, or to 1 with the process in the group "
            + $"of kernel.io_uring_group")
        : $"{call} is denied (EPERM), by a seccomp profile as containers have it; allow io_uring_setup, io_uring_enter and "
            + "io_uring_register there";

    private static int? ReadDisabled()
    {
        try
        {
            return int.Parse(File.ReadAllText("/proc/sys/kernel/io_uring_disabled"), CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            // Kernels before 6.6 have no such switch.
            return null;
        }
    }
}
