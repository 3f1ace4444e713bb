namespace EchoServer.Load;

/// <summary>What clients saw of one server loop. Written by one client loop, and read when that has ended.</summary>
internal sealed class LoopFigures
{
    internal int Connections { get; set; }

    internal LatencyHistogram Latencies { get; } = new();

    /// <summary>Bytes that the server loop's thread allocated meanwhile.</summary>
    internal long AllocatedBytes { get; set; }

    internal void Add(LoopFigures other)
    {
        Connections += other.Connections;
        Latencies.Add(other.Latencies);
        AllocatedBytes += other.AllocatedBytes;
    }
}
