namespace IoPool.Analyzers.Tests;

/// <summary>IOP2009.</summary>
public sealed class LeavesLoopTests
{
    [Theory]
    [InlineData("await Task.Delay(1).{|IOP2009:ConfigureAwait|}(false);")]
    [InlineData("await Task.Delay(1).{|IOP2009:ConfigureAwait|}(ConfigureAwaitOptions.None);")]
    [InlineData("await Task.Delay(1).{|IOP2009:ConfigureAwait|}(ConfigureAwaitOptions.SuppressThrowing);")]
    [InlineData("await new MemoryStream().ReadAsync(new byte[1]).{|IOP2009:ConfigureAwait|}(false);")]
    [InlineData("await using var s = new MemoryStream().{|IOP2009:ConfigureAwait|}(false);")]
    [InlineData("await HelperAsync().{|IOP2009:ConfigureAwait|}(false); await connection.SendAsync(new byte[1]);")]
    [InlineData("var t = Task.Delay(1); await t.{|IOP2009:ConfigureAwait|}(false);")]
    public Task InALambdaThatALoopRuns_IsReported(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("await Task.Delay(1);")]
    [InlineData("await Task.Delay(1).ConfigureAwait(true);")]
    [InlineData("await Task.Delay(1).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.ForceYielding);")]
    [InlineData("await connection.SendAsync(new byte[1]).ConfigureAwait(false);")]
    [InlineData("var n = await connection.ReceiveAsync(new byte[1]).ConfigureAwait(false);")]
    [InlineData("var t = connection.SendAsync(new byte[1]); await t.ConfigureAwait(false);")]
    [InlineData("await EventLoop.Delay(TimeSpan.Zero).ConfigureAwait(false);")]
    [InlineData("await PinnedAsync().ConfigureAwait(false);")]
    [InlineData("await Task.CompletedTask.ConfigureAwait(false);")]
    [InlineData("await Offload.RunAsync(() => 1).ConfigureAwait(false);")]
    public Task AwaitThatComesBack_IsSilent(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("loop.Spawn({|IOP2009:LeaveAsync|});")]
    [InlineData("loop.Spawn(() => {|IOP2009:LeaveAsync|}());")]
    [InlineData("loop.RunAsync(C.{|IOP2009:LeaveAsync|}).AsTask();")]
    [InlineData("loop.Spawn({|IOP2009:InnerAsync|}); async ValueTask InnerAsync() => await Task.Delay(1).ConfigureAwait(false);")]
    public Task MethodThatALoopStarts_IsReportedAtItsName(string statements) => VerifyOutsideAsync(statements);

    [Fact]
    public Task HandlerByName_OfAnotherClass_IsReported() => Situation.VerifyAsync("""
        class Server
        {
            void Start(EventLoopGroup group, Echo echo) =>
                group.Listen(new IPEndPoint(IPAddress.Loopback, 0), echo.{|IOP2009:HandleAsync|});
        }

        class Echo
        {
            public async ValueTask HandleAsync(SocketConnection connection)
            {
                await foreach (var line in ReadAsync().ConfigureAwait(false))
                    await connection.SendAsync(Encoding.UTF8.GetBytes(line));
            }

            static async IAsyncEnumerable<string> ReadAsync() { await Task.Yield(); yield return "x"; }
        }
        """);

    [Theory]
    [InlineData("loop.Spawn(StayAsync);")]
    [InlineData("loop.Spawn(PinnedAsync);")]
    [InlineData("loop.Spawn(NestedAsync);")]
    public Task MethodThatStays_IsSilent(string statements) => VerifyOutsideAsync(statements);

    [Fact]
    public Task HelperThatALambdaAwaits_IsSilent() => VerifyAsync("await HelperAsync();");

    [Fact]
    public Task LocalFunctionThatALambdaAwaits_IsSilent() => VerifyAsync("""
        await InnerAsync();
        async Task InnerAsync() => await Task.Delay(1).ConfigureAwait(false);
        """);

    [Fact]
    public Task CodeThatNoLoopRuns_IsSilent() => Situation.VerifyAsync("""
        class C
        {
            async Task M() => await Task.Delay(1).ConfigureAwait(false);
            void N() => Task.Run(async () => await Task.Delay(1).ConfigureAwait(false));
        }
        """);

    [Fact]
    public Task HandlerOfAListener_IsReported() => Situation.VerifyAsync("""
        class C
        {
            void Start(EventLoopGroup group) => group.Listen(new IPEndPoint(IPAddress.Loopback, 0), async connection =>
            {
                await File.ReadAllBytesAsync("x").{|IOP2009:ConfigureAwait|}(false);
                await connection.SendAsync(new byte[1]);
            });
        }
        """);

    private static Task VerifyAsync(string statements) => Situation.VerifyAsync($$"""
        partial class C
        {
            void Start(EventLoop loop, SocketConnection connection) => loop.Spawn(async () =>
            {
                await Task.Yield();
                {{statements}}
            });

            static async Task HelperAsync() => await Task.Delay(1).ConfigureAwait(false);

            [Pinned]
            private static async partial ValueTask PinnedAsync() { await Task.Yield(); }
        }
        """);

    private static Task VerifyOutsideAsync(string statements) => Situation.VerifyAsync($$"""
        partial class C
        {
            void Start(EventLoop loop)
            {
                {{statements}}
            }

            static async ValueTask LeaveAsync() => await Task.Delay(1).ConfigureAwait(false);

            static async ValueTask StayAsync()
            {
                await Task.Delay(1);
                await EventLoop.Delay(TimeSpan.Zero).ConfigureAwait(false);
            }

            static async ValueTask NestedAsync() =>
                await Task.Run(async () => await Task.Delay(1).ConfigureAwait(false));

            [Pinned]
            private static async partial ValueTask PinnedAsync() { await Task.Yield(); }
        }
        """);
}
