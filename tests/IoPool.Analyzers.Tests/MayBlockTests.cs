using IoPool.Analyzers.Tests.Support;

namespace IoPool.Analyzers.Tests;

/// <summary>IOP1006: calls that block only sometimes, and what is known not to.</summary>
public sealed class MayBlockTests
{
    private const string Fields = """
        private Stream _stream = null!;
        private TextReader _reader = null!;
        private TextWriter _writer = null!;
        private StreamReader _streamReader = null!;
        private FileInfo _info = null!;
        private IQueryable<int> _query = null!;
        private BlockingCollection<int> _items = null!;
        private ConcurrentDictionary<int, int> _map = null!;
        private System.Xml.XmlReader _xmlReader = null!;
        private System.Net.HttpListenerResponse _response = null!;
        private byte[] _bytes = new byte[16];
        """;

    [Theory]
    [InlineData("var count = _stream.{|IOP1006:Read|}(_bytes, 0, 1);")]
    [InlineData("_stream?.{|IOP1006:Flush|}();")]
    [InlineData("_stream.{|IOP1006:CopyTo|}(Stream.Null);")]
    [InlineData("var first = _stream.{|IOP1006:ReadByte|}();")]
    [InlineData("var line = _reader.{|IOP1006:ReadLine|}();")]
    [InlineData("_writer.{|IOP1006:WriteLine|}(\"a\");")]
    [InlineData("var text = _streamReader.{|IOP1006:ReadToEnd|}();")]
    [InlineData("while (!_streamReader.{|IOP1006:EndOfStream|}) { await Task.Yield(); }")]
    [InlineData("var number = new BinaryReader(_stream).{|IOP1006:ReadInt32|}();")]
    [InlineData("_xmlReader.{|IOP1006:Read|}();")]
    [InlineData("var value = System.Text.Json.JsonSerializer.{|IOP1006:Deserialize|}<int>(_stream);")]
    [InlineData("var text = new StreamReader(_stream).{|IOP1006:ReadToEnd|}();")]
    public Task StreamReaderOrWriterOfUnknownKind_IsReported(string statement) =>
        Situation.VerifyInPinnedAsync(statement, Fields);

    [Theory]
    [InlineData("Console.{|IOP1006:WriteLine|}(\"a\");")]
    [InlineData("Console.Out.{|IOP1006:WriteLine|}(\"a\");")]
    [InlineData("System.Diagnostics.Trace.{|IOP1006:WriteLine|}(\"a\");")]
    [InlineData("if (File.{|IOP1006:Exists|}(\"a\")) { }")]
    [InlineData("var length = _info.{|IOP1006:Length|};")]
    [InlineData("_items.{|IOP1006:Add|}(1);")]
    [InlineData("var bytes = GC.{|IOP1006:GetTotalMemory|}(true);")]
    [InlineData("_response.{|IOP1006:Close|}(_bytes, true);")]
    [InlineData("var types = typeof(string).Assembly.{|IOP1006:GetTypes|}();")]
    public Task OtherThingsThatMayBlock_AreReported(string statement) =>
        Situation.VerifyInPinnedAsync(statement, Fields);

    [Theory]
    [InlineData("var first = _query.{|IOP1006:First|}();")]
    [InlineData("var count = _query.Where(static x => x > 1).{|IOP1006:Count|}();")]
    [InlineData("var all = _query.{|IOP1006:ToList|}();")]
    [InlineData("var all = Enumerable.{|IOP1006:ToArray|}(_query);")]
    [InlineData("foreach (var item in {|IOP1006:_query|}) { }")]
    [InlineData("foreach (var item in _query.{|IOP1006:OrderBy|}(static x => x)) { }")]
    public Task QueryOfUnknownProvider_IsReported(string statement) => Situation.VerifyInPinnedAsync(statement, Fields);

    [Theory]
    [InlineData("var count = _socket.{|IOP1006:EndReceive|}(result);")]
    [InlineData("var addresses = Dns.{|IOP1006:EndGetHostAddresses|}(result);")]
    [InlineData("var count = _file.{|IOP1006:EndRead|}(result);")]
    public Task EndOfAnAsyncResult_IsReported(string statement) => Situation.VerifyInPinnedAsync(
        "IAsyncResult result = null!;" + statement,
        """
        private System.Net.Sockets.Socket _socket = null!;
        private FileStream _file = null!;
        """);

