namespace IoPool.CodeFixes.Tests;

/// <summary>IOP1001.</summary>
public sealed class AwaitTaskTests
{
    [Theory]
    [InlineData("var x = task.{|IOP1001:Result|};", "var x = await task;")]
    [InlineData("Use(task.{|IOP1001:Result|});", "Use(await task);")]
    [InlineData("var x = task.{|IOP1001:Result|} + 1;", "var x = await task + 1;")]
    [InlineData("var x = -task.{|IOP1001:Result|};", "var x = -await task;")]
    [InlineData("""var x = $"{task.{|IOP1001:Result|}:D3}";""", """var x = $"{await task:D3}";""")]
    [InlineData("var x = task.{|IOP1001:Result|}.ToString();", "var x = (await task).ToString();")]
    [InlineData(
        "var x = task.{|IOP1001:Result|} switch { 1 => 2, _ => 3 };",
        "var x = await task switch { 1 => 2, _ => 3 };")]
    [InlineData("var x = (long)task.{|IOP1001:Result|};", "var x = (long)await task;")]
    [InlineData("if (task.{|IOP1001:Result|} > 1) Use(1);", "if (await task > 1) Use(1);")]
    [InlineData("task.{|IOP1001:Wait|}();", "await task;")]
    [InlineData("task.GetAwaiter().{|IOP1001:GetResult|}();", "await task;")]
    [InlineData("var x = task.GetAwaiter().{|IOP1001:GetResult|}();", "var x = await task;")]
    [InlineData("var x = task.ConfigureAwait(false).GetAwaiter().{|IOP1001:GetResult|}();", "var x = await task;")]
    [InlineData(
        "((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().{|IOP1001:GetResult|}();",
        "await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);")]
    [InlineData("var x = new ValueTask<int>(1).{|IOP1001:Result|};", "var x = await new ValueTask<int>(1);")]
    [InlineData("_ = task.{|IOP1001:Result|};", "_ = await task;")]
    [InlineData("task.{|IOP1001:Wait|}(CancellationToken.None);", "await task.WaitAsync(CancellationToken.None);")]
    [InlineData("task.{|IOP1001:Wait|}(100);", "await task.WaitAsync(TimeSpan.FromMilliseconds(100));")]
    [InlineData("_ = task.{|IOP1001:Wait|}(TimeSpan.MaxValue);", "await task.WaitAsync(TimeSpan.MaxValue);")]
    [InlineData(
        "task.{|IOP1001:Wait|}(100, CancellationToken.None);",
        "await task.WaitAsync(TimeSpan.FromMilliseconds(100), CancellationToken.None);")]
    [InlineData("Task.{|IOP1001:WaitAll|}(task, GetAsync(2));", "await Task.WhenAll(task, GetAsync(2));")]
    [InlineData(
        "Task.{|IOP1001:WaitAll|}(new Task[] { task }, 100);",
        "await Task.WhenAll(new Task[] { task }).WaitAsync(TimeSpan.FromMilliseconds(100));")]
    [InlineData("Task.{|IOP1001:WaitAny|}(task, GetAsync(2));", "await Task.WhenAny(task, GetAsync(2));")]
    public Task Wait_BecomesAnAwait(string before, string after) => new FixTest().VerifyInPinnedAsync(before, after);

    [Theory]
    [InlineData(
        "Use(GetAsync(task.{|IOP1001:Result|}).{|IOP1001:Result|});", "Use(await GetAsync(await task));")]
    [InlineData(
        "Use(GetAsync(GetAsync(task.{|IOP1001:Result|}).GetAwaiter().{|IOP1001:GetResult|}())"
        + ".{|IOP1001:Result|}.ToString());",
        "Use((await GetAsync(await GetAsync(await task))).ToString());")]
    [InlineData(
        "var x = task.{|IOP1001:Result|} + task.{|IOP1001:Result|};\ntask.{|IOP1001:Wait|}();",
        "var x = await task + await task;\nawait task;")]
    public Task Waits_AreFixedTogether(string before, string after) =>
        new FixTest().VerifyInPinnedAsync(before, after);

    [Fact]
    public Task Comments_Stay() => new FixTest().VerifyInPinnedAsync(
        """
        // before
        var x = task // the task
            .{|IOP1001:Result|}; // after
        Use(/* a */ task /* b */ .{|IOP1001:Result|} /* c */);
        """,
        """
        // before
        var x = await task // the task
            ; // after
        Use(/* a */ await task /* b */  /* c */);
        """);

    [Fact]
    public Task ChainOverLines_Stays() => new FixTest().VerifyInPinnedAsync(
        """
        var x = Task
            .Run(() => 1)
            .{|IOP1001:Result|};
        """,
        """
        var x = await Task
            .Run(() => 1);
        """);

