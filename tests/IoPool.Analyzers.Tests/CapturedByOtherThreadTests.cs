namespace IoPool.Analyzers.Tests;

/// <summary>IOP2003.</summary>
public sealed class CapturedByOtherThreadTests
{
    [Theory]
    [InlineData("await Task.Run(() => {|IOP2003:connection|}.Abort());")]
    [InlineData("await Task.Run(async () => await {|IOP2003:connection|}.SendAsync(new byte[1]));")]
    [InlineData("await Task.Run({|IOP2003:connection|}.Abort);")]
    [InlineData("await Task.Run(() => Use({|IOP2003:connection|}));")]
    [InlineData("await Task.Run({|IOP2003:Work|}); void Work() { connection.Abort(); connection.Abort(); }")]
    [InlineData("Timer timer = new(_ => {|IOP2003:connection|}.Abort(), null, 1, 1);")]
    [InlineData("Timer? timer = null; timer = new(_ => {|IOP2003:connection|}.Abort(), null, 1, 1);")]
    [InlineData("await Offload.RunAsync(() => {|IOP2003:connection|}.Abort());")]
    [InlineData("await Offload.RunAsync(() => {|IOP2003:connection|}.NoDelay);")]
    [InlineData("new Thread(() => {|IOP2003:connection|}.Abort()).Start();")]
    [InlineData("Thread t = new(() => {|IOP2003:connection|}.Abort()); t.Start();")]
    [InlineData("new Thread(static s => ((SocketConnection)s!).Abort()).Start({|IOP2003:connection|});")]
    [InlineData("using var timer = new Timer(_ => {|IOP2003:connection|}.Abort(), null, 1, 1);")]
    [InlineData("using var timer = new Timer(static s => ((SocketConnection)s!).Abort(), {|IOP2003:connection|}, 1, 1);")]
    [InlineData("ThreadPool.QueueUserWorkItem(_ => {|IOP2003:connection|}.Abort());")]
    [InlineData("ThreadPool.UnsafeQueueUserWorkItem(static c => c.Abort(), {|IOP2003:connection|}, true);")]
    [InlineData("ThreadPool.QueueUserWorkItem(static p => p.c.Abort(), (c: {|IOP2003:connection|}, n: 1), true);")]
    [InlineData("await Task.Run(() => Task.Run(() => {|IOP2003:connection|}.Abort()));")]
    public Task ConnectionOnAnotherThread_IsReported(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("await Task.Factory.StartNew(() => {|IOP2003:connection|}.Abort());")]
    [InlineData("await Task.Factory.StartNew(static s => ((SocketConnection)s!).Abort(), {|IOP2003:connection|});")]
    [InlineData("await Task.Delay(1).ContinueWith(_ => {|IOP2003:connection|}.Abort());")]
    [InlineData("Parallel.For(0, 4, _ => {|IOP2003:connection|}.Abort());")]
    [InlineData("await Parallel.ForAsync(0, 4, async (_, _) => await {|IOP2003:connection|}.SendAsync(new byte[1]));")]
    [InlineData("new[] { 1 }.AsParallel().ForAll(_ => {|IOP2003:connection|}.Abort());")]
    [InlineData("using var t = new System.Timers.Timer(1); t.Elapsed += (_, _) => {|IOP2003:connection|}.Abort();")]
    public Task ConnectionInTasksAndParallelLoops_IsReported(string statements) =>
        Situation.VerifyRuleInPinnedAsync("IOP2003", statements);

    [Theory]
    [InlineData("group.Spawn(async () => await {|IOP2003:connection|}.SendAsync(new byte[1]));")]
    [InlineData("await group.RunAsync(async () => await {|IOP2003:connection|}.SendAsync(new byte[1]));")]
    [InlineData("group.Next().Post(() => {|IOP2003:connection|}.Abort());")]
    [InlineData("group[1].Post(() => {|IOP2003:connection|}.Abort());")]
    [InlineData("group[1].Post(static c => c.Abort(), {|IOP2003:connection|});")]
    [InlineData("var other = group.Next(); other.Post(() => {|IOP2003:connection|}.Abort());")]
    public Task ConnectionOnAnotherLoop_IsReported(string statements) =>
        VerifyAsync("var group = connection.Loop.Group;" + statements);

    [Theory]
    [InlineData("await Task.Run(() => {|IOP2003:_owned|}.Count++);")]
    [InlineData("await Task.Run(() => {|IOP2003:this|}.Count++);")]
    [InlineData("await Task.Run(() => {|IOP2003:Count|}++);")]
    [InlineData("await Task.Run({|IOP2003:Change|});")]
    [InlineData("await Task.Run(() => { {|IOP2003:Count|}++; Count++; });")]
    public Task MembersOfALoopOwnedType_AreReportedOnce(string statements) =>
        Situation.VerifyAsync($$"""
            [LoopOwned]
            partial class C
            {
                public int Count;
                private C _owned = null!;
                private void Change() => Count++;

                [Pinned]
                public async partial ValueTask RunAsync()
                {
                    {{statements}}
                }
            }
            """);

    [Fact]
    public Task DerivedFromALoopOwnedType_InOrdinaryCode_IsReported() => Situation.VerifyAsync("""
        [LoopOwned]
        class Session { public int Count; }

        class Chat : Session
        {
            public static Task SaveAsync(Chat chat) => Task.Run(() => {|IOP2003:chat|}.Count);
        }
        """);

