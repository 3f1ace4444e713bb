using IoPool.Analyzers.Tests.Support;

namespace IoPool.Analyzers.Tests;

/// <summary>IOP1005: synchronous I/O that has no asynchronous counterpart.</summary>
public sealed class SyncIoOnlyTests
{
    private const string Fields = """
        private FileStream _file = null!;
        private FileInfo _info = null!;
        private DirectoryInfo _directory = null!;
        private System.Net.Sockets.Socket _socket = null!;
        private System.Diagnostics.Process _process = null!;
        private System.Data.Common.DbDataAdapter _adapter = null!;
        private System.Net.WebClient _web = null!;
        """;

    [Theory]
    [InlineData("var stream = File.{|IOP1005:OpenRead|}(\"a\");")]
    [InlineData("var stream = File.{|IOP1005:Open|}(\"a\", FileMode.Open);")]
    [InlineData("var stream = new {|IOP1005:FileStream|}(\"a\", FileMode.Open);")]
    [InlineData("FileStream stream = {|IOP1005:new|}(\"a\", FileMode.Open);")]
    [InlineData("await using var stream = new {|IOP1005:FileStream|}(\"a\", FileMode.Open);")]
    [InlineData("await using var stream = new System.IO.{|IOP1005:FileStream|}(\"a\", FileMode.Open);")]
    [InlineData("var reader = new {|IOP1005:StreamReader|}(\"a\");")]
    [InlineData("File.{|IOP1005:Delete|}(\"a\");")]
    [InlineData("File.{|IOP1005:Copy|}(\"a\", \"b\");")]
    [InlineData("_info.{|IOP1005:MoveTo|}(\"b\");")]
    [InlineData("_info.{|IOP1005:Delete|}();")]
    [InlineData("_directory.{|IOP1005:Create|}();")]
    [InlineData("Directory.{|IOP1005:CreateDirectory|}(\"a\");")]
    [InlineData("foreach (var file in Directory.{|IOP1005:EnumerateFiles|}(\"a\")) { }")]
    [InlineData("var path = Path.{|IOP1005:GetTempFileName|}();")]
    [InlineData("var first = _file.{|IOP1005:ReadByte|}();")]
    [InlineData("_file.{|IOP1005:SetLength|}(0);")]
    public Task File_IsReported(string statement) => Situation.VerifyInPinnedAsync(statement, Fields);

    [Theory]
    [InlineData("var ready = _socket.{|IOP1005:Poll|}(1000, System.Net.Sockets.SelectMode.SelectRead);")]
    [InlineData("var client = new System.Net.Sockets.{|IOP1005:TcpClient|}(\"a\", 1);")]
    [InlineData("var reply = new System.Net.NetworkInformation.Ping().{|IOP1005:Send|}(\"a\");")]
    [InlineData("new System.Net.Mail.SmtpClient(\"a\").{|IOP1005:Send|}(\"a\", \"b\", \"c\", \"d\");")]
    [InlineData("var text = _web.{|IOP1005:DownloadString|}(\"http://a\");")]
    [InlineData("var line = Console.{|IOP1005:ReadLine|}();")]
    [InlineData("var process = System.Diagnostics.Process.{|IOP1005:Start|}(\"a\");")]
    [InlineData("_process.{|IOP1005:Start|}();")]
    [InlineData("var rows = _adapter.{|IOP1005:Fill|}(new System.Data.DataSet());")]
    [InlineData("var reader = System.Xml.XmlReader.{|IOP1005:Create|}(\"http://a\");")]
    [InlineData("System.Runtime.InteropServices.NativeLibrary.{|IOP1005:Load|}(\"a\");")]
    public Task NetworkConsoleProcessAndLoader_IsReported(string statement) =>
        Situation.VerifyInPinnedAsync(statement, Fields);

    [Fact]
    public Task Libraries_AreReported() => Situation.VerifyInPinnedAsync(
        """
        var message = _channel.{|IOP1005:BasicGet|}("queue", true);
        var reply = _invoker.{|IOP1005:BlockingUnaryCall|}<int, int>("call", 1);
        var record = _consumer.{|IOP1005:Consume|}(token);
        """,
        """
        private RabbitMQ.Client.IModel _channel = null!;
        private Grpc.Core.CallInvoker _invoker = null!;
        private Confluent.Kafka.IConsumer<int, int> _consumer = null!;
        """,
        LibraryStubs.Services);

    [Fact]
    public Task FormOfARequest_IsReported() => Situation.VerifyInPinnedAsync(
        "var form = _request.{|IOP1005:Form|};",
        "private Microsoft.AspNetCore.Http.HttpRequest _request = null!;",
        LibraryStubs.AspNetCore);

