namespace IoPool.Analyzers.Tests;

/// <summary>IOP2004.</summary>
public sealed class StoredInStaticTests
{
    private const string Members = """
            static SocketConnection? s_last;
            static object? s_object;
            static SocketConnection? Last { get; set; }
            static readonly List<SocketConnection> s_list = [];
            static readonly SocketConnection[] s_array = new SocketConnection[4];
            static readonly ConcurrentDictionary<int, SocketConnection> s_map = new();
            static readonly ConcurrentQueue<SocketConnection> s_queue = new();
            static readonly List<(SocketConnection, int)> s_pairs = [];
            static readonly List<string> s_names = [];
            static readonly ThreadLocal<SocketConnection?> s_threadLocal = new();
            static readonly AsyncLocal<SocketConnection?> s_asyncLocal = new();
            static readonly ConditionalWeakTable<SocketConnection, object> s_weak = new();
            [ThreadStatic] static SocketConnection? t_last;
            SocketConnection? _last;
            readonly List<SocketConnection> _list = [];
        """;

    [Theory]
    [InlineData("{|IOP2004:s_last|} = connection;")]
    [InlineData("Handler.{|IOP2004:s_last|} = connection;")]
    [InlineData("{|IOP2004:s_last|} ??= connection;")]
    [InlineData("{|IOP2004:s_object|} = connection;")]
    [InlineData("{|IOP2004:Last|} = connection;")]
    [InlineData("s_list.{|IOP2004:Add|}(connection);")]
    [InlineData("s_queue.{|IOP2004:Enqueue|}(connection);")]
    [InlineData("s_map.{|IOP2004:TryAdd|}(1, connection);")]
    [InlineData("{|IOP2004:s_map|}[1] = connection;")]
    [InlineData("{|IOP2004:s_array|}[1] = connection;")]
    [InlineData("s_pairs.{|IOP2004:Add|}((connection, 1));")]
    [InlineData("Interlocked.{|IOP2004:Exchange|}(ref s_last, connection);")]
    [InlineData("Interlocked.{|IOP2004:CompareExchange|}(ref s_last, connection, null);")]
    [InlineData("Volatile.{|IOP2004:Write|}(ref s_last, connection);")]
    [InlineData("var copy = connection; {|IOP2004:s_last|} = copy;")]
    public Task OnALoop_IsReported(string statements) => VerifyAsync(statements);

    [Fact]
    public Task LambdaThatALoopRuns_IsReported() => Situation.VerifyAsync("""
        class C
        {
            static SocketConnection? s_last;
            void Start(EventLoopGroup group) => group.Listen(new IPEndPoint(IPAddress.Loopback, 0), async connection =>
            {
                {|IOP2004:s_last|} = connection;
                await Task.Yield();
            });
        }
        """);

    [Fact]
    public Task LoopOwnedTypeThatStoresItself_IsReported() => Situation.VerifyAsync("""
        [LoopOwned]
        class Session
        {
            static readonly List<Session> s_all = [];
            static Session? s_current;

            public Session() => s_all.{|IOP2004:Add|}(this);

            public void Enter() => {|IOP2004:s_current|} = this;
        }
        """);

    [Theory]
    [InlineData("static readonly Session {|IOP2004:s_only|} = new();")]
    [InlineData("static Session {|IOP2004:Only|} { get; } = new();")]
    public Task Initializer_IsReported(string member) => Situation.VerifyAsync($$"""
        [LoopOwned]
        class Session { }

        class C
        {
            {{member}}
        }
        """);

    [Theory]
    [InlineData("[ThreadStatic] static Session? t_current = new();")]
    [InlineData("static Session? s_current = null;")]
    [InlineData("static Session s_current = null!;")]
    [InlineData("readonly Session _session = new();")]
    [InlineData("static readonly object s_other = new();")]
    public Task OtherDeclarations_AreSilent(string member) => Situation.VerifyRuleAsync("IOP2004", $$"""
        [LoopOwned]
        class Session { }

        class C
        {
            {{member}}
        }
        """);

    [Theory]
    [InlineData("_last = connection;")]
    [InlineData("_list.Add(connection);")]
    [InlineData("t_last = connection;")]
    [InlineData("s_threadLocal.Value = connection;")]
    [InlineData("s_asyncLocal.Value = connection;")]
    [InlineData("s_weak.Add(connection, new object());")]
    [InlineData("s_last = null;")]
    [InlineData("s_map.TryRemove(1, out _);")]
    [InlineData("s_list.Remove(connection);")]
    [InlineData("s_object = connection.RemoteEndPoint;")]
    [InlineData("s_names.Add(connection.ToString()!);")]
    [InlineData("var local = new List<SocketConnection>(); local.Add(connection);")]
    [InlineData("var found = s_last; found = connection;")]
    public Task OwnThreadsOrValues_AreSilent(string statements) => VerifyAsync(statements);

    [Fact]
    public Task ServerThatAnyThreadMayUse_IsSilent() => Situation.VerifyAsync("""
        class C
        {
            static SocketServer? s_server;
            static readonly EventLoopGroup s_group = new();
            void Start() => s_server = s_group.Listen(new IPEndPoint(IPAddress.Loopback, 0), async c => await Task.Yield());
        }
        """);

    private static Task VerifyAsync(string statements) =>
        Situation.VerifyRuleInPinnedAsync("IOP2004", statements, Members);
}
