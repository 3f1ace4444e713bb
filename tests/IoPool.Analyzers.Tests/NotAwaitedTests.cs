namespace IoPool.Analyzers.Tests;

/// <summary>IOP3001.</summary>
public sealed class NotAwaitedTests
{
    private const string Members = """
            [Pinned] private static async partial ValueTask WorkAsync() { await Task.Yield(); }
            [Pinned] private static async partial ValueTask<int> CountAsync() { await Task.Yield(); return 1; }
            static async ValueTask OrdinaryAsync() => await Task.Yield();
            static void Take(Action action) { }
            static void TakeCall(ValueTask call) { }
            static void TakeMethod(Func<ValueTask> method) { }
            static void Verify(System.Linq.Expressions.Expression<Action<int>> call) { }
            static Handler? Find() => null;
            [Pinned] private async partial ValueTask InstanceAsync() { await Task.Yield(); }
        """;

    [Theory]
    [InlineData("{|IOP3001:WorkAsync|}();")]
    [InlineData("_ = {|IOP3001:WorkAsync|}();")]
    [InlineData("_ = {|IOP3001:CountAsync|}();")]
    [InlineData("{|IOP3001:CountAsync|}();")]
    [InlineData("Find()?.{|IOP3001:InstanceAsync|}();")]
    [InlineData("_ = Find()?.{|IOP3001:InstanceAsync|}();")]
    [InlineData("{|IOP3001:WorkAsync|}().ConfigureAwait(false);")]
    [InlineData("Action a = () => {|IOP3001:WorkAsync|}();")]
    [InlineData("Take(() => {|IOP3001:WorkAsync|}());")]
    [InlineData("Take(() => { {|IOP3001:WorkAsync|}(); });")]
    [InlineData("void Local() => {|IOP3001:WorkAsync|}(); Local();")]
    [InlineData("var call = {|IOP3001:WorkAsync|}();")]
    [InlineData("ValueTask<int> count = {|IOP3001:CountAsync|}(), other = 2.ToString() is null ? default : {|IOP3001:CountAsync|}();")]
    [InlineData("_ = true ? {|IOP3001:WorkAsync|}() : {|IOP3001:WorkAsync|}();")]
    public Task PinnedCallThatIsDropped_IsReportedEverywhere(string statements)
    {
        return Task.WhenAll(VerifyAsync(statements), Situation.VerifyRuleAsync("IOP3001", $$"""
            partial class Handler
            {
                void Ordinary()
                {
                    {{statements}}
                }

            {{Members}}
            }
            """));
    }

    [Theory]
    [InlineData("connection.{|IOP3001:SendAsync|}(new byte[1]);")]
    [InlineData("_ = connection.{|IOP3001:SendAsync|}(new byte[1]);")]
    [InlineData("_ = EventLoop.{|IOP3001:Delay|}(TimeSpan.Zero);")]
    [InlineData("var sent = connection.{|IOP3001:SendAsync|}(new byte[1]);")]
    [InlineData("connection.{|IOP3001:DisposeAsync|}();")]
    [InlineData("new List<SocketConnection>().ForEach(c => c.{|IOP3001:SendAsync|}(new byte[1]));")]
    public Task OperationThatIsDropped_IsReportedOnALoop(string statements) => VerifyAsync(statements);

    [Fact]
    public Task OperationInALambdaThatALoopRuns_IsReportedOnce() => Situation.VerifyAsync("""
        class C
        {
            void Start(EventLoop loop, SocketConnection connection) => loop.Spawn(async () =>
            {
                loop.Post(() => connection.{|IOP3001:SendAsync|}(new byte[1]));
                _ = connection.{|IOP3001:SendAsync|}(new byte[1]);
                await Task.Yield();
            });
        }
        """);

    [Fact]
    public Task PinnedContract_IsReported() => Situation.VerifyAsync("""
        interface IHandler
        {
            [Pinned] ValueTask HandleAsync();
        }

        class C
        {
            void M(IHandler handler) => handler.{|IOP3001:HandleAsync|}();
        }
        """);

    [Theory]
    [InlineData("await WorkAsync();")]
    [InlineData("await WorkAsync().ConfigureAwait(false);")]
    [InlineData("var call = WorkAsync(); await call;")]
    [InlineData("await WorkAsync().AsTask();")]
    [InlineData("_ = WorkAsync().AsTask();")]
    [InlineData("WorkAsync().Forget();")]
    [InlineData("CountAsync().Forget();")]
    [InlineData("connection.SendAsync(new byte[1]).Forget();")]
    [InlineData("TakeCall(WorkAsync());")]
    [InlineData("TakeMethod(() => WorkAsync());")]
    [InlineData("TakeMethod(WorkAsync);")]
    [InlineData("connection.Loop.Spawn(() => WorkAsync());")]
    [InlineData("connection.Loop.Spawn(WorkAsync);")]
    [InlineData("Func<ValueTask<int>> f = () => CountAsync(); await f();")]
    [InlineData("_ = await CountAsync();")]
    [InlineData("_ = connection.DisposeAsync();")]
    [InlineData("OrdinaryAsync();")]
    [InlineData("await (Find()?.InstanceAsync() ?? default);")]
    [InlineData("await (token.CanBeCanceled ? WorkAsync() : OrdinaryAsync()).ConfigureAwait(false);")]
    public Task CallThatSomebodyAwaits_IsSilent(string statements) => VerifyAsync(statements);

    [Fact]
    public Task Returned_AsInCA2012_3384_IsSilent() => Situation.VerifyAsync("""
        partial class C
        {
            [Pinned] private async partial ValueTask WorkAsync() { await Task.Yield(); }
            ValueTask A() => WorkAsync();
            ValueTask B(C? c) => c?.WorkAsync() ?? default;
            ValueTask D(int i) { return i switch { 0 => WorkAsync(), _ => default }; }
        }
        """);

    [Fact]
    public Task ExpressionTree_AsInMA0134_692_IsSilent() => VerifyAsync("Verify(x => WorkAsync());");

    [Fact]
    public Task OperationThatNoLoopIsKnownToRun_IsSilent() => Situation.VerifyAsync("""
        class C
        {
            void M(SocketConnection connection) => _ = connection.SendAsync(new byte[1]);
        }
        """);

    private static Task VerifyAsync(string statements) =>
        Situation.VerifyRuleInPinnedAsync("IOP3001", statements, Members);
}
