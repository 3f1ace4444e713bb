namespace IoPool.CodeFixes.Tests;

/// <summary>IOP1002.</summary>
public sealed class SleepTests
{
    [Theory]
    [InlineData("Thread.{|IOP1002:Sleep|}(10);", "await EventLoop.Delay(TimeSpan.FromMilliseconds(10));")]
    [InlineData(
        "Thread.{|IOP1002:Sleep|}(millisecondsTimeout: 10);",
        "await EventLoop.Delay(TimeSpan.FromMilliseconds(10));")]
    [InlineData(
        "Thread.{|IOP1002:Sleep|}(TimeSpan.FromSeconds(1)); // a second",
        "await EventLoop.Delay(TimeSpan.FromSeconds(1)); // a second")]
    [InlineData(
        "if (task.IsCompleted)\n    Thread.{|IOP1002:Sleep|}(task.Id);",
        "if (task.IsCompleted)\n    await EventLoop.Delay(TimeSpan.FromMilliseconds(task.Id));")]
    [InlineData("Thread.{|IOP1002:Sleep|}(0);", "await EventLoop.Yield();")]
    [InlineData("Thread.{|IOP1002:Sleep|}(TimeSpan.Zero);", "await EventLoop.Yield();")]
    [InlineData("Thread.{|IOP1002:Yield|}();", "await EventLoop.Yield();")]
    [InlineData("Thread.{|IOP1002:SpinWait|}(100);", "await EventLoop.Yield();")]
    [InlineData(
        "var spinner = new SpinWait();\nspinner.{|IOP1002:SpinOnce|}();",
        "var spinner = new SpinWait();\nawait EventLoop.Yield();")]
    public Task Sleep_LetsTheLoopGoOn(string before, string after) => new FixTest().VerifyInPinnedAsync(before, after);

    [Theory]
    [InlineData("Thread.{|IOP1002:Sleep|}(10);", "await Task.Delay(10);")]
    [InlineData("Thread.{|IOP1002:Sleep|}(TimeSpan.FromSeconds(1));", "await Task.Delay(TimeSpan.FromSeconds(1));")]
    public Task TaskDelay_IsTheSecondChoice(string before, string after) =>
        new FixTest { Title = "Await Task.Delay" }.VerifyInPinnedAsync(before, after);

    [Fact]
    public Task Token_IsPassedOn() => new FixTest().VerifyAsync(
        FixTest.Usings + """
        partial class C
        {
            [Pinned]
            public static async partial ValueTask M(CancellationToken stop)
            {
                await Task.Yield();
                Thread.{|IOP1002:Sleep|}(10);
            }
        }
        """,
        FixTest.Usings + """
        partial class C
        {
            [Pinned]
            public static async partial ValueTask M(CancellationToken stop)
            {
                await Task.Yield();
                await EventLoop.Delay(TimeSpan.FromMilliseconds(10), stop);
            }
        }
        """);

    [Fact]
    public Task LocalToken_IsPassedOn_WhenItHasTheName() => new FixTest().VerifyInPinnedAsync(
        "var token = CancellationToken.None;\n"
        + "Thread.{|IOP1002:Sleep|}(10);\nvar cancellationToken = token;\nUse(cancellationToken);",
        "var token = CancellationToken.None;\nawait EventLoop.Delay(TimeSpan.FromMilliseconds(10), token);\n"
        + "var cancellationToken = token;\nUse(cancellationToken);");

    [Theory]
    [InlineData("new Thread(() => { }).{|IOP1002:Join|}();")]
    [InlineData("SpinWait.{|IOP1002:SpinUntil|}(() => task.IsCompleted);")]
    [InlineData("Use(Thread.{|IOP1002:Yield|}());")]
    [InlineData("Action a = () => Thread.{|IOP1002:Sleep|}(1);\na();")]
    [InlineData("Action<int> a = Thread.{|IOP1002:Sleep|};\na(1);")]
    [InlineData("lock (task) { Thread.{|IOP1002:Sleep|}(1); }")]
    public Task Others_AreLeft(string before) => new FixTest().VerifyNotOfferedInPinnedAsync(before);

    [Fact]
    public Task MissingUsings_AreAddedInOrder() => new FixTest().VerifyAsync(
        """
        using System.Threading;

        class C { async System.Threading.Tasks.Task M() { await System.Threading.Tasks.Task.Yield();
        Thread.{|IOP1002:Sleep|}(10); } }
        """,
        """
        using System;
        using System.Threading;
        using IoPool;

        class C { async System.Threading.Tasks.Task M() { await System.Threading.Tasks.Task.Yield();
        await EventLoop.Delay(TimeSpan.FromMilliseconds(10)); } }
        """);
}
