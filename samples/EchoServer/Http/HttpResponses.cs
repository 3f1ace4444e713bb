using System.Collections.Frozen;
using System.Text;

namespace EchoServer.Http;

/// <summary>All answers, as the bytes that go out.</summary>
internal static class HttpResponses
{
    private static readonly (HttpStatus Status, string Reason, string Body)[] s_answers =
    [
        (HttpStatus.Ok, "OK", "Hello, World!"),
        (HttpStatus.BadRequest, "Bad Request", "This is no HTTP/1.1 request.\n"),
        (HttpStatus.NotFound, "Not Found", "There is nothing here.\n"),
        (HttpStatus.MethodNotAllowed, "Method Not Allowed", "GET and HEAD only.\n"),
        (HttpStatus.ContentTooLarge, "Content Too Large", "Requests with a body are not served.\n"),
        (HttpStatus.HeaderFieldsTooLarge, "Request Header Fields Too Large", "The request's head is too large.\n"),
        (HttpStatus.VersionNotSupported, "HTTP Version Not Supported", "HTTP/1.1 only.\n"),
    ];

    private static readonly FrozenDictionary<(HttpStatus Status, bool KeepAlive, bool IsHead), byte[]> s_bytes = Build();

    internal static ReadOnlySpan<byte> Get(HttpStatus status, bool keepAlive, bool isHead) =>
        s_bytes[(status, keepAlive, isHead)];

    private static FrozenDictionary<(HttpStatus Status, bool KeepAlive, bool IsHead), byte[]> Build()
    {
        var bytes = new Dictionary<(HttpStatus Status, bool KeepAlive, bool IsHead), byte[]>();
        foreach ((HttpStatus status, string reason, string body) in s_answers)
        {
            foreach ((bool keepAlive, bool isHead) in new[] { (false, false), (false, true), (true, false), (true, true) })
            {
                // The length of what GET would get, for HEAD too.
                string head = $"HTTP/1.1 {(int)status} {reason}\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\n"
                    + (status == HttpStatus.MethodNotAllowed ? "Allow: GET, HEAD\r\n" : "")
                    + $"Connection: {(keepAlive ? "keep-alive" : "close")}\r\n\r\n";
                bytes[(status, keepAlive, isHead)] = Encoding.ASCII.GetBytes(isHead ? head : head + body);
            }
        }

        return bytes.ToFrozenDictionary();
    }
}
