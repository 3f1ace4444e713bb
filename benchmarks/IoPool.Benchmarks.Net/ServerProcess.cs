using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace IoPool.Benchmarks.Net;

/// <summary>What one run of the load generator said.</summary>
internal sealed record Sample(
    long Requests, double Seconds, double ServerUser, double ServerKernel, double Load, long P50, long P99, long P999)
{
    internal double ServerSeconds => ServerUser + ServerKernel;

    internal double PerServerSecond => Requests / Math.Max(ServerSeconds, 0.001);

    internal double PerSecond => Requests / Seconds;

    internal double ServerShare => ServerSeconds / Seconds;

    internal double LoadShare => Load / Seconds;

    internal double UserNs => ServerUser * 1e9 / Math.Max(1, Requests);

    internal double KernelNs => ServerKernel * 1e9 / Math.Max(1, Requests);

    /// <summary>Bytes that a .NET server allocated meanwhile, for each request.</summary>
    internal double? AllocatedPerRequest { get; init; }

    /// <summary>Private memory of the server for each idle connection.</summary>
    internal double? IdleBytes { get; init; }
}

/// <summary>A server in a process of its own, and the load on it.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly int _port;

    private ServerProcess(Server server, Process process, int port)
    {
        Server = server;
        _process = process;
        _port = port;
    }

    internal Server Server { get; }

    /// <exception cref="InvalidOperationException">It did not start; the message has what it said.</exception>
    internal static ServerProcess? Start(Server server, int loops, ServerMode mode, Processors processors)
    {
        int port = FindFreePort();
        if (server.Command(port, loops, mode) is not { } command)
            return null;

        // All the descriptors that the system allows; taskset and the shell replace themselves, so that the process id is the server's.
        ProcessStartInfo start = processors.OnServers(["sh", "-c", "ulimit -n $(ulimit -Hn); exec \"$0\" \"$@\"", .. command]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        if (server.Environment is { } variable)
            start.Environment[variable.Name] = variable.Value;
        Process process = Process.Start(start)!;
        for (int attempt = 0; attempt < 200 && !process.HasExited; attempt++)
        {
            try
            {
                using var probe = new TcpClient();
                probe.Connect(IPAddress.Loopback, port);
                process.ErrorDataReceived += static (_, _) => { };
                process.BeginErrorReadLine();
                return new ServerProcess(server, process, port);
            }
            catch (SocketException)
            {
                Thread.Sleep(50);
            }
        }

        process.Kill();
        string said = process.StandardError.ReadToEnd().Trim();
        process.Dispose();
        throw new InvalidOperationException(said.Length == 0 ? "it did not start" : said.Split('\n')[0]);
    }

    /// <summary>One run of the load.</summary>
    /// <exception cref="InvalidOperationException">The load failed; the message has what it said.</exception>
    internal Sample Measure(Workload workload, double seconds, Processors processors, double? rate = null)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        List<string> arguments =
        [
            Peers.LoadGenerator, "-p", _port.ToString(culture), "-c", workload.Connections.ToString(culture),
            "-P", workload.Pipeline.ToString(culture), "-m", workload.MessageSize.ToString(culture),
            "-d", seconds.ToString(culture), "-w", "0.1", "-s", _process.Id.ToString(culture),
        ];
        if (workload.IsChurn)
            arguments.AddRange(["-k", "1"]);
        if (workload.Idle != 0)
            arguments.AddRange(["-i", workload.Idle.ToString(culture)]);
        if (rate is { } perSecond)
            arguments.AddRange(["-r", perSecond.ToString(culture)]);

        long allocatedBefore = ReadAllocated(collect: workload.Idle != 0), memoryBefore = workload.Idle != 0 ? ReadPrivateBytes() : 0;
        double? idleBytes = null;
        ProcessStartInfo start = processors.OnLoad([.. arguments]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using Process load = Process.Start(start)!;
        if (workload.Idle != 0 && load.StandardOutput.ReadLine() == "idle")
        {
            ReadAllocated(collect: true);
            idleBytes = (ReadPrivateBytes() - memoryBefore) / (double)(workload.Idle + workload.Connections);
            load.StandardInput.WriteLine();
        }

        string output = load.StandardOutput.ReadToEnd(), errors = load.StandardError.ReadToEnd();
        load.WaitForExit();
        if (load.ExitCode != 0)
            throw new InvalidOperationException($"the load failed: {errors.Trim()}");

        Sample sample = JsonSerializer.Deserialize<Sample>(output, Json.Options)!;
        // The server's warm-up and the load's connecting are in it too: of interest is whether it is nothing or something.
        double? allocated = Server.IsDotNet
            ? (ReadAllocated(collect: false) - allocatedBefore) / (double)Math.Max(1, sample.Requests)
            : null;
        return sample with { AllocatedPerRequest = allocated, IdleBytes = idleBytes };
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private long ReadAllocated(bool collect)
    {
        if (!Server.IsDotNet)
            return 0;

        _process.StandardInput.WriteLine(collect ? "gc" : "");
        return long.Parse(_process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
    }

    private long ReadPrivateBytes() => File.ReadLines($"/proc/{_process.Id}/smaps_rollup")
        .Where(static line => line.StartsWith("Private_", StringComparison.Ordinal))
        .Sum(static line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1_024);

    private static int FindFreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

/// <summary>Which processors are the server's and which the load's: never the same.</summary>
internal sealed record Processors(string Servers, string Load)
{
    internal static Processors For(int loops) => Environment.ProcessorCount > loops
        ? new Processors(string.Join(',', Enumerable.Range(0, loops)), (Environment.ProcessorCount - 1).ToString(CultureInfo.InvariantCulture))
        // Too few: the loops share what the load leaves.
        : new Processors($"0-{Math.Max(0, Environment.ProcessorCount - 2)}", (Environment.ProcessorCount - 1).ToString(CultureInfo.InvariantCulture));

    internal ProcessStartInfo OnServers(string[] command) => Start(Servers, command);

    internal ProcessStartInfo OnLoad(string[] command) => Start(Load, command);

    private static ProcessStartInfo Start(string processors, string[] command) => new("taskset", ["-c", processors, .. command]);
}
