namespace IoPool.Analyzers.Tests;

/// <summary>IOP3002.</summary>
public sealed class ConsumedTwiceTests
{
    private const string Members = """
            static ValueTask<int> CountAsync() => new(1);
            static void Take(ValueTask<int> call) { }
            static void Log(object? text) { }
        """;

    [Theory]
    [InlineData("await t; await {|IOP3002:t|};")]
    [InlineData("await t; var r = {|IOP3002:t|}.Result;")]
    [InlineData("await t; {|IOP3002:t|}.GetAwaiter().GetResult();")]
    [InlineData("await t.ConfigureAwait(false); await {|IOP3002:t|};")]
    [InlineData("var task = t.AsTask(); await {|IOP3002:t|}; await task;")]
    [InlineData("await Task.WhenAny(t.AsTask(), Task.Delay(1)); await {|IOP3002:t|};")]
    [InlineData("Take(t); await {|IOP3002:t|};")]
    [InlineData("t.Forget(); await {|IOP3002:t|};")]
    [InlineData("if (token.CanBeCanceled) await t; await {|IOP3002:t|};")]
    [InlineData("for (var i = 0; i < 2; i++) await {|IOP3002:t|};")]
    [InlineData("try { await t; } catch (IOException) { await {|IOP3002:t|}; }")]
    [InlineData("try { await t; } finally { await {|IOP3002:t|}; }")]
    [InlineData("var sum = await t + await {|IOP3002:t|};")]
    [InlineData("await t; t = CountAsync(); await t; await {|IOP3002:t|};")]
    public Task SecondConsumption_IsReported(string statements) => VerifyAsync("var t = CountAsync();" + statements);

    [Fact]
    public Task Parameter_IsReported() => Situation.VerifyRuleAsync("IOP3002", """
        partial class C
        {
            [Pinned]
            public static async partial ValueTask<int> RunAsync(ValueTask<int> first, ValueTask second)
            {
                await second;
                await {|IOP3002:second|};
                return await first;
            }
        }
        """);

    [Fact]
    public Task LambdaThatALoopRuns_IsReported() => Situation.VerifyRuleAsync("IOP3002", """
        class C
        {
            void Start(EventLoop loop, SocketConnection connection) => loop.Spawn(async () =>
            {
                var sending = connection.SendAsync(new byte[1]);
                await sending;
                await {|IOP3002:sending|};
            });
        }
        """);

    [Theory]
    [InlineData("await t;")]
    [InlineData("if (token.CanBeCanceled) await t; else Log(t.Result);")]
    [InlineData("if (t.IsCompletedSuccessfully) Log(t.Result); else await t;")]
    [InlineData("if (t.IsCompleted) { Log(t.Result); return; } await t;")]
    [InlineData("while (!t.IsCompleted) await Task.Yield(); await t;")]
    [InlineData("await t; Log(t.IsCompleted); Log(t.IsFaulted);")]
    [InlineData("await t; t = CountAsync(); await t;")]
    [InlineData("await t; t = token.CanBeCanceled ? CountAsync() : default; await t;")]
    [InlineData("for (var i = 0; i < 2; i++) { await t; t = CountAsync(); }")]
    [InlineData("while (true) { try { await t; break; } catch (IOException) { t = CountAsync(); } }")]
    [InlineData("while (true) { await t; break; }")]
    [InlineData("for (var i = 0; i < 2; i++) { var u = CountAsync(); await u; } await t;")]
    [InlineData("foreach (var u in new[] { CountAsync(), CountAsync() }) await u;")]
    [InlineData("var task = t.AsTask(); await task; await task;")]
    [InlineData("var p = t.Preserve(); await p; await p;")]
    [InlineData("t = t.Preserve(); await t; await t;")]
    [InlineData("var (a, b) = (CountAsync(), CountAsync()); await a; await b;")]
    [InlineData("switch (token.CanBeCanceled) { case true: await t; break; default: await t; break; }")]
    public Task OneConsumptionOnEachPath_IsSilent(string statements) => VerifyAsync("var t = CountAsync();" + statements);

    [Theory]
    [InlineData("ValueTask t = default; await t; await t;")]
    [InlineData("var t = ValueTask.CompletedTask; await t; await t;")]
    [InlineData("var t = ValueTask.FromResult(1); await t; await t;")]
    [InlineData("var t = new ValueTask(Task.Delay(1)); await t; await t;")]
    public Task ValueThatHoldsItsResultOrATask_IsSilent(string statements) => VerifyAsync(statements);

    [Fact]
    public Task CodeThatNoLoopRuns_IsSilent() => Situation.VerifyAsync("""
        class C
        {
            async Task M(ValueTask t) { await t; await t; }
        }
        """);

    private static Task VerifyAsync(string statements) =>
        Situation.VerifyRuleInPinnedAsync("IOP3002", statements, Members);
}
