using System.Net;
using System.Net.Sockets;
using System.Text;
using IoPool.Samples.Tests.Support;

namespace IoPool.Samples.Tests;

public sealed class HttpTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: here\r\n\r\n";
    private const string GetAndClose = "GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";

    [SkippableTheory]
    [AllDrivers]
    public async Task AnswersABrowserLikeClient(string driver)
    {
        await DriverProbe.SkipUnlessRunnableAsync(driver);
        (SampleProcess process, IPEndPoint address) = await SampleProcess.ServeAsync("--http", "--driver", driver);
        await using SampleProcess owned = process;
        using var client = new HttpClient { BaseAddress = new Uri($"http://{address}"), Timeout = Ceiling.Time };

        Assert.Equal("Hello, World!", await client.GetStringAsync("/"));
        Assert.Equal("Hello, World!", await client.GetStringAsync("/?query=ignored"));
        using HttpResponseMessage missing = await client.GetAsync("/missing");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        using HttpResponseMessage head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/"));
        Assert.Equal((HttpStatusCode.OK, 13L), (head.StatusCode, head.Content.Headers.ContentLength));
        using HttpResponseMessage post = await client.PostAsync("/", new StringContent("body"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, post.StatusCode);

        // The client keeps its connections open: idle ones are no reason to wait.
        process.Signal(SampleProcess.SigTerm);
        Assert.Equal(0, (await process.WaitForExitAsync()).ExitCode);
    }

    [SkippableTheory]
    [AllDrivers]
    public async Task AnswersPipelinedRequestsInOrder(string driver)
    {
        await DriverProbe.SkipUnlessRunnableAsync(driver);
        var requests = new StringBuilder();
        for (int i = 0; i < 500; i++)
            requests.Append(i % 7 == 0 ? "GET /missing HTTP/1.1\r\nHost: here\r\n\r\n" : Get);
        requests.Append(GetAndClose);

        int[] statuses = Statuses(await AskAsync(driver, requests.ToString(), piece: 10_000));

        IEnumerable<int> expected = Enumerable.Range(0, 500).Select(i => i % 7 == 0 ? 404 : 200).Append(200);
        Assert.Equal(expected, statuses);
    }

    [SkippableTheory]
    [AllDrivers]
    public async Task PacketBordersDoNotMatter(string driver)
    {
        await DriverProbe.SkipUnlessRunnableAsync(driver);
        Assert.Equal(new[] { 200, 200, 200 }, Statuses(await AskAsync(driver, Get + Get + GetAndClose, piece: 1)));
        Assert.Equal(new[] { 200, 200, 200 }, Statuses(await AskAsync(driver, Get + Get + GetAndClose, piece: 29)));
    }

    [Theory]
    [InlineData("nonsense\n", 400)]
    [InlineData("\u0016\u0003\u0001 is how TLS begins", 400)]
    [InlineData("GET /\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\nHost: a\n\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nHello", 413)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 413)]
    [InlineData("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", 405)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505)]
    [InlineData("\r\nGET / HTTP/1.0\r\n\r\n", 200)]
    public async Task AnswersOnceAndCloses(string request, int status)
    {
        // Nobody may take the rest for another request.
        string answers = await AskAsync("auto", request, piece: 10_000);
        Assert.Equal(status, Assert.Single(Statuses(answers)));
        Assert.Contains("Connection: close", answers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8_192, 200)]
    [InlineData(8_193, 431)]
    [InlineData(1_000_000, 431)]
    public async Task HeadHasALimit(int size, int status)
    {
        string start = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nFiller: ";
        string request = start + new string('x', size - start.Length - 4) + "\r\n\r\n";
        Assert.Equal(status, Assert.Single(Statuses(await AskAsync("auto", request, piece: 100_000))));
    }

    [Fact]
    public async Task HalfARequestAtTheEndIsRefused()
    {
        (SampleProcess process, IPEndPoint address) = await SampleProcess.ServeAsync("--http");
        await using SampleProcess owned = process;
        using Socket client = await PlainClient.ConnectAsync(address);
        await client.SendAllAsync(Encoding.Latin1.GetBytes(Get + "GET / HT"));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(new[] { 200, 400 }, Statuses(Encoding.Latin1.GetString(await client.ReceiveToEndAsync())));
    }

    private static async Task<string> AskAsync(string driver, string requests, int piece)
    {
        (SampleProcess process, IPEndPoint address) = await SampleProcess.ServeAsync("--http", "--driver", driver);
        await using SampleProcess owned = process;
        using Socket client = await PlainClient.ConnectAsync(address);
        byte[] bytes = Encoding.Latin1.GetBytes(requests);
        for (int i = 0; i < bytes.Length; i += piece)
            await client.SendAllAsync(bytes.AsMemory(i, Math.Min(piece, bytes.Length - i)));
        return Encoding.Latin1.GetString(await client.ReceiveToEndAsync());
    }

    /// <summary>The statuses of a series of answers, whose lengths have to add up.</summary>
    private static int[] Statuses(string answers)
    {
        var statuses = new List<int>();
        while (answers.Length > 0)
        {
            int headEnd = answers.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
            Assert.StartsWith("HTTP/1.1 ", answers, StringComparison.Ordinal);
            string length = answers[..headEnd].Split("Content-Length: ")[1].Split('\r')[0];
            statuses.Add(int.Parse(answers.AsSpan(9, 3)));
            answers = answers[(headEnd + int.Parse(length))..];
        }

        return [.. statuses];
    }
}
