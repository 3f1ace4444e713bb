using System.Diagnostics;
using System.Globalization;
using System.Net;
using EchoServer.Load;
using IoPool.Net;

namespace IoPool.Benchmarks.Net;

/// <summary>
/// The load: a closed loop. Every connection has a fixed number of messages under way and sends the next one when one
/// comes back, so that a slow server is asked less. Prints one line of figures.
/// </summary>
internal static partial class Load
{
    private const int MessageSize = 64;
    private const double WarmUpSeconds = 0.2;

    private static readonly LatencyHistogram s_latencies = new();
    private static bool s_measuring;
    private static bool s_stopped;

    internal static void Run(int port, int connections, int pipeline, double seconds, int serverProcess)
    {
        using var server = Process.GetProcessById(serverProcess);
        var group = new EventLoopGroup(new EventLoopGroupOptions { LoopCount = 1 });
        group.Run(async () =>
        {
            var endPoint = new IPEndPoint(IPAddress.Loopback, port);
            for (int i = 0; i < connections; i++)
            {
                SocketConnection connection = await SocketConnection.ConnectAsync(endPoint);
                group.Spawn(static state => DriveAsync(state.connection, state.pipeline), (connection, pipeline));
            }

            await EventLoop.Delay(TimeSpan.FromSeconds(WarmUpSeconds));
            s_measuring = true;
            TimeSpan serverBefore = ProcessorTime(server), ownBefore = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            await EventLoop.Delay(TimeSpan.FromSeconds(seconds));
            s_measuring = false;
            double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
            double serverSeconds = (ProcessorTime(server) - serverBefore).TotalSeconds;
            double ownSeconds = (Environment.CpuUsage.TotalTime - ownBefore).TotalSeconds;
            s_stopped = true;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{s_latencies.Count} {elapsed:F4} {serverSeconds:F4} {ownSeconds:F4} {s_latencies.Percentile(0.5) ?? 0} {s_latencies.Percentile(0.99) ?? 0}"));
        });
        // The connections end with the process; the server sees their resets between two measurements.
        Environment.Exit(0);
    }

    [Pinned]
    private static async partial ValueTask DriveAsync(SocketConnection connection, int pipeline)
    {
        var sentAt = new long[pipeline];
        var outgoing = new byte[MessageSize * pipeline];
        var incoming = new byte[16_384];
        Array.Fill(sentAt, Stopwatch.GetTimestamp());
        await connection.SendAsync(outgoing);
        int partial = 0, oldest = 0;
        while (!s_stopped)
        {
            int count = await connection.ReceiveAsync(incoming);
            if (count == 0)
                throw new InvalidOperationException("The server closed a connection.");

            long now = Stopwatch.GetTimestamp();
            partial += count;
            int messages = partial / MessageSize;
            partial %= MessageSize;
            for (int i = 0; i < messages; i++)
            {
                if (s_measuring)
                    s_latencies.Record(Stopwatch.GetElapsedTime(sentAt[oldest], now));
                sentAt[oldest] = now;
                oldest = oldest + 1 == pipeline ? 0 : oldest + 1;
            }

            if (messages > 0)
                await connection.SendAsync(outgoing.AsMemory(0, messages * MessageSize));
        }
    }

    private static TimeSpan ProcessorTime(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }
}
