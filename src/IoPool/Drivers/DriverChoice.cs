using System.Runtime.InteropServices;
using IoPool.Diagnostics;
using IoPool.Drivers.Epoll;
using IoPool.Drivers.IoUring;
using IoPool.Drivers.Portable;

namespace IoPool.Drivers;

/// <summary>Which driver a group uses, and why.</summary>
internal static class DriverChoice
{
    internal const string EnvironmentVariable = "IOPOOL_DRIVER";

    // In the order of preference.
    private static readonly Candidate[] s_candidates =
    [
        new(DriverKind.IoUring, "io_uring", static options => new IoUringDriver(options.IoUringSizes)),
        new(DriverKind.Epoll, "epoll", static _ => RuntimeInformation.IsOSPlatform(OSPlatform.Linux)
            ? new EpollDriver()
            : throw new DriverUnavailableException("epoll exists on Linux only")),
        new(DriverKind.Portable, "portable", static _ => new PortableDriver()),
    ];

    private static int s_fallbackWritten;

    /// <summary>
    /// One driver a loop, all of one kind, not opened yet. What a driver needs of limited resources it has got by now: it
    /// is here that a group can still take another kind.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">The driver asked for cannot run on this machine.</exception>
    /// <exception cref="ArgumentException">The environment variable names no driver.</exception>
    internal static (IoDriver[] Drivers, string Description) CreateDrivers(EventLoopGroupOptions options)
    {
        DriverKind kind = options.Driver;
        string origin = $"{nameof(EventLoopGroupOptions)}.{nameof(options.Driver)} = {kind}";
        string? forced = Environment.GetEnvironmentVariable(EnvironmentVariable);
        if (!string.IsNullOrEmpty(forced))
            (kind, origin) = (Parse(forced), $"{EnvironmentVariable}={forced}");
        return kind == DriverKind.Auto ? CreateBest(options) : CreateForced(options, Find(kind), origin);
    }

    /// <summary>Why a driver cannot run here; <see langword="null"/> when it can.</summary>
    internal static string? WhyNot(DriverKind kind) => WhyNot(Find(kind));

    private static (IoDriver[] Drivers, string Description) CreateBest(EventLoopGroupOptions options)
    {
        var fallback = new List<string>();
        foreach (Candidate candidate in s_candidates)
        {
            try
            {
                IoDriver[] drivers = CreateAll(options, candidate);
                if (fallback.Count == 0)
                    return (drivers, candidate.Name);

                string reasons = string.Join("; ", fallback);
                // Where io_uring or epoll do not exist at all there is nothing to be said.
                if (OperatingSystem.IsLinux())
                    LogFallback(options, $"Using the {candidate.Name} driver. {reasons}.");
                return (drivers, $"{candidate.Name} ({reasons})");
            }
            catch (DriverUnavailableException exception)
            {
                fallback.Add($"{candidate.Name} cannot be used: {exception.Message}");
            }
        }

        throw new PlatformNotSupportedException("No I/O driver can run on this machine.");
    }

    private static (IoDriver[] Drivers, string Description) CreateForced(
        EventLoopGroupOptions options, Candidate candidate, string origin)
    {
        try
        {
            return (CreateAll(options, candidate), candidate.Name);
        }
        catch (DriverUnavailableException exception)
        {
            throw new PlatformNotSupportedException(
                $"The {candidate.Name} driver ({origin}) cannot run on this machine: {exception.Message}. It can run: {Runnable()}.",
                exception);
        }
    }

    private static IoDriver[] CreateAll(EventLoopGroupOptions options, Candidate candidate)
    {
        var drivers = new IoDriver[options.LoopCount];
        try
        {
            for (int i = 0; i < drivers.Length; i++)
                drivers[i] = candidate.Create(options);
            return drivers;
        }
        catch
        {
            foreach (IoDriver? driver in drivers)
                driver?.Dispose();
            throw;
        }
    }

    /// <summary>Each group that has a log of its own is told; standard error once.</summary>
    private static void LogFallback(EventLoopGroupOptions options, string message)
    {
        if (options.Log is not null || Interlocked.Exchange(ref s_fallbackWritten, 1) == 0)
            Log.Write(options, message);
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

    private static Candidate Find(DriverKind kind) => Array.Find(s_candidates, candidate => candidate.Kind == kind)!;

    private static string Runnable() =>
        string.Join(", ", from candidate in s_candidates where WhyNot(candidate) is null select candidate.Name);

    private static string? WhyNot(Candidate candidate)
    {
        try
        {
            candidate.Create(new EventLoopGroupOptions()).Dispose();
            return null;
        }
        catch (DriverUnavailableException exception)
        {
            return exception.Message;
        }
    }

    private sealed record Candidate(DriverKind Kind, string Name, Func<EventLoopGroupOptions, IoDriver> Create);
}