    [Fact]
    public Task Libraries_AreReported() => Situation.VerifyInPinnedAsync(
        """
        _channel.{|IOP1006:BasicPublish|}("exchange", "key", []);
        var number = _policy.{|IOP1006:Execute|}(static () => 1);
        """,
        """
        private RabbitMQ.Client.IModel _channel = null!;
        private Polly.Policy _policy = null!;
        """,
        LibraryStubs.Services);

    [Fact]
    public Task Session_IsReported() => Situation.VerifyInPinnedAsync(
        "_session.{|IOP1006:TryGetValue|}(\"key\", out var value);",
        "private Microsoft.AspNetCore.Http.ISession _session = null!;",
        LibraryStubs.AspNetCore);

    [Fact]
    public Task Lazy_IsReportedAsALock() => Situation.VerifyInPinnedAsync(
        "var value = _lazy.{|IOP1007:Value|};", "private Lazy<int> _lazy = new(static () => 1);");

    [Theory]
    [InlineData("var memory = new MemoryStream(); memory.Write(_bytes, 0, 1);")]
    [InlineData("Stream memory = new MemoryStream(); memory.Write(_bytes, 0, 1); memory.Flush();")]
    [InlineData("using Stream memory = new MemoryStream(_bytes); var first = memory.ReadByte();")]
    [InlineData("var line = new StringReader(\"a\").ReadLine();")]
    [InlineData("TextReader reader = new StringReader(\"a\"); var line = reader.ReadLine();")]
    [InlineData("var writer = new StringWriter(); writer.WriteLine(\"a\");")]
    [InlineData("TextWriter writer = new StringWriter(); writer.Write('a'); writer.Flush();")]
    [InlineData("Stream.Null.Write(_bytes, 0, 1);")]
    [InlineData("TextWriter.Null.WriteLine(\"a\");")]
    [InlineData("var nothing = TextReader.Null.ReadToEnd();")]
    public Task WhatIsInMemory_IsSilent(string statement) => Situation.VerifyInPinnedAsync(statement, Fields);

    [Theory]
    [InlineData("var number = new BinaryReader(new MemoryStream(_bytes)).ReadInt32();")]
    [InlineData("var memory = new MemoryStream(); var writer = new BinaryWriter(memory); writer.Write(1);")]
    [InlineData("var text = new StreamReader(new MemoryStream(_bytes)).ReadToEnd();")]
    [InlineData("var reader = System.Xml.XmlReader.Create(new StringReader(\"<a/>\")); reader.Read();")]
    [InlineData("var xml = System.Xml.XmlWriter.Create(new StringBuilder()); xml.WriteString(\"a\"); xml.Flush();")]
    [InlineData("var xml = System.Xml.XmlWriter.Create(new StringWriter()); xml.WriteStartElement(\"a\");")]
    [InlineData("var value = System.Text.Json.JsonSerializer.Deserialize<int>(new MemoryStream(_bytes));")]
    [InlineData("var value = System.Text.Json.JsonSerializer.Deserialize<int>(\"1\");")]
    [InlineData("_stream.CopyTo(Stream.Null);")]
    public Task WhatStandsOverMemory_IsSilent(string statement) => Situation.VerifyInPinnedAsync(
        statement, Fields.Replace("_stream = null!", "_stream = new MemoryStream()", StringComparison.Ordinal)
            .Replace("private Stream", "private readonly Stream", StringComparison.Ordinal));

