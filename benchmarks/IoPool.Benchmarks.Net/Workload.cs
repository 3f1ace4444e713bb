namespace IoPool.Benchmarks.Net;

/// <summary>What the load does.</summary>
internal sealed record Workload(string Title, string Id, int Connections, int Pipeline)
{
    internal int MessageSize { get; init; } = 64;

    internal int Loops { get; init; } = 1;

    /// <summary>A new connection for every message.</summary>
    internal bool IsChurn { get; init; }

    /// <summary>Further connections that do nothing.</summary>
    internal int Idle { get; init; }

    internal ServerMode Mode { get; init; }

    /// <summary>A fixed rate, this share of what .NET's sockets on the thread pool reach; else a closed loop.</summary>
    internal double? RateShare { get; init; }

    internal static readonly Workload[] All =
    [
        .. from pipeline in (int[])[1, 16]
           from connections in (int[])[1, 64, 256, 1_024]
           select new Workload($"64-byte echo, {connections} connections, {pipeline} under way on each", $"echo-{connections}-{pipeline}", connections, pipeline),
        new("16 KiB echo, 64 connections", "large-64", 64, 1) { MessageSize = 16_384 },
        new("Connection churn: connect, one echo, close; 64 at a time", "churn", 64, 1) { IsChurn = true },
        new("64 active connections among 10,000 idle ones (one round)", "idle-crowd", 64, 1) { Idle = 10_000, Mode = ServerMode.Idle },
        new("Two loops, 64 connections", "two-loops", 64, 1) { Loops = 2 },
        new("Two loops, each has a part in every answer, 64 connections", "fan-out", 64, 1) { Loops = 2, Mode = ServerMode.FanOut },
        new("Fixed rate, half of what the thread pool reaches, 64 connections", "fixed-rate", 64, 1) { RateShare = 0.5 },
    ];
}
