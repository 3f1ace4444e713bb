using IoPool.Analyzers.Tests.Support;

namespace IoPool.Analyzers.Tests;

/// <summary>IOP1004: synchronous I/O that has an asynchronous counterpart.</summary>
public sealed class SyncIoTests
{
    private const string Fields = """
        private System.Net.Sockets.Socket _socket = null!;
        private System.Net.Sockets.NetworkStream _network = null!;
        private System.Net.Sockets.TcpListener _listener = null!;
        private System.Net.Sockets.UdpClient _udp = null!;
        private System.Net.Http.HttpClient _http = null!;
        private System.Net.Security.SslStream _ssl = null!;
        private System.Diagnostics.Process _process = null!;
        private System.Data.Common.DbCommand _command = null!;
        private System.Data.IDbConnection _database = null!;
        private System.IO.Pipes.NamedPipeServerStream _pipe = null!;
        private FileStream _file = null!;
        private byte[] _bytes = new byte[16];
        """;

    [Theory]
    [InlineData("var text = File.{|IOP1004:ReadAllText|}(\"a\");")]
    [InlineData("var all = File.{|IOP1004:ReadAllBytes|}(\"a\").Length;")]
    [InlineData("File.{|IOP1004:WriteAllText|}(\"a\", \"b\");")]
    [InlineData("File.{|IOP1004:AppendAllLines|}(\"a\", [\"b\"]);")]
    [InlineData("foreach (var line in File.{|IOP1004:ReadLines|}(\"a\")) { }")]
    [InlineData("_file.{|IOP1004:Read|}(_bytes, 0, 16);")]
    [InlineData("_file.{|IOP1004:Flush|}();")]
    [InlineData("var count = RandomAccess.{|IOP1004:Read|}(null!, _bytes, 0);")]
    [InlineData("System.IO.Compression.ZipFile.{|IOP1004:ExtractToDirectory|}(\"a\", \"b\");")]
    public Task File_IsReported(string statement) => Situation.VerifyInPinnedAsync(statement, Fields);

    [Theory]
    [InlineData("_socket.{|IOP1004:Receive|}(_bytes);")]
    [InlineData("_socket.{|IOP1004:Send|}(_bytes, System.Net.Sockets.SocketFlags.None);")]
    [InlineData("var accepted = _socket.{|IOP1004:Accept|}();")]
    [InlineData("_socket?.{|IOP1004:Connect|}(\"a\", 1);")]
    [InlineData("_network.{|IOP1004:Read|}(_bytes, 0, 1);")]
    [InlineData("var client = _listener.{|IOP1004:AcceptTcpClient|}();")]
    [InlineData("new System.Net.Sockets.TcpClient().{|IOP1004:Connect|}(\"a\", 1);")]
    [InlineData("IPEndPoint? from = null; _udp.{|IOP1004:Receive|}(ref from);")]
    [InlineData("_ssl.{|IOP1004:AuthenticateAsClient|}(\"a\");")]
    [InlineData("_pipe.{|IOP1004:WaitForConnection|}();")]
    [InlineData("var addresses = Dns.{|IOP1004:GetHostAddresses|}(\"a\");")]
    [InlineData("using var response = _http.{|IOP1004:Send|}(new());")]
    public Task Network_IsReported(string statement) => Situation.VerifyInPinnedAsync(statement, Fields);

    [Theory]
    [InlineData("_process.{|IOP1004:WaitForExit|}();")]
    [InlineData("var over = _process.{|IOP1004:WaitForExit|}(100);")]
    [InlineData("_command.{|IOP1004:ExecuteNonQuery|}();")]
    [InlineData("var value = _command.{|IOP1004:ExecuteScalar|}();")]
    [InlineData("_database.{|IOP1004:Open|}();")]
    public Task ProcessAndDatabase_IsReported(string statement) => Situation.VerifyInPinnedAsync(statement, Fields);

    [Fact]
    public Task QualifiedAndBrokenLines_AreReportedAtTheName() => Situation.VerifyAsync("""
        static class Outer
        {
            public static string Read() => File.ReadAllText("outside of any loop");
        }

        partial class Handler
        {
            [Pinned]
            public async partial ValueTask RunAsync()
            {
                await Task.Yield();
                var text = global::System.IO.File.{|IOP1004:ReadAllText|}("a") + File
                    .{|IOP1004:ReadAllText|}("b");
            }
        }
        """);

