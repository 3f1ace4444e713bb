namespace IoPool.CodeFixes.Tests;

/// <summary>IOP2002 and IOP2009.</summary>
public sealed class ConfigureAwaitTests
{
    [Theory]
    [InlineData("await task.{|IOP2002:ConfigureAwait|}(false);", "await task;")]
    [InlineData("{|IOP2002:await|} task.ConfigureAwait(true); // done", "await task; // done")]
    [InlineData("await task\n    .{|IOP2002:ConfigureAwait|}(false);", "await task;")]
    [InlineData("Use((await task.{|IOP2002:ConfigureAwait|}(false)).ToString());", "Use((await task).ToString());")]
    [InlineData(
        "await GetAsync(await task.{|IOP2002:ConfigureAwait|}(false)).{|IOP2002:ConfigureAwait|}(false);",
        "await GetAsync(await task);")]
    [InlineData(
        "await foreach (var x in Items().{|IOP2002:ConfigureAwait|}(false)) Use(x);",
        "await foreach (var x in Items()) Use(x);")]
    [InlineData(
        "var s = new MemoryStream();\nawait using (s.{|IOP2002:ConfigureAwait|}(false)) Use(s);",
        "var s = new MemoryStream();\nawait using (s) Use(s);")]
    [InlineData(
        "await Task.Delay(1 /* a */) /* b */ .{|IOP2002:ConfigureAwait|}(false /* c */);",
        "await Task.Delay(1 /* a */) /* b */  /* c */;")]
    public Task ConfigureAwait_IsRemoved(string before, string after) => new FixTest
    {
        Members = "static async IAsyncEnumerable<int> Items() { await Task.Yield(); yield return 1; }",
    }.VerifyInPinnedAsync(before, after);

    [Fact]
    public Task Configured_ThatIsKept_IsLeft() => new FixTest().VerifyNotOfferedInPinnedAsync(
        "System.Runtime.CompilerServices.ConfiguredTaskAwaitable<int> c = task.{|IOP2002:ConfigureAwait|}(false);\n"
        + "await c;");

    [Fact]
    public Task Lambda_GoesBackToTheLoop() => new FixTest().VerifyAsync(
        Program("""
            group.Listen(new IPEndPoint(IPAddress.Loopback, 0), async connection =>
            {
                await Task.Delay(1).{|IOP2009:ConfigureAwait|}(false);
            });
            """),
        Program("""
            group.Listen(new IPEndPoint(IPAddress.Loopback, 0), async connection =>
            {
                await Task.Delay(1);
            });
            """));

    [Fact]
    public Task Lambda_BecomesAPinnedMethod() => Pinning.VerifyAsync(
        Program("""
            group.Listen(new IPEndPoint(IPAddress.Loopback, 0), async connection =>
            {
                // wait
                await Task.Delay(1).{|IOP2009:ConfigureAwait|}(false);
                await connection.SendAsync(new byte[1]).{|IOP2009:ConfigureAwait|}(false);
            });
            """),
        Program(
            "group.Listen(new IPEndPoint(IPAddress.Loopback, 0), HandleAsync);",
            """

                [Pinned]
                private static async partial ValueTask HandleAsync(SocketConnection connection)
                {
                    // wait
                    await Task.Delay(1);
                    await connection.SendAsync(new byte[1]);
                }

            """,
            isPartial: true));

    [Fact]
    public Task Lambda_ThatUsesItsObject_BecomesAnInstanceMethod() => Pinning.VerifyAsync(
        Program("""
            var task = group.RunAsync(async () => await Task.Delay(_delay).{|IOP2009:ConfigureAwait|}(false));
            """),
        Program(
            "var task = group.RunAsync(HandleAsync);",
            """

                [Pinned]
                private async partial ValueTask HandleAsync() => await Task.Delay(_delay);

            """,
            isPartial: true));

    [Theory]
    [InlineData(
        "var delay = 1;\nvar task = group.RunAsync(async () => await "
        + "Task.Delay(delay).{|IOP2009:ConfigureAwait|}(false));")]
    [InlineData(
        "var task = group.RunAsync(async () => { await Task.Yield(); await "
        + "Local().{|IOP2009:ConfigureAwait|}(false); });\nTask Local() => Task.CompletedTask;")]
    [InlineData(
        "var task = group.RunAsync(async () => { group.ToString(); await "
        + "Task.Delay(1).{|IOP2009:ConfigureAwait|}(false); });")]
    public Task Lambda_ThatNeedsTheMethodAroundIt_StaysOne(string statements) =>
        Pinning.VerifyNotOfferedAsync(Program(statements));

    private static FixTest Pinning => new() { Title = "Make it a pinned method" };

    private static string Program(string statements, string more = "", bool isPartial = false) =>
        $$"""
        {{FixTest.Usings}}{{(isPartial ? "partial " : "")}}class Program
        {
            private readonly int _delay = 1;

            void Start(EventLoopGroup group)
            {
                {{statements.Replace("\n", "\n        ", StringComparison.Ordinal)}}
            }
        {{more}}}
        """;
}
