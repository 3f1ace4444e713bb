namespace IoPool.Analyzers.Tests;

/// <summary>
/// IOP1001: the forms in which a wait for a task can be written. What silences one is in
/// <see cref="TaskWaitEvidenceTests"/> and <see cref="CodeThatRunsElsewhereTests"/>.
/// </summary>
public sealed class TaskWaitTests
{
    private const string Members = """
        readonly TaskCompletionSource<int> _source = new();
        Task<int> _task = null!;
        Task<int> Pending { get; set; } = null!;
        Task<int> StartAsync() => _source.Task;
        Task<int> StartAsync(int value) => _source.Task;
        Task WorkAsync() => _source.Task;
        Task<string> TextAsync() => null!;
        Task<Task<int>> NestedAsync() => null!;
        Task<(int, int)> PairAsync() => null!;
        Task<MemoryStream> StreamAsync() => null!;
        ValueTask<int> ReceiveAsync() => new(_source.Task);
        ValueTask FlushAsync() => new(_source.Task);
        static void Use(params object?[] values) { }
        sealed class Holder { public int Value { get; set; } }
        """;

    [Theory]
    [InlineData("var x = t.{|IOP1001:Result|};")]
    [InlineData("int x; x = t.{|IOP1001:Result|};")]
    [InlineData("_ = t.{|IOP1001:Result|};")]
    [InlineData("var x = 1 + t.{|IOP1001:Result|} * 2;")]
    [InlineData("var x = -t.{|IOP1001:Result|};")]
    [InlineData("var x = (long)t.{|IOP1001:Result|};")]
    [InlineData("var x = (t).{|IOP1001:Result|};")]
    [InlineData("var x = t!.{|IOP1001:Result|};")]
    [InlineData("var x = t?.{|IOP1001:Result|};")]
    [InlineData("var x = t?.{|IOP1001:Result|}.ToString().Length;")]
    [InlineData("var x = ((Task<int>)(object)t).{|IOP1001:Result|};")]
    [InlineData("var x = (t as Task<int>)!.{|IOP1001:Result|};")]
    [InlineData("var x = checked(t.{|IOP1001:Result|} + 1);")]
    [InlineData("object x = $\"{t.{|IOP1001:Result|}}\";")]
    [InlineData("object x = $\"{t.{|IOP1001:Result|},5:x}\";")]
    [InlineData("var x = (t.{|IOP1001:Result|}, 1);")]
    [InlineData("int[] x = [1, t.{|IOP1001:Result|}];")]
    [InlineData("var x = new[] { t.{|IOP1001:Result|} };")]
    [InlineData("var x = new List<int> { t.{|IOP1001:Result|} };")]
    [InlineData("var x = new int[t.{|IOP1001:Result|}];")]
    [InlineData("var x = new Holder { Value = t.{|IOP1001:Result|} };")]
    [InlineData("var x = new { t.{|IOP1001:Result|} };")]
    [InlineData("var x = new int[2][]; x[t.{|IOP1001:Result|}] = [];")]
    [InlineData("int? maybe = null; var x = maybe ?? t.{|IOP1001:Result|};")]
    [InlineData("int? maybe = null; maybe ??= t.{|IOP1001:Result|};")]
    [InlineData("var x = 1; x += t.{|IOP1001:Result|};")]
    public Task Result_InAnExpression_IsReported(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("Use(t.{|IOP1001:Result|});")]
    [InlineData("Use(1, new object(), Math.Max(2, t.{|IOP1001:Result|}));")]
    [InlineData("await Task.Delay(t.{|IOP1001:Result|});")]
    [InlineData("await StartAsync(t.{|IOP1001:Result|});")]
    [InlineData("await connection.SendAsync(new byte[t.{|IOP1001:Result|}]);")]
    [InlineData("var x = StartAsync(t.{|IOP1001:Result|}).{|IOP1001:Result|};")]
    [InlineData("var x = t.{|IOP1001:Result|} + StartAsync().{|IOP1001:Result|};")]
    [InlineData("var x = (await NestedAsync()).{|IOP1001:Result|};")]
    [InlineData("var x = NestedAsync().{|IOP1001:Result|}.{|IOP1001:Result|};")]
    [InlineData("var x = TextAsync().{|IOP1001:Result|}[0];")]
    [InlineData("var (a, b) = PairAsync().{|IOP1001:Result|};")]
    [InlineData("foreach (var c in TextAsync().{|IOP1001:Result|}) Use(c);")]
    [InlineData("using var stream = StreamAsync().{|IOP1001:Result|};")]
    [InlineData("using (StreamAsync().{|IOP1001:Result|}) { }")]
    [InlineData("throw new InvalidOperationException(TextAsync().{|IOP1001:Result|});")]
    [InlineData("token.ThrowIfCancellationRequested(); if (t.{|IOP1001:Result|} > 0) return;")]
    [InlineData("for (var i = 0; i < t.{|IOP1001:Result|}; i++) Use(i);")]
    [InlineData("try { await t; } catch (Exception) when (TextAsync().{|IOP1001:Result|} == \"\") { }")]
    [InlineData("try { Use(); } finally { Use(t.{|IOP1001:Result|}); }")]
    public Task Result_AsPartOfAStatement_IsReported(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("var x = t is { {|IOP1001:Result|}: 5 };")]
    [InlineData("var x = t is { {|IOP1001:Result|}: > 5 and < 9 };")]
    [InlineData("if (t is { {|IOP1001:Result|}: var value }) Use(value);")]
    [InlineData("var x = TextAsync() is { {|IOP1001:Result|}.Length: 5 };")]
    [InlineData("var x = t.{|IOP1001:Result|} is 5;")]
    [InlineData("var x = t.{|IOP1001:Result|} switch { 0 => 1, _ => 2 };")]
    [InlineData("var x = t switch { { {|IOP1001:Result|}: 0 } => 1, _ => 2 };")]
    [InlineData("var x = 5 switch { 0 => 1, _ => t.{|IOP1001:Result|} };")]
    [InlineData("var x = 5 switch { var n when n > t.{|IOP1001:Result|} => 1, _ => 2 };")]
    [InlineData("switch (t.{|IOP1001:Result|}) { case 1: break; }")]
    [InlineData("switch (t) { case { {|IOP1001:Result|}: 1 }: break; }")]
    [InlineData("object o = t; if (o is Task<int> u && u.{|IOP1001:Result|} == 1) return;")]
    public Task Result_InAPattern_IsReported(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("int[] x = [.. ListAsync().{|IOP1001:Result|}];")]
    [InlineData("var x = new Dictionary<int, int> { [t.{|IOP1001:Result|}] = 1 };")]
    [InlineData("var x = new Dictionary<int, int> { { 1, t.{|IOP1001:Result|} } };")]
    [InlineData("var x = new Pair(1, 2) with { Left = t.{|IOP1001:Result|} };")]
    [InlineData("Pair x = new(t.{|IOP1001:Result|}, 2);")]
    [InlineData("var x = \"abc\"[..t.{|IOP1001:Result|}];")]
    [InlineData("var x = \"abc\"[^t.{|IOP1001:Result|}];")]
    [InlineData("unsafe { var x = stackalloc int[t.{|IOP1001:Result|}]; }")]
    [InlineData("await using var stream = StreamAsync().{|IOP1001:Result|};")]
    [InlineData("await foreach (var x in ItemsAsync().{|IOP1001:Result|}) Use(x);")]
    [InlineData("var x = TextAsync().{|IOP1001:Result|} ?? throw new IOException();")]
    [InlineData("var x = TextAsync().{|IOP1001:Result|}!.Length;")]
    [InlineData("int a; string b; (a, b) = (t.{|IOP1001:Result|}, \"\");")]
    [InlineData("var x = await Task.WhenAny(t) is var w && StartAsync().{|IOP1001:Result|} > 0;")]
    [InlineData("var x = $\"\"\"{t.{|IOP1001:Result|}}\"\"\";")]
    [InlineData("if (TextAsync().{|IOP1001:Result|} is [var first, ..]) Use(first);")]
    [InlineData("label: Use(t.{|IOP1001:Result|}); if (t.Id > 5) goto label;")]
    public Task Result_InNewerOrRarerSyntax_IsReported(string statements) => Situation.VerifyInPinnedAsync(
        "Task<int> t = StartAsync();\n" + statements,
        Members + """

        sealed record Pair(int Left, int Right);
        Task<List<int>> ListAsync() => null!;
        Task<IAsyncEnumerable<int>> ItemsAsync() => null!;
        """);