    [Theory]
    [InlineData("using var text = new StringReader(\"<a/>\"); using var reader = System.Xml.XmlReader.Create(text); "
        + "while (reader.Read()) { await Task.Yield(); }")]
    [InlineData("using var xml = System.Xml.XmlWriter.Create(new StringBuilder()); xml.WriteEndElement();")]
    [InlineData("var inner = new StringWriter(); var text = new System.CodeDom.Compiler.IndentedTextWriter(inner); "
        + "text.WriteLine(\"a\");")]
    [InlineData("using var memory = new MemoryStream(); using var writer = new BinaryWriter(memory); writer.Flush();")]
    [InlineData("using var writer = new StringWriter(); writer.Write(\"a\");")]
    [InlineData("using var memory = new MemoryStream(); memory.CopyTo(new MemoryStream());")]
    [InlineData("var memory = token.CanBeCanceled ? new MemoryStream() : new MemoryStream(_bytes); memory.Flush();")]
    [InlineData("if (_stream is MemoryStream memory) memory.Flush();")]
    [InlineData("((MemoryStream)_stream).Write(_bytes);")]
    [InlineData("var hash = new System.Security.Cryptography.CryptoStream(\n"
        + "    new MemoryStream(), null!, System.Security.Cryptography.CryptoStreamMode.Write); hash.WriteByte(1);")]
    public Task UsualUsesOfMemory_AreSilent(string statement) => Situation.VerifyInPinnedAsync(statement, Fields);

    [Fact]
    public Task JsonWriterOverABuffer_IsSilent() => Situation.VerifyInPinnedAsync("""
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        var json = new System.Text.Json.Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.Flush();
        """);

    [Fact]
    public Task JsonWriterOverAStream_IsReported() => Situation.VerifyInPinnedAsync(
        """
        var json = new System.Text.Json.Utf8JsonWriter(_stream);
        json.WriteStartObject();
        json.{|IOP1006:Flush|}();
        """,
        Fields);

    [Fact]
    public Task LocalThatMayAlsoBeAnotherStream_IsReported() => Situation.VerifyInPinnedAsync(
        """
        Stream stream = new MemoryStream();
        if (token.CanBeCanceled)
            stream = _stream;
        stream.{|IOP1006:Write|}(_bytes, 0, 1);
        """,
        Fields);

    [Fact]
    public Task MutableFieldOfMemory_ThatIsAssignedElsewhere_IsReported() => Situation.VerifyInPinnedAsync(
        "_current.{|IOP1006:Flush|}();",
        """
        private Stream _current = new MemoryStream();
        public void Use(Stream other) => _current = other;
        """);

    [Fact]
    public Task ReadOnlyFieldOfMemory_ThatAConstructorReplaces_IsReported() => Situation.VerifyInPinnedAsync(
        "_current.{|IOP1006:Flush|}();",
        """
        private readonly Stream _current = new MemoryStream();
        public Handler(Stream other) => _current = other;
        """);

    [Fact]
    public Task LocalThatIsPassedByReference_IsReported() => Situation.VerifyInPinnedAsync(
        """
        Stream current = new MemoryStream();
        Swap(ref current);
        current.{|IOP1006:Flush|}();
        """,
        """
        private Stream _other = null!;
        private void Swap(ref Stream stream) => (stream, _other) = (_other, stream);
        """);

    [Fact]
    public Task StreamOfATypeParameter_IsReported() => Situation.VerifyAsync("""
        partial class Handler<T> where T : Stream
        {
            private T _stream = null!;

            [Pinned]
            public async partial ValueTask RunAsync()
            {
                await Task.Yield();
                _stream.{|IOP1006:Flush|}();
            }
        }
        """);

    [Fact]
    public Task ReadOnlyFieldOfMemory_IsSilent() => Situation.VerifyInPinnedAsync(
        "_current.Flush();", "private static readonly Stream _current = new MemoryStream();");

    [Fact]
    public Task MemoryStreamField_IsSilentByItsType() => Situation.VerifyInPinnedAsync(
        "_current.Write(new byte[1], 0, 1);", "private MemoryStream _current = null!;");

    [Theory]
    [InlineData("var first = new List<int> { 1 }.AsQueryable().First();")]
    [InlineData("var list = new List<int>().AsQueryable(); var count = list.Where(x => x > 1).Count();")]
    [InlineData("var all = new[] { 1 }.AsQueryable().ToList();")]
    [InlineData("var more = _query.Where(x => x > 1).OrderBy(x => x).Select(x => x + 1);")]
    [InlineData("var list = new List<int>().Where(x => x > 1).ToList();")]
    [InlineData("foreach (var item in new List<int>().Select(x => x + 1)) { }")]
    public Task QueryInMemoryOrUnfinished_IsSilent(string statement) =>
        Situation.VerifyInPinnedAsync(statement, Fields);

