using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace IoPool.Benchmarks.Net;

/// <summary>Which part of a server's behaviour a workload asks for.</summary>
internal enum ServerMode
{
    Echo,

    /// <summary>Without a buffer while it waits, where the server can.</summary>
    Idle,

    /// <summary>Each answer needs all loops.</summary>
    FanOut,
}

/// <summary>A row of the tables, and how its process is started.</summary>
/// <param name="Title">What readers see.</param>
/// <param name="Id">What options and files say.</param>
/// <param name="Command">The program and its arguments for a port, a number of loops and a mode; <see langword="null"/> when the server has no such mode.</param>
internal sealed record Server(string Title, string Id, Func<int, int, ServerMode, string[]?> Command)
{
    internal (string Name, string Value)? Environment { get; init; }

    internal bool IsDotNet { get; init; }

    /// <summary>Builds what the command needs; says why that cannot be done here.</summary>
    internal Func<string?>? Prepare { get; init; }
}

/// <summary>All servers, and the programs that have to be built for them.</summary>
internal static class Peers
{
    internal static readonly string Root = typeof(Peers).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static attribute => attribute.Key == "RepositoryRoot").Value!;

    private static readonly string s_output = Path.Combine(Root, "artifacts", "peers");

    internal static readonly string LoadGenerator = Path.Combine(s_output, "loadgen");

    /// <summary>In the order of the tables.</summary>
    internal static readonly Server[] All =
    [
        DotNet("IoPool io_uring", "iopool-io_uring", hasModes: true),
        DotNet("IoPool epoll", "iopool-epoll", hasModes: true),
        DotNet("IoPool portable", "iopool-portable", hasModes: true),
        new Server(".NET sockets, thread pool", "dotnet", static (port, loops, mode) => mode switch
        {
            ServerMode.Echo => Self("dotnet", port, loops),
            ServerMode.Idle => Self("dotnet-idle", port, loops),
            _ => null,
        })
        { IsDotNet = true },
        new Server(".NET sockets, inline", "dotnet-inline", static (port, loops, mode) => mode == ServerMode.FanOut ? null : Self("dotnet", port, loops))
        {
            IsDotNet = true,
            Environment = ("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1"),
        },
        DotNet("Kestrel, raw connections", "kestrel", hasModes: false),
        DotNet("IoPool io_uring, by leases", "iopool-io_uring-lease", hasModes: false),
        DotNet("IoPool epoll, by leases", "iopool-epoll-lease", hasModes: false),
        Native("C epoll", "c-epoll", "echo_epoll", static () => BuildC("echo_epoll", "-lpthread"), []),
        Native("C io_uring", "c-io_uring", "echo_uring", static () => BuildC("echo_uring", "-luring", "-lpthread"), []),
        Native("tokio, multi-thread", "tokio-mt", "cargo/release/tokio_echo", BuildTokio, ["mt"]),
        Native("tokio, current-thread per core", "tokio-pool", "cargo/release/tokio_echo", BuildTokio, ["pool"]),
    ];

    /// <summary>Why there can be no load; <see langword="null"/> when the generator is built.</summary>
    internal static string? BuildLoadGenerator() => BuildC("loadgen");

    private static Server DotNet(string title, string id, bool hasModes) => new(title, id, (port, loops, mode) => mode switch
    {
        ServerMode.Echo => Self(id, port, loops),
        ServerMode.Idle => Self(hasModes ? id + "-lease" : id, port, loops),
        _ => hasModes ? Self(id + "-fanout", port, loops) : null,
    })
    { IsDotNet = true };

    private static Server Native(string title, string id, string program, Func<string?> prepare, string[] arguments) =>
        new(title, id, (port, loops, mode) => mode == ServerMode.FanOut
            ? null
            : [Path.Combine(s_output, program), ToText(port), ToText(loops), .. arguments])
        { Prepare = prepare };

    private static string[] Self(string name, int port, int loops)
    {
        string[] arguments = ["--serve", name, ToText(port), ToText(loops)];
        // Started as "dotnet some.dll", the program is the first argument.
        return Path.GetFileNameWithoutExtension(System.Environment.ProcessPath) == "dotnet"
            ? [System.Environment.ProcessPath!, System.Environment.GetCommandLineArgs()[0], .. arguments]
            : [System.Environment.ProcessPath!, .. arguments];
    }

    private static string ToText(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string? BuildC(string name, params string[] libraries)
    {
        Directory.CreateDirectory(s_output);
        string source = Path.Combine(Root, "benchmarks", "peers", "c", name + ".c");
        return Build(null, "gcc", ["-O2", "-o", Path.Combine(s_output, name), source, .. libraries]);
    }

    private static string? BuildTokio() => Build(
        Path.Combine(Root, "benchmarks", "peers", "tokio_echo"),
        "cargo",
        ["build", "--release", "--offline", "--quiet", "--target-dir", Path.Combine(s_output, "cargo")]);

    private static string? Build(string? folder, string program, string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, WorkingDirectory = folder ?? "" };
            using Process build = Process.Start(start)!;
            string errors = build.StandardError.ReadToEnd();
            build.WaitForExit();
            if (build.ExitCode == 0)
                return null;

            string? first = errors.Split('\n').FirstOrDefault(static line => line.Contains("error", StringComparison.Ordinal));
            return $"{program} failed: {first ?? errors.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return $"{program} cannot be started: {exception.Message}";
        }
    }
}