    [Theory]
    [InlineData("dynamic d = t; Use(d.Result); d.Wait();")]
    [InlineData("Use(await t, await TextAsync() is { Length: 5 });")]
    [InlineData("var results = await Task.WhenAll(t, t); Use(results);")]
    public Task WhatIsNotKnownToWait_IsSilent(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("_task.{|IOP1001:Result|}")]
    [InlineData("this._task.{|IOP1001:Result|}")]
    [InlineData("Pending.{|IOP1001:Result|}")]
    [InlineData("_source.Task.{|IOP1001:Result|}")]
    [InlineData("new[] { t }[0].{|IOP1001:Result|}")]
    [InlineData("Task.Run(() => 1).{|IOP1001:Result|}")]
    [InlineData("Task.WhenAll(t, t).{|IOP1001:Result|}")]
    [InlineData("Task.WhenAny(t, t).{|IOP1001:Result|}")]
    [InlineData("t.WaitAsync(token).{|IOP1001:Result|}")]
    [InlineData("(t.Id > 1 ? t : _task).{|IOP1001:Result|}")]
    [InlineData("(t ?? _task).{|IOP1001:Result|}")]
    [InlineData("NestedAsync().Unwrap().{|IOP1001:Result|}")]
    public Task Result_OfATaskFromAnywhere_IsReported(string expression) => VerifyAsync($"Use({expression});");

