namespace IoPool.Analyzers.Tests;

/// <summary>IOP1002. The lambdas that loops run are in <see cref="CodeThatRunsElsewhereTests"/>.</summary>
public sealed class SleepTests
{
    private const string Members = """
        readonly Thread _thread = null!;
        volatile bool _stop;
        Thread Worker => _thread;
        bool IsStopped() => _stop;
        static void Use(params object?[] values) { }
        """;

    [Theory]
    [InlineData("Thread.{|IOP1002:Sleep|}(100);")]
    [InlineData("Thread.{|IOP1002:Sleep|}(1);")]
    [InlineData("Thread.{|IOP1002:Sleep|}(0);")]
    [InlineData("Thread.{|IOP1002:Sleep|}(Timeout.Infinite);")]
    [InlineData("Thread.{|IOP1002:Sleep|}(TimeSpan.FromMilliseconds(5));")]
    [InlineData("Thread.{|IOP1002:Sleep|}(millisecondsTimeout: 5);")]
    [InlineData("System.Threading.Thread.{|IOP1002:Sleep|}(1);")]
    [InlineData("global::System.Threading.Thread.{|IOP1002:Sleep|}(1);")]
    [InlineData("if (_stop) Thread.{|IOP1002:Sleep|}(1);")]
    [InlineData("while (!_stop) Thread.{|IOP1002:Sleep|}(1);")]
    [InlineData("for (var i = 0; i < 3; i++, Thread.{|IOP1002:Sleep|}(1)) Use(i);")]
    [InlineData("try { Use(); } catch (Exception) { Thread.{|IOP1002:Sleep|}(1); }")]
    [InlineData("try { Use(); } finally { Thread.{|IOP1002:Sleep|}(1); }")]
    [InlineData("switch (1) { case 1: Thread.{|IOP1002:Sleep|}(1); break; }")]
    [InlineData("{ { unsafe { Thread.{|IOP1002:Sleep|}(1); } } }")]
    [InlineData("#pragma warning disable CS0162\nif (true) Thread.{|IOP1002:Sleep|}(1);")]
    public Task Sleep_IsReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("_thread.{|IOP1002:Join|}();")]
    [InlineData("_thread.{|IOP1002:Join|}(100);")]
    [InlineData("if (!_thread.{|IOP1002:Join|}(TimeSpan.FromSeconds(1))) return;")]
    [InlineData("_thread?.{|IOP1002:Join|}();")]
    [InlineData("Worker.{|IOP1002:Join|}();")]
    [InlineData("Thread.CurrentThread.{|IOP1002:Join|}(5);")]
    [InlineData("var wait = Environment.ProcessorCount; _thread.{|IOP1002:Join|}(wait);")]
    public Task Join_IsReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("SpinWait.{|IOP1002:SpinUntil|}(IsStopped);")]
    [InlineData("SpinWait.{|IOP1002:SpinUntil|}(() => _stop);")]
    [InlineData("SpinWait.{|IOP1002:SpinUntil|}(() => _stop, 100);")]
    [InlineData("if (SpinWait.{|IOP1002:SpinUntil|}(() => _stop, TimeSpan.FromSeconds(1))) return;")]
    public Task SpinUntil_IsReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("var spin = new SpinWait(); spin.{|IOP1006:SpinOnce|}();")]
    [InlineData("var spin = new SpinWait(); spin.{|IOP1006:SpinOnce|}(sleep1Threshold: -1);")]
    [InlineData("_thread.{|IOP1006:Start|}();")]
    [InlineData("_thread.{|IOP1006:UnsafeStart|}();")]
    public Task WhatSleepsOnlySometimes_MayBlock(string statement) => VerifyAsync(statement);

    [Fact]
    public Task ImportedStatically_IsReported() => Situation.VerifyAsync("""
        using static System.Threading.Thread;
        using T = System.Threading.Thread;

        partial class Handler
        {
            [Pinned]
            public static async partial ValueTask RunAsync()
            {
                await Task.Yield();
                {|IOP1002:Sleep|}(1);
                T.{|IOP1002:Sleep|}(2);
            }
        }
        """);

    [Theory]
    [InlineData("_thread.Join(0);")]
    [InlineData("_thread.Join(TimeSpan.Zero);")]
    [InlineData("if (_thread.Join(default(TimeSpan))) return;")]
    [InlineData("const int None = 0; _thread.Join(None);")]
    [InlineData("SpinWait.SpinUntil(() => _stop, 0);")]
    [InlineData("SpinWait.SpinUntil(() => _stop, TimeSpan.Zero);")]
    public Task ZeroTimeout_IsSilent(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("await Task.Delay(100);")]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(1), token);")]
    [InlineData("await EventLoop.Delay(TimeSpan.FromMilliseconds(1), token);")]
    [InlineData("await EventLoop.Yield();")]
    [InlineData("await Task.Yield();")]
    [InlineData("using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1)); await timer.WaitForNextTickAsync();")]
    [InlineData("Use(Thread.CurrentThread.ManagedThreadId, _thread.IsAlive, _thread.ThreadState);")]
    [InlineData("_thread.Name = \"x\"; _thread.IsBackground = true;")]
    [InlineData("Thread.MemoryBarrier();")]
    [InlineData("var spin = new SpinWait(); Use(spin.NextSpinWillYield, spin.Count); spin.Reset();")]
    [InlineData("var name = nameof(Thread.Sleep);")]
    [InlineData("Action<int> sleep = Thread.Sleep; Use(sleep);")]
    [InlineData("System.Linq.Expressions.Expression<Action> e = () => Thread.Sleep(1);")]
    [InlineData("Use(string.Join(\",\", new[] { 1 }), Path.Join(\"a\", \"b\"));")]
    [InlineData("Use(new[] { 1 }.Join(new[] { 1 }, a => a, b => b, (a, b) => a));")]
    public Task WhatDoesNotSleep_IsSilent(string statement) => VerifyAsync(statement);

    [Fact]
    public Task OwnMembersOfTheSameNames_AreSilent() => Situation.VerifyInPinnedAsync(
        """
        Sleep(5);
        Thread.Sleep(5);
        new Bed().Sleep();
        new Bed().Join(1);
        """,
        """
        static void Sleep(int count) { }

        static class Thread
        {
            public static void Sleep(int count) { }
        }

        sealed class Bed
        {
            public void Sleep() { }
            public bool Join(int count) => count > 0;
        }
        """);

    private static Task VerifyAsync(string statements) => Situation.VerifyInPinnedAsync(statements, Members);
}