    [Fact]
    public Task StaticUsingAliasAndExpressionBody_AreReported() => Situation.VerifyAsync("""
        using static System.IO.File;
        using F = System.IO.File;

        partial class Handler
        {
            [Pinned]
            public async partial ValueTask RunAsync() =>
                await Task.Delay({|IOP1004:ReadAllText|}("a").Length + F.{|IOP1004:ReadAllBytes|}("b").Length);
        }
        """);

    [Fact]
    public Task LambdaOnALoop_IsReported() => Situation.VerifyAsync("""
        static class Program
        {
            public static void Start(EventLoop loop) => loop.Post(() => File.{|IOP1004:ReadAllText|}("a"));
        }
        """);

    [Fact]
    public Task NestedCalls_AreReportedEachOnce() => Situation.VerifyInPinnedAsync("""
        File.{|IOP1004:WriteAllText|}("a", File.{|IOP1004:ReadAllText|}("b"));
        """);

    [Fact]
    public Task InAPropertyOfAPattern_InFilters_AndInInterpolations_IsReported() => Situation.VerifyInPinnedAsync("""
        try
        {
            var text = $"{File.{|IOP1004:ReadAllText|}("a")}";
        }
        catch (Exception) when (File.{|IOP1004:ReadAllText|}("b") is { Length: > 0 })
        {
        }
        """);

    [Fact]
    public Task DerivedLibraryType_IsKnownByItsOwnRowAndByItsBase() => Situation.VerifyInPinnedAsync(
        """
        _npgsql.{|IOP1004:Open|}();
        _npgsql.{|IOP1004:BeginTransaction|}();
        _npgsql.{|IOP1004:Wait|}(1);
        _npgsql.{|IOP1004:BeginBinaryImport|}("copy").{|IOP1004:StartRow|}();
        """,
        "private Npgsql.NpgsqlConnection _npgsql = null!;",
        LibraryStubs.Databases);

    [Fact]
    public Task DerivedUserType_WithoutAnOverride_IsReportedAsItsBase() => Situation.VerifyInPinnedAsync(
        "_log.{|IOP1004:Write|}(new byte[1], 0, 1);",
        """
        private LogFile _log = null!;

        private sealed class LogFile() : FileStream("log", FileMode.Append);
        """);

    [Fact]
    public Task EntityFramework_IsReported() => VerifyEntityFrameworkAsync(
        """
        _db.{|IOP1004:SaveChanges|}();
        _db.Database.{|IOP1004:EnsureCreated|}();
        _db.Database.{|IOP1004:Migrate|}();
        var one = _users.{|IOP1004:Find|}(1);
        _users.Where(static u => u.Length > 1).{|IOP1004:ExecuteDelete|}();
        """);

    [Theory]
    [InlineData("var first = _users.{|IOP1004:First|}();")]
    [InlineData("var count = _users.Where(static u => u.Length > 1).{|IOP1004:Count|}();")]
    [InlineData("var any = _users.AsNoTracking().OrderBy(static u => u).{|IOP1004:Any|}(static u => u.Length > 1);")]
    [InlineData("var all = _users.Where(static u => u.Length > 1).{|IOP1004:ToList|}();")]
    public Task QueryOfEntityFramework_IsCertain(string statement) =>
        VerifyEntityFrameworkAsync(statement);

    [Fact]
    public Task Redis_IsReported() => Situation.VerifyInPinnedAsync(
        """
        var multiplexer = StackExchange.Redis.ConnectionMultiplexer.{|IOP1004:Connect|}("a");
        var value = multiplexer.GetDatabase().{|IOP1004:StringGet|}("key");
        """,
        "",
        LibraryStubs.Redis);

    [Fact]
    public Task MailKit_IsReportedByClassAndByInterface() => Situation.VerifyInPinnedAsync(
        """
        _smtp.{|IOP1004:Connect|}("a", 25, false, token);
        _smtp.{|IOP1004:Send|}(new MimeKit.MimeMessage(), token);
        _service.{|IOP1004:Connect|}("a", 25, false);
        """,
        """
        private MailKit.Net.Smtp.SmtpClient _smtp = null!;
        private MailKit.IMailService _service = null!;
        """,
        LibraryStubs.Mail);

