namespace EchoServer.Http;

/// <summary>What the parser makes of the bytes that are there.</summary>
internal enum HttpVerdict
{
    /// <summary>The head has not arrived to its end.</summary>
    Incomplete,

    /// <summary>A whole request.</summary>
    Complete,

    /// <summary>Not HTTP, or broken: answer and close.</summary>
    Refused,
}

/// <summary>A parsed head.</summary>
internal readonly record struct HttpRequest(HttpVerdict Verdict)
{
    internal static HttpRequest Incomplete => default;

    /// <summary>How many bytes the head takes.</summary>
    internal int Length { get; init; }

    internal HttpStatus Status { get; init; }

    /// <summary>Whether the answer has no body.</summary>
    internal bool IsHead { get; init; }

    /// <summary>Whether the client wants to send more requests.</summary>
    internal bool KeepAlive { get; init; }

    internal static HttpRequest Refuse(HttpStatus status) => new(HttpVerdict.Refused) { Status = status };
}

/// <summary>The answers there are.</summary>
internal enum HttpStatus
{
    Ok = 200,
    BadRequest = 400,
    NotFound = 404,
    MethodNotAllowed = 405,
    ContentTooLarge = 413,
    HeaderFieldsTooLarge = 431,
    VersionNotSupported = 505,
}
