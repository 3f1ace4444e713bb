using System.Diagnostics;
using IoPool;
using IoPool.Net;

namespace EchoServer.Http;

/// <summary>One HTTP connection: requests in, answers out, as many at a time as there are.</summary>
[LoopOwned]
internal sealed partial class HttpSession(SocketConnection connection)
{
    /// <summary>The largest head that is read; what is larger is answered with 431.</summary>
    internal const int MaxHeadSize = 8_192;

    private const int OutputSize = 4_096;
    private const int MaxUnreadBytes = 1 << 20;

    private static readonly TimeSpan s_unreadTime = TimeSpan.FromSeconds(1);

    private readonly byte[] _input = new byte[MaxHeadSize];
    private readonly byte[] _output = new byte[OutputSize];
    private int _start;
    private int _end;
    private int _outputLength;
    private bool _closing;
    private bool _receiving;

    internal bool IsDraining { get; private set; }

    /// <summary>Finishes what has begun: the request under way is the last one, and an idle connection closes now.</summary>
    internal void BeginDrain()
    {
        IsDraining = true;
        if (_receiving && _start == _end)
            _ = connection.DisposeAsync();
    }

    [Pinned]
    internal async partial ValueTask ServeAsync()
    {
        while (!_closing && await ReceiveAsync())
        {
            while (AnswerUntilFull())
                await FlushAsync();
            await FlushAsync();
        }

        // The peer has ended in the middle of a request.
        if (!_closing && _start < _end)
        {
            Write(HttpRequest.Refuse(HttpStatus.BadRequest), keepAlive: false);
            await FlushAsync();
        }

        await CloseAsync();
    }

    [Pinned]
    private async partial ValueTask<bool> ReceiveAsync()
    {
        // A head that began behind others gets the whole buffer.
        _input.AsSpan(_start, _end - _start).CopyTo(_input);
        _end -= _start;
        _start = 0;
        _receiving = true;
        int count = await connection.ReceiveAsync(_input.AsMemory(_end));
        _receiving = false;
        _end += count;
        return count > 0;
    }

    [Pinned]
    private async partial ValueTask FlushAsync()
    {
        if (_outputLength > 0)
            await connection.SendAsync(_output.AsMemory(0, _outputLength));
        _outputLength = 0;
    }

    /// <summary>
    /// Closing with unread bytes resets the connection, and the peer might lose the answer: this ends our side, then reads
    /// on until the peer has ended its own, within limits.
    /// </summary>
    [Pinned]
    private async partial ValueTask CloseAsync()
    {
        connection.ShutdownSend();
        connection.ReceiveTimeout = s_unreadTime;
        long begin = Stopwatch.GetTimestamp();
        try
        {
            int count = 1;
            for (int unread = 0; count > 0 && unread < MaxUnreadBytes; unread += count)
            {
                if (Stopwatch.GetElapsedTime(begin) > s_unreadTime)
                    break;
                count = await connection.ReceiveAsync(_input);
            }
        }
        catch (TimeoutException)
        {
            // It has had its time.
        }
    }

    /// <summary>Answers whole requests of the input: to the last of them (false), or as many as the output holds (true).</summary>
    private bool AnswerUntilFull()
    {
        while (!_closing && _start < _end)
        {
            HttpRequest request = HttpParser.Parse(_input.AsSpan(_start, _end - _start));
            if (request.Verdict == HttpVerdict.Incomplete && _end - _start == MaxHeadSize)
                request = HttpRequest.Refuse(HttpStatus.HeaderFieldsTooLarge);
            if (request.Verdict == HttpVerdict.Incomplete)
                return false;
            if (!Write(request, request.KeepAlive && !IsDraining))
                return true;
        }

        return false;
    }

    private bool Write(HttpRequest request, bool keepAlive)
    {
        ReadOnlySpan<byte> answer = HttpResponses.Get(request.Status, keepAlive, request.IsHead);
        if (!answer.TryCopyTo(_output.AsSpan(_outputLength)))
            return false;

        _outputLength += answer.Length;
        _start += request.Length;
        _closing = !keepAlive;
        return true;
    }
}