    [Fact]
    public Task DapperAndMongo_AreReported() => Situation.VerifyInPinnedAsync(
        """
        var rows = Dapper.SqlMapper.{|IOP1004:Query|}<int>(_database, "select 1");
        _collection.{|IOP1004:InsertOne|}("a");
        """,
        """
        private System.Data.IDbConnection _database = null!;
        private MongoDB.Driver.IMongoCollection<string> _collection = null!;
        """,
        LibraryStubs.Databases);

    [Fact]
    public Task Azure_IsReportedOnTheDerivedClientToo() => Situation.VerifyInPinnedAsync(
        """
        _blob.{|IOP1004:Upload|}(Stream.Null);
        if (_blob.{|IOP1004:Exists|}(token)) { }
        """,
        "private Azure.Storage.Blobs.BlobClient _blob = null!;",
        LibraryStubs.Services);

    [Fact]
    public Task AspNetCore_IsReported() => Situation.VerifyInPinnedAsync(
        """
        _file.{|IOP1004:CopyTo|}(Stream.Null);
        var cached = _cache.{|IOP1004:Get|}("key");
        """,
        """
        private Microsoft.AspNetCore.Http.IFormFile _file = null!;
        private Microsoft.Extensions.Caching.Distributed.IDistributedCache _cache = null!;
        """,
        LibraryStubs.AspNetCore);

    [Theory]
    [InlineData("var text = await File.ReadAllTextAsync(\"a\", token);")]
    [InlineData("await foreach (var line in File.ReadLinesAsync(\"a\", token)) { }")]
    [InlineData("var count = await _file.ReadAsync(_bytes, token);")]
    [InlineData("var count = await _socket.ReceiveAsync(_bytes, token);")]
    [InlineData("await _process.WaitForExitAsync(token);")]
    [InlineData("await _command.ExecuteNonQueryAsync(token);")]
    [InlineData("using var response = await _http.SendAsync(new(), token);")]
    [InlineData("var addresses = await Dns.GetHostAddressesAsync(\"a\", token);")]
    public Task AsynchronousCounterpart_IsSilent(string statement) => Situation.VerifyInPinnedAsync(statement, Fields);

    [Theory]
    [InlineData("var name = Dns.GetHostName();")]
    [InlineData("_socket.Bind(new IPEndPoint(IPAddress.Any, 0));")]
    [InlineData("_socket.Listen(16);")]
    [InlineData("_socket.Shutdown(System.Net.Sockets.SocketShutdown.Both);")]
    [InlineData("var available = _socket.Available;")]
    [InlineData("_listener.Start();")]
    [InlineData("var client = new System.Net.Sockets.TcpClient();")]
    [InlineData("var client = new System.Net.Sockets.TcpClient(new IPEndPoint(IPAddress.Loopback, 0));")]
    [InlineData("var path = Path.Combine(\"a\", \"b\");")]
    [InlineData("var position = _file.Position;")]
    public Task WhatDoesNotWait_IsSilent(string statement) => Situation.VerifyInPinnedAsync(statement, Fields);

    [Theory]
    [InlineData("if (_process.WaitForExit(0)) { }")]
    [InlineData("if (_process.WaitForExit(TimeSpan.Zero)) { }")]
    [InlineData("if (_process.WaitForExit(milliseconds: 0)) { }")]
    [InlineData("const int AtOnce = 0; if (_process.WaitForExit(AtOnce)) { }")]
    [InlineData("if (_process.WaitForExit(default(TimeSpan))) { }")]
    [InlineData("if (!_listener.Pending()) return; var client = _listener.AcceptTcpClient();")]
    [InlineData("while (_listener.Pending()) { var client = _listener.AcceptTcpClient(); await Task.Yield(); }")]
    [InlineData("if (_listener.Pending()) { var client = _listener.AcceptTcpClient(); }")]
    [InlineData("IPEndPoint? from = null; if (_udp.Available > 0) { _udp.Receive(ref from); }")]
    public Task WhatIsKnownToBeReady_IsSilent(string statement) => Situation.VerifyInPinnedAsync(statement, Fields);

    [Fact]
    public Task PendingOfTheNegatedBranch_IsReported() => Situation.VerifyInPinnedAsync(
        "if (!_listener.Pending()) { var client = _listener.{|IOP1004:AcceptTcpClient|}(); }", Fields);