    [Theory]
    [InlineData("t.{|IOP1001:Wait|}();")]
    [InlineData("t?.{|IOP1001:Wait|}();")]
    [InlineData("WorkAsync().{|IOP1001:Wait|}();")]
    [InlineData("t.{|IOP1001:Wait|}(token);")]
    [InlineData("t.{|IOP1001:Wait|}(1);")]
    [InlineData("t.{|IOP1001:Wait|}(Timeout.Infinite);")]
    [InlineData("t.{|IOP1001:Wait|}(100, token);")]
    [InlineData("t.{|IOP1001:Wait|}(TimeSpan.FromSeconds(1));")]
    [InlineData("t.{|IOP1001:Wait|}(TimeSpan.FromSeconds(1), token);")]
    [InlineData("t.{|IOP1001:Wait|}(cancellationToken: token, millisecondsTimeout: 5);")]
    [InlineData("if (!t.{|IOP1001:Wait|}(50)) return;")]
    [InlineData("var timeout = Environment.ProcessorCount; t.{|IOP1001:Wait|}(timeout);")]
    [InlineData("Task.Delay(10).{|IOP1001:Wait|}();")]
    [InlineData("Task.Run(() => { }).{|IOP1001:Wait|}();")]
    public Task Wait_IsReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("Task.{|IOP1001:WaitAll|}(t, WorkAsync());")]
    [InlineData("Task.{|IOP1001:WaitAll|}(new Task[] { t });")]
    [InlineData("Task.{|IOP1001:WaitAll|}(new Task[] { t }, 10);")]
    [InlineData("Task.{|IOP1001:WaitAll|}(new Task[] { t }, token);")]
    [InlineData("Task.{|IOP1001:WaitAll|}(new Task[] { t }, 10, token);")]
    [InlineData("Task.{|IOP1001:WaitAll|}(new Task[] { t }, TimeSpan.FromSeconds(1));")]
    [InlineData("Task.{|IOP1001:WaitAll|}(new List<Task> { t }, token);")]
    [InlineData("Task.{|IOP1001:WaitAny|}(t, WorkAsync());")]
    [InlineData("var i = Task.{|IOP1001:WaitAny|}(new Task[] { t }, 10);")]
    [InlineData("Task.{|IOP1001:WaitAny|}(new Task[] { t }, token);")]
    [InlineData("Task.{|IOP1001:WaitAny|}(new Task[] { t }, TimeSpan.FromSeconds(1));")]
    [InlineData("System.Threading.Tasks.Task.{|IOP1001:WaitAll|}(t);")]
    public Task WaitAllAndWaitAny_AreReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("var x = t.GetAwaiter().{|IOP1001:GetResult|}();")]
    [InlineData("WorkAsync().GetAwaiter().{|IOP1001:GetResult|}();")]
    [InlineData("t?.GetAwaiter().{|IOP1001:GetResult|}();")]
    [InlineData("var awaiter = t.GetAwaiter(); Use(awaiter.{|IOP1001:GetResult|}());")]
    [InlineData("Use(t.ConfigureAwait(false).GetAwaiter().{|IOP1001:GetResult|}());")]
    [InlineData("WorkAsync().ConfigureAwait(true).GetAwaiter().{|IOP1001:GetResult|}();")]
    [InlineData("var configured = t.ConfigureAwait(false); configured.GetAwaiter().{|IOP1001:GetResult|}();")]
    [InlineData("Use(ReceiveAsync().GetAwaiter().{|IOP1001:GetResult|}());")]
    [InlineData("FlushAsync().GetAwaiter().{|IOP1001:GetResult|}();")]
    [InlineData("Use(ReceiveAsync().ConfigureAwait(false).GetAwaiter().{|IOP1001:GetResult|}());")]
    [InlineData("FlushAsync().ConfigureAwait(false).GetAwaiter().{|IOP1001:GetResult|}();")]
    public Task GetResult_OfAnAwaiter_IsReported(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("Use(ReceiveAsync().{|IOP1001:Result|});")]
    [InlineData("var v = ReceiveAsync(); Use(v.{|IOP1001:Result|});")]
    [InlineData("Use(ReceiveAsync().AsTask().{|IOP1001:Result|});")]
    [InlineData("FlushAsync().AsTask().{|IOP1001:Wait|}();")]
    [InlineData("Use(connection.ReceiveAsync(new byte[1]).{|IOP1001:Result|});")]
    [InlineData("Use(connection.ReceiveAsync(new byte[1]).AsTask().{|IOP1001:Result|});")]
    [InlineData("connection.SendAsync(new byte[1]).GetAwaiter().{|IOP1001:GetResult|}();")]
    public Task ValueTask_IsReported(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("foreach (var x in items.{|IOP1001:ToBlockingEnumerable|}()) Use(x);")]
    [InlineData("foreach (var x in items.{|IOP1001:ToBlockingEnumerable|}(token)) Use(x);")]
    public Task ToBlockingEnumerable_IsReported(string statement) =>
        VerifyAsync("IAsyncEnumerable<int> items = null!; " + statement);

    [Fact]
    public Task RunSynchronously_MayBlock() => VerifyAsync("""
        var work = new Task(() => { });
        work.{|IOP1006:RunSynchronously|}();
        """);

    [Fact]
    public Task ExpressionBody_IsReported() => Situation.VerifyAsync("""
        partial class Handler
        {
            [Pinned]
            public static async partial ValueTask<int> RunAsync(Task<int> a, Task<int> b) =>
                await a + b.{|IOP1001:Result|};
        }
        """);

    [Fact]
    public Task EveryKindOfPinnedMethod_IsLookedAt() => Situation.VerifyAsync("""
        interface IHandler { [Pinned] ValueTask RunAsync(Task t); }

        partial class Outer<T>
        {
            partial struct Handler : IHandler
            {
                [Pinned]
                public async partial ValueTask RunAsync(Task t)
                {
                    t.{|IOP1001:Wait|}();
                    await t;
                }
            }

            [Pinned]
            protected virtual async partial ValueTask<T> GenericAsync<TOther>(Task<T> t, TOther other)
            {
                var result = t.{|IOP1001:Result|};
                await t;
                return result;
            }
        }
        """);

    [Fact]
    public Task LocalFunctionPinnedByHand_IsReportedOnce() => VerifyAsync("""
        await InnerAsync(t);

        [Pinned, AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]
        static async ValueTask InnerAsync(Task<int> inner)
        {
            Use(inner.{|IOP1001:Result|});
            await inner;
        }
        """);

    [Fact]
    public Task LambdaPinnedByHand_IsReportedOnce() => Situation.VerifyAsync("""
        static class Program
        {
            public static void Start(EventLoopGroup group, Task task) => group.Spawn(
                [AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))] async ValueTask () =>
                {
                    await Task.Yield();
                    task.{|IOP1001:Wait|}();
                });
        }
        """);

    [Fact]
    public Task TwoWaitsOnOneLine_AreTwoReports() => VerifyAsync(
        "Use(t.{|IOP1001:Result|}, StartAsync().{|IOP1001:Result|}, Pending.{|IOP1001:Result|});");

    [Theory]
    [InlineData("var name = nameof(t.Result);")]
    [InlineData("var name = nameof(Task<int>.Result);")]
    [InlineData("var name = nameof(Task.Wait) + nameof(Task.WaitAll);")]
    [InlineData("System.Linq.Expressions.Expression<Func<Task<int>, int>> e = x => x.Result;")]
    [InlineData("System.Linq.Expressions.Expression<Action<Task>> e = x => x.Wait();")]
    [InlineData("var type = typeof(Task<int>); Use(type.GetProperty(\"Result\"));")]
    [InlineData("Use(\"t.Result\"); // t.Result")]
    [InlineData("#if NEVER\nt.Wait();\n#endif\n")]
    public Task WhatIsNotExecuted_IsSilent(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("Use(t.IsCompleted, t.IsFaulted, t.Status, t.Id, t.Exception, t.AsyncState);")]
    [InlineData("Use(t.GetAwaiter());")]
    [InlineData("Use(t.GetAwaiter().IsCompleted);")]
    [InlineData("await t;")]
    [InlineData("await t.WaitAsync(token);")]
    [InlineData("await Task.WhenAll(t, WorkAsync());")]
    [InlineData("var first = await Task.WhenAny(t, WorkAsync());")]
    [InlineData("await ReceiveAsync();")]
    [InlineData("IAsyncEnumerable<int> items = null!; await foreach (var x in items) Use(x);")]
    [InlineData("_source.SetResult(1); _source.TrySetCanceled(token);")]
    public Task WhatDoesNotWait_IsSilent(string statements) => VerifyAsync(statements);

    [Fact]
    public Task OwnMembersOfTheSameNames_AreSilent() => Situation.VerifyInPinnedAsync(
        """
        var job = new Job();
        job.Wait();
        job.Wait(5);
        Job.WaitAll(job);
        var x = job.Result + job.GetAwaiter().GetResult() + job.Result.GetHashCode();
        if (job is { Result: 5 }) return;
        Wait();
        """,
        """
        static void Wait() { }

        sealed class Job
        {
            public int Result => 1;
            public void Wait() { }
            public bool Wait(int timeout) => timeout > 0;
            public static void WaitAll(params Job[] jobs) { }
            public Awaiter GetAwaiter() => default;
        }

        struct Awaiter
        {
            public int GetResult() => 1;
        }
        """);

    [Fact]
    public Task DocumentationAndAttributes_AreSilent() => Situation.VerifyAsync("""
        [System.Diagnostics.DebuggerDisplay("{Pending.Result}")]
        partial class Handler
        {
            public Task<int> Pending { get; } = Task.FromResult(1);

            /// <summary>Like <see cref="Task{T}.Result"/> and <see cref="Task.Wait()"/>.</summary>
            [Pinned, Obsolete(nameof(Task.Wait))]
            public async partial ValueTask RunAsync() => await Pending;
        }
        """);

    private static Task VerifyAsync(string statements) =>
        Situation.VerifyInPinnedAsync("Task<int> t = StartAsync();\n" + statements, Members);
}