    [Fact]
    public Task FormOfARequest_InAPropertyPattern_IsReported() => Situation.VerifyInPinnedAsync(
        "if (_request is { {|IOP1005:Form|}: not null }) { }",
        "private Microsoft.AspNetCore.Http.HttpRequest _request = null!;",
        LibraryStubs.AspNetCore);

    [Fact]
    public Task MessageNamesTheCallAndTheWayOut() => AssertMessageAsync(
        "File.Delete(\"a\");", "File.Delete", "Offload.RunAsync");

    [Theory]
    [InlineData("if (_socket.Poll(0, System.Net.Sockets.SelectMode.SelectRead)) { }")]
    [InlineData("if (_socket.Poll(TimeSpan.Zero, System.Net.Sockets.SelectMode.SelectRead)) { }")]
    [InlineData("var name = _info.Name + _info.FullName;")]
    [InlineData("var parent = Path.GetDirectoryName(\"a\");")]
    [InlineData("var reader = new StringReader(\"a\");")]
    [InlineData("var stream = new MemoryStream();")]
    [InlineData("var info = new FileInfo(\"a\");")]
    [InlineData("var id = _process.Id;")]
    [InlineData("var start = new System.Diagnostics.ProcessStartInfo(\"a\");")]
    [InlineData("var input = Console.In;")]
    [InlineData("var web = new System.Net.Mail.MailMessage(\"a@b\", \"c@d\");")]
    public Task WhatDoesNotWait_IsSilent(string statement) => Situation.VerifyInPinnedAsync(statement, Fields);

    [Theory]
    [InlineData("await Offload.RunAsync(() => File.Delete(\"a\"));")]
    [InlineData("await using var stream = await Offload.RunAsync(() => File.OpenRead(\"a\"));")]
    [InlineData("await Task.Run(() => Directory.CreateDirectory(\"a\"));")]
    [InlineData("await Task.Factory.StartNew(() => Directory.Delete(\"a\"), token, default, TaskScheduler.Default);")]
    [InlineData("new Thread(() => File.Delete(\"a\")).IsBackground = true;")]
    [InlineData("var timer = new Timer(_ => File.Delete(\"a\"));")]
    [InlineData("Action<string> delete = File.Delete;")]
    [InlineData("Action delete = () => File.Delete(\"a\");")]
    [InlineData("var name = nameof(File.Delete);")]
    [InlineData("var name = nameof(Console.ReadLine) + nameof(FileStream);")]
    [InlineData("var type = typeof(FileStream);")]
    public Task WhatDoesNotRunOnTheLoop_IsSilent(string statement) => Situation.VerifyInPinnedAsync(statement, Fields);

    [Fact]
    public Task ReaderOverAStream_OpensNothing() => Situation.VerifyInPinnedAsync("""
        var reader = new StreamReader(new MemoryStream());
        var writer = new StreamWriter(new MemoryStream(), Encoding.UTF8);
        var xml = System.Xml.XmlReader.Create(new StringReader("<a/>"));
        """);

    [Fact]
    public Task Kafka_ProduceAndConsumeWithoutAWait_AreSilent() => Situation.VerifyInPinnedAsync(
        """
        _producer.Produce("topic", 1);
        var record = _consumer.Consume(TimeSpan.Zero);
        """,
        """
        private Confluent.Kafka.IConsumer<int, int> _consumer = null!;
        private Confluent.Kafka.IProducer<int, int> _producer = null!;
        """,
        LibraryStubs.Services);

    [Fact]
    public Task RabbitAndGrpc_WithoutARoundTrip_AreSilent() => Situation.VerifyInPinnedAsync(
        """
        var properties = _channel.CreateBasicProperties();
        var reply = await _invoker.AsyncUnaryCall<int, int>("call", 1);
        """,
        """
        private RabbitMQ.Client.IModel _channel = null!;
        private Grpc.Core.CallInvoker _invoker = null!;
        """,
        LibraryStubs.Services);

    [Fact]
    public Task FormThatIsReadAsynchronouslyOrSet_IsSilent() => Situation.VerifyInPinnedAsync(
        """
        var form = await _request.ReadFormAsync(token);
        var body = _request.Body;
        var name = nameof(_request.Form);
        """,
        "private Microsoft.AspNetCore.Http.HttpRequest _request = null!;",
        LibraryStubs.AspNetCore);

    [Fact]
    public Task UnusedLocalFunction_IsSilent() => Situation.VerifyInPinnedAsync("""
        #pragma warning disable CS8321
        static void Clean() => File.Delete("a");
        """);

    private static async Task AssertMessageAsync(string statement, params string[] parts)
    {
        var found = await TransitiveSituation.AnalyzeAsync(statement, "");
        var message = Assert.Single(found).GetMessage();
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }
}
