using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace IoPool.Benchmarks.Net;

/// <summary>Runs every server in turn, in interleaved rounds, and prints the medians.</summary>
internal static class Comparison
{
    private static readonly string s_usage =
        "Usage: IoPool.Benchmarks.Net [--rounds 7] [--seconds 0.6] [--connections 64] [--pipelines 1,16] [--markdown FILE]";

    internal static int Run(string[] args)
    {
        if (!TryParse(args, out Settings settings))
        {
            Console.Error.WriteLine(s_usage);
            return 2;
        }

        if (!OperatingSystem.IsLinux() || Environment.ProcessorCount < 2 || !File.Exists("/usr/bin/taskset"))
        {
            Console.Error.WriteLine("This needs Linux, two processors (one for the server, one for the load) and taskset.");
            return 1;
        }

        var running = new List<RunningServer>();
        try
        {
            foreach (ServerUnderTest server in EchoServers.All)
                running.Add(RunningServer.Start(server));
            var table = new ResultTable(settings);
            foreach (int pipeline in settings.Pipelines)
                Measure(running, settings, pipeline, table);
            string text = table.ToMarkdown();
            Console.WriteLine(text);
            if (settings.MarkdownFile is { } file)
                File.WriteAllText(file, text);
            return 0;
        }
        finally
        {
            running.ForEach(static server => server.Dispose());
        }
    }

    private static void Measure(List<RunningServer> servers, Settings settings, int pipeline, ResultTable table)
    {
        // Once each for the just-in-time compiler, not counted.
        foreach (RunningServer server in servers)
            server.Measure(settings.Connections, pipeline, Math.Max(1, settings.Seconds));
        for (int round = 0; round < settings.Rounds; round++)
        {
            // There and back, so that a drift of the machine meets all alike.
            IEnumerable<RunningServer> order = round % 2 == 0 ? servers : servers.AsEnumerable().Reverse();
            foreach (RunningServer server in order)
                table.Add(pipeline, server.Server, round, server.Measure(settings.Connections, pipeline, settings.Seconds));
            Console.Error.WriteLine($"pipeline {pipeline}: round {round + 1} of {settings.Rounds}");
        }
    }

    private static bool TryParse(string[] args, out Settings settings)
    {
        settings = new Settings(7, 0.6, 64, [1, 16], null);
        for (int i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length)
                return false;

            string value = args[i + 1];
            bool valid = true;
            switch (args[i])
            {
                case "--rounds":
                    valid = int.TryParse(value, out int rounds) && rounds > 0;
                    settings = settings with { Rounds = rounds };
                    break;
                case "--seconds":
                    valid = double.TryParse(value, CultureInfo.InvariantCulture, out double seconds) && seconds > 0;
                    settings = settings with { Seconds = seconds };
                    break;
                case "--connections":
                    valid = int.TryParse(value, out int connections) && connections > 0;
                    settings = settings with { Connections = connections };
                    break;
                case "--pipelines":
                    int[] pipelines = [.. value.Split(',').Select(static part => int.TryParse(part, out int p) ? p : 0)];
                    valid = pipelines.All(static p => p is > 0 and <= 200);
                    settings = settings with { Pipelines = pipelines };
                    break;
                case "--markdown":
                    settings = settings with { MarkdownFile = value };
                    break;
                default:
                    valid = false;
                    break;
            }

            if (!valid)
                return false;
        }

        return true;
    }
}

/// <summary>What to measure.</summary>
internal sealed record Settings(int Rounds, double Seconds, int Connections, int[] Pipelines, string? MarkdownFile);

/// <summary>One measurement.</summary>
internal readonly record struct Figures(long Requests, double Seconds, double ServerSeconds, double LoadSeconds, long P50Ns, long P99Ns)
{
    internal double PerServerSecond => Requests / Math.Max(ServerSeconds, 0.01);

    internal double PerSecond => Requests / Seconds;

    internal double ServerShare => ServerSeconds / Seconds;

    internal double LoadShare => LoadSeconds / Seconds;
}

/// <summary>A server process on processor 0, measured by load processes on processor 1.</summary>
internal sealed class RunningServer : IDisposable
{
    private readonly Process _process;
    private readonly int _port;

    private RunningServer(ServerUnderTest server, Process process, int port)
    {
        Server = server;
        _process = process;
        _port = port;
    }

    internal ServerUnderTest Server { get; }

