using System.Net;
using System.Net.Sockets;
using IoPool.Net;

namespace IoPool.Benchmarks.Net;

/// <summary>The servers that are compared. Each serves until its process is ended.</summary>
internal static partial class EchoServers
{
    private const int BufferSize = 16_384;

    /// <summary>In the order of the table; the first .NET one is what the others are compared with.</summary>
    internal static readonly ServerUnderTest[] All =
    [
        new("IoPool io_uring", "iopool-uring"),
        new("IoPool epoll", "iopool-epoll"),
        new("IoPool portable", "iopool-portable"),
        new(".NET sockets, thread pool", "dotnet"),
        new(".NET sockets, inline", "dotnet") { InlineCompletions = true },
    ];

    internal static Task RunAsync(string name, int port) => name switch
    {
        "iopool-uring" => ServeAsync(DriverKind.IoUring, port),
        "iopool-epoll" => ServeAsync(DriverKind.Epoll, port),
        "iopool-portable" => ServeAsync(DriverKind.Portable, port),
        "dotnet" => ServeDotNetAsync(port),
        _ => throw new ArgumentException($"No server is called '{name}'.", nameof(name)),
    };

    private static async Task ServeAsync(DriverKind driver, int port)
    {
        await using var group = new EventLoopGroup(new EventLoopGroupOptions
        {
            LoopCount = 1,
            Driver = driver,
            // The load leaves its connections to the end of its process: resets, as the .NET server's tasks hide them too.
            UnhandledException = static (_, _) => { },
        });
        await using SocketServer server = group.Listen(new IPEndPoint(IPAddress.Loopback, port), EchoAsync);
        await server.Completion;
    }

    [Pinned]
    private static async partial ValueTask EchoAsync(SocketConnection connection)
    {
        var buffer = new byte[BufferSize];
        int count;
        while ((count = await connection.ReceiveAsync(buffer)) > 0)
            await connection.SendAsync(buffer.AsMemory(0, count));
    }

    private static async Task ServeDotNetAsync(int port)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(4_096);
        while (true)
        {
            Socket socket = await listener.AcceptAsync();
            socket.NoDelay = true;
            _ = EchoDotNetAsync(socket);
        }
    }

    private static async Task EchoDotNetAsync(Socket socket)
    {
        var buffer = new byte[BufferSize];
        using (socket)
        {
            int count;
            while ((count = await socket.ReceiveAsync(buffer.AsMemory(), SocketFlags.None)) > 0)
                await socket.SendAsync(buffer.AsMemory(0, count), SocketFlags.None);
        }
    }
}

/// <summary>One row of the table, and how its server is started.</summary>
internal sealed record ServerUnderTest(string Title, string Name)
{
    /// <summary>Continuations on .NET's own epoll thread, as its environment variable switches on.</summary>
    internal bool InlineCompletions { get; init; }
}
