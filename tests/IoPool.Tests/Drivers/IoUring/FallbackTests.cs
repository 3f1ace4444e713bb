using System.Globalization;
using IoPool.Interop;
using IoPool.Tests.Support;

namespace IoPool.Tests.Drivers.IoUring;

/// <summary>What happens where the kernel does not give io_uring. The kernel is made to refuse, in processes of their own.</summary>
public sealed class FallbackTests
{
    private const int Setup = IoUringConstants.SYS_io_uring_setup;
    private const int Enter = IoUringConstants.SYS_io_uring_enter;
    private const int Register = IoUringConstants.SYS_io_uring_register;

    public static TheoryData<int, int?, int, string> Denials => new()
    {
        { Setup, null, Errno.EPERM, "seccomp" },
        { Setup, null, Errno.EACCES, "seccomp" },
        { Setup, null, Errno.ENOSYS, "ENOSYS" },
        { Setup, null, Errno.EINVAL, "older than 6.1" },
        { Setup, null, Errno.ENOMEM, "ulimit -l" },
        { Register, null, Errno.EPERM, "seccomp" },
        { Register, IoUringConstants.IORING_REGISTER_PROBE, Errno.EINVAL, "older than 6.1" },
        { Enter, null, Errno.EPERM, "seccomp" },
        { Enter, null, Errno.ENOSYS, "ENOSYS" },
    };

    [SkippableTheory, MemberData(nameof(Denials))]
    public async Task Auto_WhereACallIsDenied_TakesEpollAndSaysWhyInOneLine(int call, int? argument, int errno, string why)
    {
        string output = await RunDeniedAsync(DriverKind.Auto, call, argument, errno);
        Assert.StartsWith("driver: epoll (io_uring cannot be used: ", output);
        string log = Assert.Single(output.Split('\n'), line => line.StartsWith("log: ", StringComparison.Ordinal));
        Assert.Contains("Using the epoll driver", log);
        Assert.Contains(why, log);
        Assert.Contains(ChildProcess.Survived, output);
    }

    [SkippableTheory, MemberData(nameof(Denials))]
    public async Task IoUring_WhereACallIsDenied_FailsWithTheReasonAndWhatCanRun(int call, int? argument, int errno, string why)
    {
        string output = await RunDeniedAsync(DriverKind.IoUring, call, argument, errno);
        Assert.StartsWith("failure: The io_uring driver (EventLoopGroupOptions.Driver = IoUring) cannot run", output);
        Assert.Contains(why, output);
        Assert.Contains("It can run: epoll, portable.", output);
    }

    [SkippableFact]
    public async Task Auto_WhenLockedMemoryIsEnoughForSomeLoopsOnly_TakesEpollForAll()
    {
        SkipWithoutIoUring();
        string output = await ChildProcess.RunAsync("locked-memory", DriverKind.Auto, null, "1000000");
        Assert.StartsWith("driver: epoll (io_uring cannot be used: ", output);
        Assert.Contains("locked memory", output);
        Assert.Contains(ChildProcess.Survived, output);
    }

    [SkippableFact]
    public async Task IoUring_WithinTheLimitOfLockedMemory_Runs()
    {
        SkipWithoutIoUring();
        // The limit goes for all processes of that user.
        string output = await ChildProcess.RunAsync("locked-memory", DriverKind.IoUring, null, "8388608");
        Assert.StartsWith("driver: io_uring", output);
        Assert.Contains(ChildProcess.Survived, output);
    }

    private static Task<string> RunDeniedAsync(DriverKind driver, int call, int? argument, int errno)
    {
        SkipWithoutIoUring();
        return ChildProcess.RunAsync(
            "denied-call", driver, null, ToText(call), argument is { } value ? ToText(value) : "", ToText(errno));
    }

    private static void SkipWithoutIoUring()
    {
        string? reason = IoPool.Drivers.DriverChoice.WhyNot(DriverKind.IoUring);
        Skip.If(reason is not null, reason);
    }

    private static string ToText(int value) => value.ToString(CultureInfo.InvariantCulture);
}