    internal static RunningServer Start(ServerUnderTest server)
    {
        int port = FindFreePort();
        ProcessStartInfo start = OnProcessor(0, "--serve", server.Name, port.ToString(CultureInfo.InvariantCulture));
        if (server.InlineCompletions)
            start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        Process process = Process.Start(start)!;
        for (int attempt = 0; attempt < 200 && !process.HasExited; attempt++)
        {
            try
            {
                using var probe = new TcpClient();
                probe.Connect(IPAddress.Loopback, port);
                return new RunningServer(server, process, port);
            }
            catch (SocketException)
            {
                Thread.Sleep(50);
            }
        }

        throw new InvalidOperationException($"The server '{server.Title}' did not start.");
    }

    internal Figures Measure(int connections, int pipeline, double seconds)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        ProcessStartInfo start = OnProcessor(
            1, "--load", _port.ToString(culture), connections.ToString(culture), pipeline.ToString(culture),
            seconds.ToString(culture), _process.Id.ToString(culture));
        start.RedirectStandardOutput = true;
        using Process load = Process.Start(start)!;
        string[] parts = load.StandardOutput.ReadToEnd().Trim().Split(' ');
        load.WaitForExit();
        if (load.ExitCode != 0 || parts.Length != 6)
            throw new InvalidOperationException($"The load on '{Server.Title}' failed.");

        return new Figures(
            long.Parse(parts[0], culture), double.Parse(parts[1], culture), double.Parse(parts[2], culture),
            double.Parse(parts[3], culture), long.Parse(parts[4], culture), long.Parse(parts[5], culture));
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    // taskset replaces itself by the program, so that the process id is the server's.
    private static ProcessStartInfo OnProcessor(int processor, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/taskset")
        {
            ArgumentList = { "-c", processor.ToString(CultureInfo.InvariantCulture), Environment.ProcessPath! },
        };
        // Started as "dotnet some.dll", the program is the first argument.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }

    private static int FindFreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

/// <summary>Collects the figures and writes the table.</summary>
internal sealed class ResultTable(Settings settings)
{
    private readonly Dictionary<(int Pipeline, ServerUnderTest Server), Figures[]> _figures = [];

    internal void Add(int pipeline, ServerUnderTest server, int round, Figures figures)
    {
        if (!_figures.TryGetValue((pipeline, server), out Figures[]? rounds))
            _figures[(pipeline, server)] = rounds = new Figures[settings.Rounds];
        rounds[round] = figures;
    }

    internal string ToMarkdown()
    {
        ServerUnderTest baseline = EchoServers.All.First(static server => server.Name == "dotnet");
        var text = new StringWriter(CultureInfo.InvariantCulture);
        foreach (int pipeline in settings.Pipelines)
        {
            text.WriteLine($"64-byte echo, {settings.Connections} connections, {pipeline} under way on each:");
            text.WriteLine();
            text.WriteLine("| Server, on one core | Requests per server CPU-second | Against the thread pool | Quartiles | p50 us | p99 us | Server busy |");
            text.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
            foreach (ServerUnderTest server in EchoServers.All)
                text.WriteLine(Row(server, _figures[(pipeline, server)], _figures[(pipeline, baseline)]));
            text.WriteLine();
        }

        text.WriteLine($"Medians of {settings.Rounds} interleaved rounds of {settings.Seconds} s; closed loop; server and load on a core each of a "
            + $"{Environment.ProcessorCount}-core machine; Linux {Environment.OSVersion.Version}, .NET {Environment.Version}, {RuntimeInformation.ProcessArchitecture}. "
            + "`*`: under 90 % busy, so that requests and latencies are the load's limit rather than the server's.");
        return text.ToString();
    }

    private static string Row(ServerUnderTest server, Figures[] figures, Figures[] baseline)
    {
        double[] ratios = [.. figures.Zip(baseline, static (own, other) => own.PerServerSecond / other.PerServerSecond).Order()];
        double share = Median(figures, static f => f.ServerShare);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {server.Title} | {Median(figures, static f => f.PerServerSecond):N0} | {ratios[ratios.Length / 2]:F2} | "
            + $"{ratios[ratios.Length / 4]:F2} to {ratios[ratios.Length * 3 / 4]:F2} | {Median(figures, static f => f.P50Ns / 1e3):N0} | "
            + $"{Median(figures, static f => f.P99Ns / 1e3):N0} | {share:P0}{(share < 0.9 ? " *" : "")} |");
    }

    private static double Median(Figures[] figures, Func<Figures, double> of)
    {
        double[] values = [.. figures.Select(of).Order()];
        return values[values.Length / 2];
    }
}