    [Fact]
    public Task SocketMadeNonBlocking_OnlyMayBlock() => Situation.VerifyInPinnedAsync("""
        var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        socket.Blocking = false;
        socket.{|IOP1006:Receive|}(new byte[1]);
        """);

    [Fact]
    public Task SocketMadeNonBlockingInItsInitializer_OnlyMayBlock() => Situation.VerifyInPinnedAsync("""
        var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { Blocking = false };
        socket.{|IOP1006:Send|}(new byte[1]);
        """);

    [Fact]
    public Task AnotherSocketMadeNonBlocking_ChangesNothing() => Situation.VerifyInPinnedAsync(
        """
        var other = new System.Net.Sockets.Socket(
            System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        other.Blocking = false;
        _socket.{|IOP1004:Receive|}(new byte[1]);
        """,
        Fields);

    [Theory]
    [InlineData("var text = await Offload.RunAsync(() => File.ReadAllText(\"a\"));")]
    [InlineData("var text = await Task.Run(() => File.ReadAllText(\"a\"));")]
    [InlineData("await Offload.RunAsync(() => { using var response = _http.Send(new()); });")]
    [InlineData("await Offload.RunAsync(delegate { File.WriteAllText(\"a\", \"b\"); });")]
    [InlineData("ThreadPool.QueueUserWorkItem(static _ => File.ReadAllText(\"a\"));")]
    [InlineData("var name = nameof(File.ReadAllText);")]
    [InlineData("Func<string, string> read = File.ReadAllText;")]
    [InlineData("System.Linq.Expressions.Expression<Func<string>> tree = () => File.ReadAllText(\"a\");")]
    public Task WhatDoesNotRunOnTheLoop_IsSilent(string statement) => Situation.VerifyInPinnedAsync(statement, Fields);

    [Fact]
    public Task CodeThatIsNotOnALoop_IsSilent() => Situation.VerifyAsync("""
        partial class Handler
        {
            [Pinned]
            public async partial ValueTask RunAsync() => await Task.Yield();

            public async Task OtherAsync()
            {
                await Task.Yield();
                File.ReadAllText("a");
            }

            public string Text() => File.ReadAllText("a");
        }
        """);

    [Fact]
    public Task OwnTypesOfTheSameNames_AreSilent() => Situation.VerifyAsync("""
        namespace Own
        {
            static class File
            {
                public static string ReadAllText(string key) => key;
                public static Task<string> ReadAllTextAsync(string key) => Task.FromResult(key);
            }

            partial class Handler
            {
                [Pinned]
                public async partial ValueTask RunAsync()
                {
                    await Task.Yield();
                    var text = File.ReadAllText("a");
                }
            }
        }
        """);

    // A twin by name alone proves nothing: it is the complaint about analyzers that go by the Async suffix.
    [Fact]
    public Task OwnMethodWithAnAsyncTwin_IsSilent() => Situation.VerifyInPinnedAsync(
        """
        Update(1);
        await UpdateAsync(1);
        """,
        """
        private int _value;
        private void Update(int value) => _value = value;
        private Task UpdateAsync(int value)
        {
            Update(value);
            return Task.CompletedTask;
        }
        """);

    [Fact]
    public Task OwnStreamThatDoesNotBlock_IsSilent() => Situation.VerifyInPinnedAsync(
        "var count = _stream.Read(new byte[1], 0, 1);",
        """
        private readonly Zeros _stream = new();

        private sealed class Zeros : MemoryStream
        {
            public override int Read(byte[] buffer, int offset, int count) => count;
        }

        """);

    [Fact]
    public Task OwnFileStreamThatOverridesWithMemory_GoesByItsBody() => Situation.VerifyInPinnedAsync(
        "_log.Write(new byte[1], 0, 1);",
        """
        private LogFile _log = null!;

        private sealed class LogFile() : FileStream("log", FileMode.Append)
        {
            private int _count;
            public override void Write(byte[] buffer, int offset, int count) => _count += count;
        }
        """);