    [Theory]
    [InlineData("var items = new BlockingCollection<int>(); items.Add(1);")]
    [InlineData("_items.TryAdd(1);")]
    [InlineData("_items.TryTake(out var item);")]
    [InlineData("_items.TryTake(out var item, 0);")]
    [InlineData("_items.CompleteAdding();")]
    [InlineData("var channel = System.Threading.Channels.Channel.CreateUnbounded<int>(); channel.Writer.TryWrite(1);")]
    [InlineData("var bytes = GC.GetTotalMemory(false);")]
    [InlineData("_response.Close(_bytes, false);")]
    public Task WhatIsKnownNotToWait_IsSilent(string statement) => Situation.VerifyInPinnedAsync(statement, Fields);

    [Fact]
    public Task BoundedCollection_IsReported() => Situation.VerifyInPinnedAsync("""
        var items = new BlockingCollection<int>(16);
        items.{|IOP1006:Add|}(1);
        """);

    [Theory]
    [InlineData("var match = System.Text.RegularExpressions.Regex.IsMatch(\"a\", \"b\");")]
    [InlineData("System.Diagnostics.Debug.WriteLine(\"a\");")]
    [InlineData("var count = _map.Count;")]
    [InlineData("var keys = _map.Keys;")]
    [InlineData("var source = new CancellationTokenSource(); source.Cancel();")]
    [InlineData("var text = new System.Resources.ResourceManager(typeof(string)).GetString(\"a\");")]
    public Task WhatIsOffByDefault_IsSilent(string statement) => Situation.VerifyInPinnedAsync(statement, Fields);

    [Theory]
    [InlineData("var count = await Task.Factory.FromAsync(_begin, _socket.EndReceive, null);")]
    [InlineData("var all = await Task<IPAddress[]>.Factory.FromAsync(\n"
        + "    Dns.BeginGetHostAddresses(\"a\", null, null), Dns.EndGetHostAddresses);")]
    [InlineData("var all = await Task.Factory.FromAsync(\n"
        + "    Dns.BeginGetHostAddresses(\"a\", null, null), r => Dns.EndGetHostAddresses(r));")]
    public Task EndAsAnArgumentOfFromAsync_IsSilent(string statement) => Situation.VerifyInPinnedAsync(
        statement,
        """
        private Func<AsyncCallback, object?, IAsyncResult> _begin = null!;
        private System.Net.Sockets.Socket _socket = null!;
        """);

    [Theory]
    [InlineData("var value = _lazy.IsValueCreated ? _lazy.Value : 0;")]
    [InlineData("if (_lazy.IsValueCreated) { var value = _lazy.Value; }")]
    [InlineData("var lazy = new Lazy<int>(() => 1, LazyThreadSafetyMode.None); var value = lazy.Value;")]
    [InlineData("var lazy = new Lazy<int>(() => 1, LazyThreadSafetyMode.PublicationOnly); var value = lazy.Value;")]
    [InlineData("var lazy = new Lazy<int>(5); var value = lazy.Value;")]
    public Task LazyThatTakesNoLock_IsSilent(string statement) => Situation.VerifyInPinnedAsync(
        statement, "private Lazy<int> _lazy = new(static () => 1);");

    [Theory]
    [InlineData("var count = await _stream.ReadAsync(_bytes, token);")]
    [InlineData("await _writer.WriteLineAsync(\"a\");")]
    [InlineData("var canRead = _stream.CanRead && _stream.CanSeek;")]
    [InlineData("await Offload.RunAsync(() => _stream.Flush());")]
    [InlineData("await Offload.RunAsync(() => Console.WriteLine(\"a\"));")]
    [InlineData("var text = string.Format(\"{0}\", 1) + new StringBuilder().Append('a').AppendLine();")]
    [InlineData("var name = nameof(_stream.Read) + nameof(Console.WriteLine);")]
    [InlineData("var output = Console.Out;")]
    [InlineData("Console.Title.ToString();")]
    public Task WhatDoesNotBlockTheLoop_IsSilent(string statement) => Situation.VerifyInPinnedAsync(statement, Fields);

    [Fact]
    public Task Polly_Asynchronous_IsSilent() => Situation.VerifyInPinnedAsync(
        "var number = await _policy.ExecuteAsync(static () => Task.FromResult(1));",
        "private Polly.Policy _policy = null!;",
        LibraryStubs.Services);
}
