using System.Runtime.InteropServices;
using IoPool.Drivers.Epoll;
using IoPool.Drivers.IoUring;
using IoPool.Drivers.Portable;

namespace IoPool.Drivers;

/// <summary>Which driver a group uses, and why.</summary>
internal sealed class DriverChoice
{
    internal const string EnvironmentVariable = "IOPOOL_DRIVER";

    // In the order of preference. Auto does not take io_uring yet: its hazards (locked memory that runs out at the
    // hundredth loop, overflowing completion queues) have no tests so far.
    private static readonly Candidate[] s_candidates =
    [
        new(DriverKind.IoUring, "io_uring", IoUringDriver.Probe, static () => new IoUringDriver()),
        new(DriverKind.Epoll, "epoll", ProbeEpoll, static () => new EpollDriver()),
        new(DriverKind.Portable, "portable", static () => null, static () => new PortableDriver()),
    ];

    private readonly Candidate _candidate;

    private DriverChoice(Candidate candidate, string description)
    {
        _candidate = candidate;
        Description = description;
    }

    internal DriverKind Kind => _candidate.Kind;

    internal string Description { get; }

    internal IoDriver CreateDriver() => _candidate.Create();

    /// <summary>Why a driver cannot run here; <see langword="null"/> when it can.</summary>
    internal static string? WhyNot(DriverKind kind) => Find(kind).WhyNot();

    /// <exception cref="PlatformNotSupportedException">The driver asked for cannot run on this machine.</exception>
    /// <exception cref="ArgumentException">The environment variable names no driver.</exception>
    internal static DriverChoice For(EventLoopGroupOptions options)
    {
        string? forced = Environment.GetEnvironmentVariable(EnvironmentVariable);
        if (!string.IsNullOrEmpty(forced))
            return Forced(Parse(forced), $"{EnvironmentVariable}={forced}");

        return options.Driver == DriverKind.Auto
            ? Best()
            : Forced(options.Driver, $"{nameof(EventLoopGroupOptions)}.{nameof(options.Driver)} = {options.Driver}");
    }

    private static DriverKind Parse(string name)
    {
        if (name.Equals("auto", StringComparison.OrdinalIgnoreCase))
            return DriverKind.Auto;

        foreach (Candidate candidate in s_candidates)
        {
            if (name.Equals(candidate.Name, StringComparison.OrdinalIgnoreCase))
                return candidate.Kind;
        }

        throw new ArgumentException(
            $"The environment variable {EnvironmentVariable} names no driver: '{name}'. This machine can run: {Runnable()}.",
            EnvironmentVariable);
    }

    private static DriverChoice Best()
    {
        foreach (Candidate candidate in s_candidates)
        {
            if (candidate.Kind != DriverKind.IoUring && candidate.WhyNot() is null)
                return new DriverChoice(candidate, candidate.Name);
        }

        throw new PlatformNotSupportedException("No I/O driver can run on this machine.");
    }

    private static DriverChoice Forced(DriverKind kind, string origin)
    {
        if (kind == DriverKind.Auto)
            return Best();

        Candidate candidate = Find(kind);
        return candidate.WhyNot() is { } reason
            ? throw new PlatformNotSupportedException(
                $"The {candidate.Name} driver ({origin}) cannot run on this machine: {reason}. It can run: {Runnable()}.")
            : new DriverChoice(candidate, candidate.Name);
    }

    private static Candidate Find(DriverKind kind) => Array.Find(s_candidates, candidate => candidate.Kind == kind)!;

    private static string Runnable() =>
        string.Join(", ", from candidate in s_candidates where candidate.WhyNot() is null select candidate.Name);

    private static string? ProbeEpoll() =>
        RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? null : "epoll exists on Linux only";

    private sealed record Candidate(DriverKind Kind, string Name, Func<string?> WhyNot, Func<IoDriver> Create);
}
