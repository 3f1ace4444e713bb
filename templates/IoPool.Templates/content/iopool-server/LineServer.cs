using System.Text;
using IoPool;
using IoPool.Net;

/// <summary>Answers every line in capitals.</summary>
internal static partial class LineServer
{
    private const int MaxLineLength = 4096;

    // Pinned: from its first line to its last it runs on the loop that owns the connection. No lock is needed for what only
    // this loop touches, and nothing here may block: such work goes through Offload.RunAsync.
    [Pinned]
    public static async partial ValueTask HandleAsync(SocketConnection connection)
    {
        EventLoop loop = EventLoop.Current!;
        await connection.SendAsync(Encoding.UTF8.GetBytes($"Welcome to {loop.Name}. Say something.\n"));
        var buffer = new byte[MaxLineLength];
        int filled = 0;
        try
        {
            // A line longer than the buffer ends the conversation.
            while (filled < buffer.Length)
            {
                int received = await connection.ReceiveAsync(buffer.AsMemory(filled), loop.Group.ShutdownRequested);
                if (received == 0)
                    return;
                filled += received;

                int complete = buffer.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
                if (complete == 0)
                    continue;
                Answer(buffer.AsSpan(0, complete));
                await connection.SendAsync(buffer.AsMemory(0, complete));
                filled -= complete;
                buffer.AsSpan(complete, filled).CopyTo(buffer);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
            await connection.SendAsync("Goodbye.\n"u8.ToArray());
        }
    }

    private static void Answer(Span<byte> lines) => Ascii.ToUpperInPlace(lines, out _);
}