    [Fact]
    public Task SpanThatIsNotNeededLater_IsNoObstacle() => new FixTest().VerifyInPinnedAsync(
        """
        Span<int> span = stackalloc int[1];
        span[0] = 1;
        Use(task.{|IOP1001:Result|});
        """,
        """
        Span<int> span = stackalloc int[1];
        span[0] = 1;
        Use(await task);
        """);

    [Theory]
    [InlineData("Task<int>? other = task;\nUse(other?.{|IOP1001:Result|});")]
    [InlineData("if (task is { {|IOP1001:Result|}: 5 }) Use(1);")]
    [InlineData("if (task.{|IOP1001:Wait|}(100)) Use(1);")]
    [InlineData("var index = Task.{|IOP1001:WaitAny|}(task);\nUse(index);")]
    [InlineData("lock (task) { Use(task.{|IOP1001:Result|}); }")]
    [InlineData("try { Use(1); } catch (Exception) when (task.{|IOP1001:Result|} > 1) { }")]
    [InlineData("var q = from x in new[] { 1 } where task.{|IOP1001:Result|} > x select x;\nUse(q);")]
    [InlineData("Func<int> f = () => task.{|IOP1001:Result|};\nUse(f);")]
    [InlineData("int Local() => task.{|IOP1001:Result|};\nUse(Local());")]
    [InlineData("unsafe { Use(task.{|IOP1001:Result|}); }")]
    [InlineData("var awaiter = task.GetAwaiter();\nUse(awaiter.{|IOP1001:GetResult|}());")]
    [InlineData("Span<int> span = stackalloc int[1];\nspan[0] = task.{|IOP1001:Result|};\nUse(span[0]);")]
    [InlineData("Span<int> span = stackalloc int[1];\nUse(task.{|IOP1001:Result|});\nUse(span[0]);")]
    [InlineData("foreach (var x in new byte[4].AsSpan()) Use(x + task.{|IOP1001:Result|});")]
    public Task Wait_WhereNoAwaitCanStand_IsLeft(string before) =>
        new FixTest().VerifyNotOfferedInPinnedAsync(before);

    [Theory]
    [InlineData("class C { readonly int _x; C(Task<int> t) { _x = t.{|IOP1001:Result|}; } int X => _x; }")]
    [InlineData("class C { static int M(Task<int> t) => t.{|IOP1001:Result|}; }")]
    [InlineData("class C { static int X { get; } = Task.FromResult(1).{|IOP1001:Result|}; }")]
    [InlineData("class C { int this[Task<int> t] => t.{|IOP1001:Result|}; }")]
    public Task Wait_OutsideOfAsyncCode_IsLeft(string before) =>
        new FixTest().VerifyNotOfferedAsync(FixTest.Usings + before);

    [Fact]
    public Task FirstClauseOfAQuery_CanAwait() => new FixTest().VerifyInPinnedAsync(
        "var q = from x in Enumerable.Range(0, task.{|IOP1001:Result|}) select x;\nUse(q);",
        "var q = from x in Enumerable.Range(0, await task) select x;\nUse(q);");

    [Fact]
    public Task AsyncLambda_CanAwait() => new FixTest().VerifyInPinnedAsync(
        "Func<Task> f = async () => { await Task.Yield(); task.{|IOP1001:Wait|}(); };\nUse(f);",
        "Func<Task> f = async () => { await Task.Yield(); await task; };\nUse(f);");

    [Fact]
    public Task WhatCannotBeFixed_DoesNotKeepOthersFromIt() => new FixTest().VerifyInPinnedAsync(
        """
        lock (task)
        {
            Use(task.{|IOP1001:Result|});
        }

        Use(task.{|IOP1001:Result|});
        """,
        """
        lock (task)
        {
            Use(task.Result);
        }

        Use(await task);
        """);

    [Fact]
    public Task MissingUsing_IsAdded() => new FixTest().VerifyAsync(
        """
        // The license.
        using System.Threading.Tasks;
        using IoPool;

        partial class C
        {
            [Pinned]
            public static async partial ValueTask M(Task task)
            {
                await Task.Yield();
                task.{|IOP1001:Wait|}(5);
            }
        }
        """,
        """
        // The license.
        using System;
        using System.Threading.Tasks;
        using IoPool;

        partial class C
        {
            [Pinned]
            public static async partial ValueTask M(Task task)
            {
                await Task.Yield();
                await task.WaitAsync(TimeSpan.FromMilliseconds(5));
            }
        }
        """);
}
