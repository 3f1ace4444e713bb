using System.Globalization;
using IoPool;

namespace EchoServer;

/// <summary>The command line.</summary>
internal sealed class SampleOptions
{
    internal const string Help =
        """
        EchoServer: an echo server on pinned event loops.

        Without --port and --unix it starts a server, drives it with a load client of its own over loopback sockets,
        prints what each loop did, and ends.

          --port N          serve on 127.0.0.1:N until SIGINT or SIGTERM; 0 lets the system choose the port
          --unix PATH       serve on a Unix domain socket
          --http            with --port or --unix: answer HTTP/1.1 (GET / is a greeting) instead of echoing
          --loops N         event loops, each on its own thread (default: one a processor)
          --driver NAME     io_uring, epoll, portable or auto (default: auto, the best that this machine can run)
          --affinity        bind each loop to a processor of its own
          --seconds S       how long to drive the server (default: 3), or to serve (default: until a signal)
          --connections C   connections of the load client (default: 64); when serving, the most at once (default: any)
          --size BYTES      bytes of one echo of the load client (default: 64)
          --help            this text

        Exit codes: 0 all went well, 1 something failed, 2 the command line makes no sense.
        """;

    private const int MaxSeconds = 30 * 24 * 3_600;

    internal bool ShowHelp { get; private set; }

    internal int? Port { get; private set; }

    internal string? UnixPath { get; private set; }

    internal bool Http { get; private set; }

    internal int? Loops { get; private set; }

    internal DriverKind Driver { get; private set; } = DriverKind.Auto;

    internal bool Affinity { get; private set; }

    internal int? Seconds { get; private set; }

    internal int? Connections { get; private set; }

    internal int? Size { get; private set; }

    internal bool Serves => Port is not null || UnixPath is not null;

    /// <exception cref="UsageException">The message is for the user.</exception>
    internal static SampleOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new SampleOptions();
        var reader = new ArgumentReader(arguments);
        while (reader.NextOption() is { } option)
            options.Take(option, reader);
        options.Check();
        return options;
    }

    internal EventLoopGroupOptions ToGroupOptions(string threadNamePrefix, TimeSpan drainTimeout)
    {
        var options = new EventLoopGroupOptions
        {
            ThreadNamePrefix = threadNamePrefix,
            Driver = Driver,
            Affinity = Affinity ? ProcessorAffinity.OneCorePerLoop : ProcessorAffinity.None,
            DrainTimeout = drainTimeout,
            UnhandledException = ExpectedFailures.ReportOthers,
        };
        if (Loops is { } loops)
            options.LoopCount = loops;
        return options;
    }

    private void Take(string option, ArgumentReader reader)
    {
        switch (option)
        {
            case "--help" or "-h":
                ShowHelp = true;
                break;
            case "--port":
                Port = reader.Number(0, ushort.MaxValue);
                break;
            case "--unix":
                UnixPath = reader.Text();
                break;
            case "--http":
                Http = true;
                break;
            case "--loops":
                Loops = reader.Number(1, EventLoopGroupOptions.MaxLoopCount);
                break;
            case "--driver":
                Driver = ParseDriver(reader.Text());
                break;
            case "--affinity":
                Affinity = true;
                break;
            case "--seconds":
                Seconds = reader.Number(1, MaxSeconds);
                break;
            case "--connections":
                Connections = reader.Number(1, 1_000_000);
                break;
            case "--size":
                Size = reader.Number(1, 1 << 26);
                break;
            default:
                throw new UsageException($"unknown option '{option}'");
        }
    }

    private void Check()
    {
        if (Port is not null && UnixPath is not null)
            throw new UsageException("--port and --unix exclude each other");
        if (Http && !Serves)
            throw new UsageException("--http needs --port or --unix: the built-in load client speaks echo only");
        if (Size is not null && Serves)
            throw new UsageException("--size is for the built-in load client, which --port and --unix leave out");
    }

    private static DriverKind ParseDriver(string name) => name.ToLowerInvariant() switch
    {
        "auto" => DriverKind.Auto,
        "io_uring" => DriverKind.IoUring,
        "epoll" => DriverKind.Epoll,
        "portable" => DriverKind.Portable,
        _ => throw new UsageException($"--driver must be io_uring, epoll, portable or auto, not '{name}'"),
    };

    /// <summary>Takes <c>--name value</c> and <c>--name=value</c>.</summary>
    private sealed class ArgumentReader(IReadOnlyList<string> arguments)
    {
        private int _next;
        private string _option = "";
        private string? _value;

        internal string? NextOption()
        {
            if (_value is not null)
                throw new UsageException($"{_option} takes no value");
            if (_next == arguments.Count)
                return null;

            string argument = arguments[_next++];
            int equals = argument.StartsWith('-') ? argument.IndexOf('=') : -1;
            (_option, _value) = equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
            return _option;
        }

        internal string Text()
        {
            string? value = _value;
            _value = null;
            if (value is null && _next < arguments.Count && !arguments[_next].StartsWith("--", StringComparison.Ordinal))
                value = arguments[_next++];
            return string.IsNullOrEmpty(value) ? throw new UsageException($"{_option} needs a value") : value;
        }

        internal int Number(int least, int most)
        {
            string text = Text();
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                && number >= least && number <= most
                ? number
                : throw new UsageException($"{_option} must be a whole number from {least} to {most}, not '{text}'");
        }
    }
}

/// <summary>The command line makes no sense; the message says how.</summary>
internal sealed class UsageException(string message) : Exception(message);