    [Theory]
    [InlineData("await Task.Run(async () => await connection.DisposeAsync());")]
    [InlineData("await Task.Run(connection.DisposeAsync().AsTask);")]
    [InlineData("await Task.Run(() => connection.Loop);")]
    [InlineData("await Task.Run(() => connection.Loop.Post(() => connection.Abort()));")]
    [InlineData("await Task.Run(() => connection.Loop.Post(static c => c.Abort(), connection));")]
    [InlineData("var loop = connection.Loop; await Task.Run(() => loop.Post(() => connection.Abort()));")]
    [InlineData("await Task.Run(() => nameof(connection));")]
    [InlineData("await Task.Run(() => connection is null);")]
    [InlineData("await Task.Run(() => connection == null);")]
    public Task WhatAnyThreadMayDo_IsSilent(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("var remote = connection.RemoteEndPoint; await Task.Run(() => Console.WriteLine(remote));")]
    [InlineData("var noDelay = connection.NoDelay; await Offload.RunAsync(() => noDelay);")]
    [InlineData("var buffer = new byte[8]; var n = await connection.ReceiveAsync(buffer); await Task.Run(() => buffer[0] = (byte)n);")]
    public Task ValueThatWasReadBefore_IsSilent(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("connection.Loop.Post(() => connection.Abort());")]
    [InlineData("EventLoop.Current!.Post(() => connection.Abort());")]
    [InlineData("EventLoop.Current!.Spawn(async () => await connection.SendAsync(new byte[1]));")]
    [InlineData("var loop = connection.Loop; loop.Post(() => connection.Abort());")]
    public Task OwnLoop_IsSilent(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("Action a = () => connection.Abort(); a();")]
    [InlineData("Use2(() => connection.Abort());")]
    [InlineData("await Task.Run(async () => { await using var c = await ConnectAsync(); c.Abort(); });")]
    [InlineData("await Parallel.ForEachAsync(new SocketConnection[0], async (c, t) => await Task.Yield());")]
    [InlineData("using var registration = token.Register(() => connection.Abort());")]
    public Task DelegateThatStays_OrObjectOfItsOwn_IsSilent(string statements) =>
        Situation.VerifyRuleInPinnedAsync("IOP2003", statements, Members);

    [Fact]
    public Task ObjectThatWasMadeForTheOtherLoop_IsSilent() => Situation.VerifyAsync("""
        [LoopOwned]
        class Session { public void Start() { } }

        class C
        {
            void M(EventLoopGroup group)
            {
                var session = new Session();
                group.Next().Post(() => session.Start());
                group[0].Post(static s => s.Start(), new Session());
            }
        }
        """);

    [Theory]
    [InlineData("await Task.Run(() => Console.WriteLine(_name));")]
    [InlineData("await Task.Run(() => Console.WriteLine(Title));")]
    [InlineData("await Offload.RunAsync(() => Compute(1));")]
    [InlineData("using var timer = new Timer(_ => Loop.Post(Tick), null, 1, 1);")]
    [InlineData("using var timer = new Timer(_ => Loop.Post(() => Count++), null, 1, 1);")]
    public Task WhatNeverChangesInALoopOwnedType_IsSilent(string statements) =>
        Situation.VerifyRuleAsync("IOP2003", $$"""
            [LoopOwned]
            partial class C
            {
                private readonly string _name = "c";
                public int Count;
                public string Title { get; } = "t";
                private EventLoop Loop { get; } = EventLoop.Current!;
                private void Tick() => Count++;
                private static int Compute(int x) => x + 1;

                [Pinned]
                public async partial ValueTask RunAsync()
                {
                    {{statements}}
                    await Task.Yield();
                }
            }
            """);

    [Fact]
    public Task OrdinaryObjects_AreSilent() => Situation.VerifyAsync("""
        class C
        {
            private int _count;
            Task M(SocketServer server, EventLoopGroup group) =>
                Task.Run(() => { _count++; _ = server.AcceptedCount; _ = group.Count; });
        }
        """);

    private const string Members = """
            static void Use(SocketConnection c) { }
            static void Use2(Action a) => a();
            static ValueTask<SocketConnection> ConnectAsync() => throw new NotSupportedException();
        """;

    private static Task VerifyAsync(string statements) => Situation.VerifyRuleInPinnedAsync("IOP2003", statements, Members);

    [Fact]
    public Task ObjectUsedOnTheLoopThatItCameFrom_IsSilent() => Situation.VerifyRuleAsync("IOP2003", """
        class Client
        {
            async Task UseAsync(EventLoopGroup group)
            {
                var own = await group[0].RunAsync(static () => SocketConnection.ConnectAsync(new IPEndPoint(0, 0)));
                await group[0].RunAsync(() => own.SendAsync(new byte[1]));
            }
        }
        """);

    [Fact]
    public Task ObjectUsedOnAnotherLoop_IsReported() => Situation.VerifyRuleAsync("IOP2003", """
        class Client
        {
            async Task UseAsync(EventLoopGroup group)
            {
                var own = await group[0].RunAsync(static () => SocketConnection.ConnectAsync(new IPEndPoint(0, 0)));
                await group[1].RunAsync(() => {|IOP2003:own|}.SendAsync(new byte[1]));
                var any = await group.RunAsync(static () => SocketConnection.ConnectAsync(new IPEndPoint(0, 0)));
                await group.RunAsync(() => {|IOP2003:any|}.SendAsync(new byte[1]));
            }
        }
        """);
}
