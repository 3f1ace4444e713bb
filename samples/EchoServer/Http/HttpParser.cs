using System.Buffers;
using System.Text;

namespace EchoServer.Http;

/// <summary>
/// Parses the head of an HTTP/1.x request. It keeps no state: a head that has not arrived whole is parsed again with
/// more bytes, which is cheap at the size that a head may have, and makes packet borders invisible.
/// </summary>
/// <remarks>Strict on purpose, as RFC 9112 advises: what two parsers may read differently is refused.</remarks>
internal static class HttpParser
{
    private static readonly SearchValues<byte> s_tokenBytes = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> s_visibleBytes =
        SearchValues.Create([.. Enumerable.Range(0x21, 0x7E - 0x21 + 1).Select(value => (byte)value)]);

    internal static HttpRequest Parse(ReadOnlySpan<byte> data)
    {
        // One empty line before a request is forgiven (RFC 9112, 2.2).
        int position = data.StartsWith("\r\n"u8) ? 2 : 0;
        if (!TryTakeLine(data, ref position, out ReadOnlySpan<byte> line, out bool broken))
            return broken || IsNoRequestLine(data[position..]) ? HttpRequest.Refuse(HttpStatus.BadRequest) : HttpRequest.Incomplete;

        var head = new Head();
        HttpStatus status = head.TakeRequestLine(line);
        while (status == HttpStatus.Ok)
        {
            if (!TryTakeLine(data, ref position, out line, out broken))
                return broken ? HttpRequest.Refuse(HttpStatus.BadRequest) : HttpRequest.Incomplete;
            if (line.IsEmpty)
                return head.ToRequest(position);

            status = head.TakeField(line);
        }

        return HttpRequest.Refuse(status);
    }

    private static bool TryTakeLine(ReadOnlySpan<byte> data, ref int position, out ReadOnlySpan<byte> line, out bool broken)
    {
        ReadOnlySpan<byte> rest = data[position..];
        int end = rest.IndexOf((byte)'\n');
        broken = end == 0 || (end > 0 && rest[end - 1] != '\r');
        line = end > 0 && !broken ? rest[..(end - 1)] : default;
        if (end < 0 || broken)
            return false;

        position += end + 1;
        return true;
    }

    /// <summary>Whether bytes that no line end has followed yet can never become a request line: no use to wait.</summary>
    private static bool IsNoRequestLine(ReadOnlySpan<byte> start)
    {
        int odd = start.IndexOfAnyExcept(s_visibleBytes);
        while (odd >= 0 && start[odd] == ' ')
        {
            start = start[(odd + 1)..];
            odd = start.IndexOfAnyExcept(s_visibleBytes);
        }

        // A carriage return may be the last byte so far.
        return odd >= 0 && !(start[odd] == '\r' && odd == start.Length - 1);
    }

    private struct Head
    {
        private bool _isKnownPath;
        private bool _isGet;
        private bool _isHead;
        private bool _isVersion11;
        private bool _hasHost;
        private bool _hasLength;
        private bool _hasBody;
        private bool _close;
        private bool _keepAlive;

        internal HttpStatus TakeRequestLine(ReadOnlySpan<byte> line)
        {
            int methodEnd = line.IndexOf((byte)' ');
            int targetEnd = line.LastIndexOf((byte)' ');
            if (methodEnd <= 0 || targetEnd <= methodEnd + 1)
                return HttpStatus.BadRequest;

            ReadOnlySpan<byte> method = line[..methodEnd];
            ReadOnlySpan<byte> version = line[(targetEnd + 1)..];
            ReadOnlySpan<byte> target = line[(methodEnd + 1)..targetEnd];
            if (method.ContainsAnyExcept(s_tokenBytes) || target.ContainsAnyExcept(s_visibleBytes))
                return HttpStatus.BadRequest;

            _isKnownPath = IsKnownPath(target);
            _isGet = method.SequenceEqual("GET"u8);
            _isHead = method.SequenceEqual("HEAD"u8);
            return TakeVersion(version);
        }

        internal HttpStatus TakeField(ReadOnlySpan<byte> line)
        {
            int colon = line.IndexOf((byte)':');
            if (colon <= 0 || line[..colon].ContainsAnyExcept(s_tokenBytes) || line.ContainsAny((byte)'\r', (byte)0))
                return HttpStatus.BadRequest;

            ReadOnlySpan<byte> name = line[..colon];
            ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
            if (Ascii.EqualsIgnoreCase(name, "host"u8))
            {
                bool second = _hasHost;
                _hasHost = true;
                return second ? HttpStatus.BadRequest : HttpStatus.Ok;
            }

            if (Ascii.EqualsIgnoreCase(name, "content-length"u8))
                return TakeLength(value);
            if (Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8))
                _hasBody = true;
            else if (Ascii.EqualsIgnoreCase(name, "connection"u8))
                TakeConnection(value);
            return HttpStatus.Ok;
        }

        internal readonly HttpRequest ToRequest(int length)
        {
            if (_isVersion11 && !_hasHost)
                return HttpRequest.Refuse(HttpStatus.BadRequest);
            // Nobody reads a body here, and what is not read must not be taken for the next request.
            if (_hasBody)
                return HttpRequest.Refuse(HttpStatus.ContentTooLarge);
            if (!_isGet && !_isHead)
                return HttpRequest.Refuse(HttpStatus.MethodNotAllowed);

            return new HttpRequest(HttpVerdict.Complete)
            {
                Length = length,
                Status = _isKnownPath ? HttpStatus.Ok : HttpStatus.NotFound,
                IsHead = _isHead,
                KeepAlive = !_close && (_isVersion11 || _keepAlive),
            };
        }

        private HttpStatus TakeVersion(ReadOnlySpan<byte> version)
        {
            if (version.SequenceEqual("HTTP/1.1"u8))
                _isVersion11 = true;
            else if (!version.SequenceEqual("HTTP/1.0"u8))
                return version.StartsWith("HTTP/"u8) ? HttpStatus.VersionNotSupported : HttpStatus.BadRequest;
            return HttpStatus.Ok;
        }

        private HttpStatus TakeLength(ReadOnlySpan<byte> value)
        {
            bool second = _hasLength;
            _hasLength = true;
            if (second || value.IsEmpty || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
                return HttpStatus.BadRequest;

            _hasBody |= value.ContainsAnyExcept((byte)'0');
            return HttpStatus.Ok;
        }

        private void TakeConnection(ReadOnlySpan<byte> value)
        {
            foreach (Range range in value.Split((byte)','))
            {
                ReadOnlySpan<byte> option = value[range].Trim(" \t"u8);
                _close |= Ascii.EqualsIgnoreCase(option, "close"u8);
                _keepAlive |= Ascii.EqualsIgnoreCase(option, "keep-alive"u8);
            }
        }

        private static bool IsKnownPath(ReadOnlySpan<byte> target)
        {
            int query = target.IndexOf((byte)'?');
            ReadOnlySpan<byte> path = query < 0 ? target : target[..query];
            return path.SequenceEqual("/"u8) || path.SequenceEqual("/plaintext"u8);
        }
    }
}
