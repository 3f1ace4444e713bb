using System.Text;
using EchoServer.Http;

namespace IoPool.Samples.Tests;

public sealed class HttpParserTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n")]
    [InlineData("\r\nHEAD /plaintext?a=b HTTP/1.0\r\nConnection: Keep-Alive, x\r\n\r\n")]
    public void EveryStartOfARequestIsIncomplete(string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        for (int length = 0; length < bytes.Length; length++)
            Assert.Equal(HttpVerdict.Incomplete, HttpParser.Parse(bytes.AsSpan(0, length)).Verdict);

        HttpRequest request = HttpParser.Parse([.. bytes, .. "more"u8]);
        Assert.Equal(
            (HttpVerdict.Complete, bytes.Length, HttpStatus.Ok, true),
            (request.Verdict, request.Length, request.Status, request.KeepAlive));
    }

    [Fact]
    public void NoBytesWhatsoeverBreakIt()
    {
        var random = new Random(1);
        byte[] valid = "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"u8.ToArray();
        for (int i = 0; i < 100_000; i++)
        {
            byte[] bytes = [.. valid];
            for (int change = random.Next(1, 4); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            HttpRequest request = HttpParser.Parse(bytes);
            Assert.InRange(request.Length, 0, bytes.Length);
        }
    }
}
