using System.Buffers;
using System.Net;
using System.Net.Sockets;
using IoPool.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace IoPool.Benchmarks.Net;

/// <summary>
/// The servers that run on .NET. Each serves until its process is ended, and answers every line on standard input with the bytes
/// that it has allocated so far ("gc" collects first).
/// </summary>
internal static partial class DotNetServers
{
    private const int BufferSize = 16_384;

    internal static async Task<int> RunAsync(string name, int port, int loops)
    {
        Task serving = name switch
        {
            "iopool-io_uring" => ServeAsync(DriverKind.IoUring, port, loops, EchoAsync),
            "iopool-epoll" => ServeAsync(DriverKind.Epoll, port, loops, EchoAsync),
            "iopool-portable" => ServeAsync(DriverKind.Portable, port, loops, EchoAsync),
            "iopool-io_uring-lease" => ServeAsync(DriverKind.IoUring, port, loops, EchoLeaseAsync),
            "iopool-epoll-lease" => ServeAsync(DriverKind.Epoll, port, loops, EchoLeaseAsync),
            "iopool-portable-lease" => ServeAsync(DriverKind.Portable, port, loops, EchoLeaseAsync),
            "iopool-io_uring-fanout" => ServeAsync(DriverKind.IoUring, port, loops, EchoByAllLoopsAsync),
            "iopool-epoll-fanout" => ServeAsync(DriverKind.Epoll, port, loops, EchoByAllLoopsAsync),
            "iopool-portable-fanout" => ServeAsync(DriverKind.Portable, port, loops, EchoByAllLoopsAsync),
            "dotnet" => ServeSocketsAsync(port, static socket => EchoSocketAsync(socket)),
            "dotnet-idle" => ServeSocketsAsync(port, static socket => EchoSocketWithoutBufferAsync(socket)),
            "kestrel" => ServeKestrelAsync(port),
            _ => throw new ArgumentException($"No server is called '{name}'.", nameof(name)),
        };
        // Not on the pool: on one processor it has one thread, which the reading would block.
        new Thread(Answer) { IsBackground = true }.Start();
        await serving;
        return 0;
    }

    private static void Answer()
    {
        while (Console.In.ReadLine() is { } line)
        {
            if (line == "gc")
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            Console.WriteLine(GC.GetTotalAllocatedBytes());
        }
    }

    private static async Task ServeAsync(DriverKind driver, int port, int loops, Func<SocketConnection, ValueTask> handler)
    {
        await using var group = new EventLoopGroup(new EventLoopGroupOptions
        {
            LoopCount = loops,
            Driver = driver,
            // The load leaves its connections to the end of its process: resets, as the other servers hide them too.
            UnhandledException = static (_, _) => { },
        });
        await using SocketServer server = group.Listen(
            new IPEndPoint(IPAddress.Loopback, port), handler, new SocketListenerOptions { Backlog = 4_096 });
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

    /// <summary>A connection that waits holds no buffer.</summary>
    [Pinned]
    private static async partial ValueTask EchoLeaseAsync(SocketConnection connection)
    {
        while (true)
        {
            using ReceiveLease lease = await connection.ReceiveLeaseAsync();
            if (lease.Length == 0)
                return;

            await connection.SendAsync(lease.Memory);
        }
    }

    /// <summary>Every loop has a part in every answer: all are asked at once, and all are awaited.</summary>
    [Pinned]
    private static async partial ValueTask EchoByAllLoopsAsync(SocketConnection connection)
    {
        EventLoopGroup group = connection.Loop.Group;
        var parts = new ValueTask[group.Count];
        var buffer = new byte[BufferSize];
        int count;
        while ((count = await connection.ReceiveAsync(buffer)) > 0)
        {
            for (int i = 0; i < parts.Length; i++)
            {
#pragma warning disable IOP3003 // Each is awaited once, by the loop that follows.
                parts[i] = group[i].RunAsync(static () => default(ValueTask));
#pragma warning restore IOP3003
            }

            for (int i = 0; i < parts.Length; i++)
                await parts[i];
            await connection.SendAsync(buffer.AsMemory(0, count));
        }
    }

    private static async Task ServeSocketsAsync(int port, Func<Socket, Task> handler)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(4_096);
        while (true)
        {
            Socket socket = await listener.AcceptAsync();
            socket.NoDelay = true;
            _ = handler(socket);
        }
    }

    private static async Task EchoSocketAsync(Socket socket)
    {
        var buffer = new byte[BufferSize];
        using (socket)
        {
            int count;
            while ((count = await socket.ReceiveAsync(buffer.AsMemory(), SocketFlags.None)) > 0)
                await SendAllAsync(socket, buffer.AsMemory(0, count));
        }
    }

    private static async Task EchoSocketWithoutBufferAsync(Socket socket)
    {
        using (socket)
        {
            while (true)
            {
                await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);
                byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
                int count = await socket.ReceiveAsync(buffer.AsMemory(), SocketFlags.None);
                if (count == 0)
                    return;

                await SendAllAsync(socket, buffer.AsMemory(0, count));
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private static async ValueTask SendAllAsync(Socket socket, ReadOnlyMemory<byte> data)
    {
        while (!data.IsEmpty)
            data = data[await socket.SendAsync(data, SocketFlags.None)..];
    }

    private static async Task ServeKestrelAsync(int port)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(
            options => options.Listen(IPAddress.Loopback, port, static listen => listen.UseConnectionHandler<KestrelEcho>()));
        await using WebApplication app = builder.Build();
        await app.RunAsync();
    }

    private sealed class KestrelEcho : ConnectionHandler
    {
        public override async Task OnConnectedAsync(ConnectionContext connection)
        {
            while (true)
            {
                System.IO.Pipelines.ReadResult read = await connection.Transport.Input.ReadAsync();
                foreach (ReadOnlyMemory<byte> segment in read.Buffer)
                    connection.Transport.Output.Write(segment.Span);
                connection.Transport.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return;

                await connection.Transport.Output.FlushAsync();
            }
        }
    }
}