    [Fact]
    public Task OwnOverride_IsJudgedByItsAttributeThenByItsBody() => Situation.VerifyInPinnedAsync(
        """
        _reviewed.Write(new byte[1], 0, 1);
        _marked.{|IOP1014:Write|}(new byte[1], 0, 1);
        _slow.{|IOP1013:Write|}(new byte[1], 0, 1);
        """,
        """
        private Reviewed _reviewed = null!;
        private Marked _marked = null!;
        private Slow _slow = null!;

        private sealed class Reviewed() : FileStream("log", FileMode.Append)
        {
            [NonBlocking("on a RAM disk")]
            public override void Write(byte[] buffer, int offset, int count) => base.Write(buffer, offset, count);
        }

        private sealed class Marked : MemoryStream
        {
            [Blocking] public override void Write(byte[] buffer, int offset, int count) { }
        }

        private sealed class Slow : MemoryStream
        {
            public override void Write(byte[] buffer, int offset, int count) => Thread.Sleep(1);
        }
        """);

    [Fact]
    public Task OwnContextThatCallsItsBase_IsReportedByItsBody() => Situation.VerifyInPinnedAsync(
        "_db.{|IOP1013:SaveChanges|}();",
        """
        private Shop _db = null!;

        private sealed class Shop : Microsoft.EntityFrameworkCore.DbContext
        {
            public override int SaveChanges() => base.SaveChanges();
        }
        """,
        LibraryStubs.EntityFramework);

    [Fact]
    public Task OwnImplementationOfALibraryInterface_GoesByItsBody() => Situation.VerifyInPinnedAsync(
        "var cached = _cache.Get(\"key\");",
        """
        private readonly Cache _cache = new();

        private sealed class Cache : Microsoft.Extensions.Caching.Distributed.IDistributedCache
        {
            public byte[]? Get(string key) => null;
            public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Task.FromResult(Get(key));
        }
        """,
        LibraryStubs.AspNetCore);

    [Fact]
    public Task EntityFramework_ChangeTracking_IsSilent() => VerifyEntityFrameworkAsync(
        """
        _db.Add("a");
        _db.AddRange("a", "b");
        _users.Add("a");
        _users.AddRange("a", "b");
        var other = _factory.CreateDbContext();
        """);

    [Fact]
    public Task EntityFramework_AsynchronousAndUnfinishedQueries_AreSilent() => VerifyEntityFrameworkAsync(
        """
        await _db.SaveChangesAsync(token);
        var all = await _users.Where(u => u.Length > 1).ToListAsync(token);
        var query = _users.Where(u => u == File.ReadAllText("a")).OrderBy(u => u);
        await foreach (var user in _users.AsAsyncEnumerable()) { }
        """);

    [Fact]
    public Task Redis_AsyncMembersPropertiesAndBatches_AreSilent() => Situation.VerifyInPinnedAsync(
        """
        await using var multiplexer = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync("a");
        var database = multiplexer.GetDatabase();
        var value = await database.StringGetAsync("key");
        var batch = database.CreateBatch();
        var number = database.Database;
        """,
        "",
        LibraryStubs.Redis);

    [Fact]
    public Task MemoryDistributedCache_IsSilent() => Situation.VerifyInPinnedAsync(
        "var cached = _cache.Get(\"key\");",
        "private Microsoft.Extensions.Caching.Distributed.MemoryDistributedCache _cache = null!;",
        LibraryStubs.AspNetCore);

    [Fact]
    public Task UserManagerNames_WhoseTwinIsUnrelated_AreSilent() => Situation.VerifyInPinnedAsync(
        "var name = _users.GetUserName(this);",
        "private Microsoft.AspNetCore.Identity.UserManager<string> _users = null!;",
        LibraryStubs.AspNetCore);

    [Fact]
    public Task MockRaise_WhoseTwinIsUnrelated_IsSilent() => Situation.VerifyInPinnedAsync(
        "_mock.Raise(static _ => { });",
        "private Moq.Mock<string> _mock = null!;",
        LibraryStubs.Services);

    private static Task VerifyEntityFrameworkAsync(string statements) => Situation.VerifyAsync(
        $$"""
        using Microsoft.EntityFrameworkCore;

        partial class Handler
        {
            private DbContext _db = null!;
            private DbSet<string> _users = null!;
            private IDbContextFactory<DbContext> _factory = null!;

            [Pinned]
            public async partial ValueTask RunAsync(CancellationToken token)
            {
                await Task.Yield();
        {{statements}}
            }
        }
        """,
        LibraryStubs.EntityFramework);
}
