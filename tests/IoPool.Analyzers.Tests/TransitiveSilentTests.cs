using IoPool.Analyzers.Tests.Support;

namespace IoPool.Analyzers.Tests;

/// <summary>Helpers that block only elsewhere, or not at all: neither IOP1013 nor IOP1020.</summary>
public sealed class TransitiveSilentTests
{
    [Theory]
    [InlineData("public static void M() { }")]
    [InlineData("public static void M() => Task.Run(() => Thread.Sleep(1));")]
    [InlineData("public static void M() => _ = Offload.RunAsync(() => Thread.Sleep(1)).AsTask();")]
    [InlineData("public static void M() { void Never() => Thread.Sleep(1); Action kept = Never; }")]
    [InlineData("public static void M() { Action kept = () => Thread.Sleep(1); }")]
    [InlineData("public static Action M() => () => Thread.Sleep(1);")]
    [InlineData("public static void M() => new Thread(() => Thread.Sleep(1)).IsBackground = true;")]
    [InlineData("public static string M() => nameof(Thread.Sleep);")]
    [InlineData("public static object M() => new MemoryStream().ReadByte();")]
    [InlineData("public static void M() { EventLoop.Current?.Spawn(static async () => await Task.Yield()); }")]
    [InlineData("public static void M() => ThreadPool.QueueUserWorkItem(static _ => Thread.Sleep(1));")]
    [InlineData("public static Task M() => Task.WhenAll(new[] { 1 }.Select(x => Task.Run(() => Thread.Sleep(x))));")]
    [InlineData("public static void M() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => Thread.Sleep(1);")]
    [InlineData("public static object M() "
        + "{ System.Linq.Expressions.Expression<Action> e = () => Thread.Sleep(1); return e; }")]
    [InlineData("public static bool M() => Monitor.TryEnter(typeof(H));")]
    [InlineData("public static bool M() => new ManualResetEvent(true).WaitOne(TimeSpan.Zero);")]
    [InlineData("public static string M() => new Dictionary<string, string>().ToString() + new StringBuilder();")]
    [InlineData("public static void M() { using var writer = new StringWriter(); writer.Write('a'); }")]
    [InlineData("public static void M() { using var source = new CancellationTokenSource(); source.Cancel(); }")]
    [InlineData("public static bool M() => new SemaphoreSlim(1).Wait(0);")]
    [InlineData("public static void M() => new List<int>().ForEach(static x => { });")]
    [InlineData("public static object M() => new[] { 1 }.Select(x => File.ReadAllText(\"a\"));")]
    public Task HelperThatDoesNotBlock_IsSilent(string helper) => TransitiveSituation.VerifyAsync(
        "H.M();", "public static class H { " + helper + " }");

    [Theory]
    [InlineData("public static int M() => Task.FromResult(1).Result;")]
    [InlineData("public static int M(Task<int>? t = null) => t is { IsCompletedSuccessfully: true } ? t.Result : 0;")]
    [InlineData("public static int M() { var t = N(); if (t.IsCompleted) return t.Result; return 0; } "
        + "static Task<int> N() => Task.FromResult(1);")]
    [InlineData("public static void M() { var t = N(); if (t.IsCompletedSuccessfully) t.GetAwaiter().GetResult(); } "
        + "static ValueTask N() => default;")]
    public Task WaitForWhatIsComplete_IsSilent(string helper) =>
        TransitiveSituation.VerifyAsync("H.M();", "public static class H { " + helper + " }");

    [Theory]
    [InlineData("public static async Task M() { await Task.Delay(1).ConfigureAwait(false); Thread.Sleep(1); }")]
    [InlineData("public static async Task M() { await Task.Delay(1).ConfigureAwait(ConfigureAwaitOptions.None); "
        + "Thread.Sleep(1); }")]
    [InlineData("public static async Task<string> M() { await N().ConfigureAwait(false); "
        + "return File.ReadAllText(\"a\"); } "
        + "static async Task N() => await Task.Yield();")]
    [InlineData("public static async Task M() => await Task.Run(() => Thread.Sleep(1));")]
    [InlineData("public static async Task M() { var t = Task.Delay(1); await t; t.Wait(); }")]
    public Task AsyncHelperThatBlocksOnlyElsewhere_IsSilent(string helper) =>
        TransitiveSituation.VerifyAsync("await H.M();", "public static class H { " + helper + " }");

    [Fact]
    public Task HelperWithAReason_StopsTheChain() => TransitiveSituation.VerifyAsync(
        """
        H.M();
        H.N();
        var value = H.Value;
        var h = new G();
        """,
        """
        public static class H
        {
            [NonBlocking("the file is on a RAM disk")] public static void M() => File.ReadAllText("a");
            public static void N() => M();
            [NonBlocking("read once, at start")] public static string Value => File.ReadAllText("a");
        }

        public sealed class G
        {
            [NonBlocking("measured")] public G() => Thread.Sleep(0);
        }
        """);

    [Theory]
    [InlineData("Task.Run(() => H.M());")]
    [InlineData("await Offload.RunAsync(H.M);")]
    [InlineData("await Offload.RunAsync(() => H.M());")]
    [InlineData("Action later = H.M;")]
    [InlineData("Action later = () => H.M();")]
    [InlineData("var name = nameof(H.M);")]
    [InlineData("System.Linq.Expressions.Expression<Action> tree = () => H.M();")]
    [InlineData("#pragma warning disable CS8321\nvoid Local() => H.M();")]
    public Task BlockingHelperThatDoesNotRunHere_IsSilent(string statement) => TransitiveSituation.VerifyAsync(
        statement, "public static class H { public static void M() => Thread.Sleep(1); }");

    [Theory]
    [InlineData("var v = h.Target;")]
    [InlineData("h.Auto = h.Auto + 1;")]
    [InlineData("var name = nameof(h.Value);")]
    [InlineData("h.Source = 1;")]
    [InlineData("var other = new H(1);")]
    [InlineData("h.Changed += static (_, _) => { };")]
    public Task OtherAccessorOrConstructor_IsSilent(string statement) => TransitiveSituation.VerifyAsync(
        "var h = new H(2); " + statement,
        """
        #pragma warning disable CS0067
        public sealed class H
        {
            public H() => Thread.Sleep(1);
            public H(int number) { }
            public event EventHandler? Changed;
            public int Auto { get; set; }
            public int Value { get { Thread.Sleep(1); return 1; } }
            public int Target { get => 1; set => Thread.Sleep(value); }
            public int Source { get { Thread.Sleep(1); return 1; } set { } }
        }
        """);

    [Fact]
    public Task IteratorThatIsNotEnumerated_IsSilent() => TransitiveSituation.VerifyAsync(
        """
        var lines = H.Lines();
        var query = H.Lines().Where(static x => x.Length > 1);
        """,
        """
        public static class H
        {
            public static IEnumerable<string> Lines()
            {
                Thread.Sleep(1);
                yield return "a";
            }
        }
        """);

    [Fact]
    public Task ForeachOverWhatDoesNotBlock_IsSilent() => TransitiveSituation.VerifyAsync(
        """
        foreach (var number in H.Numbers()) { }
        foreach (var number in new List<int>()) { }
        foreach (var letter in "abc") { }
        await foreach (var number in H.NumbersAsync()) { }
        """,
        """
        public static class H
        {
            public static IEnumerable<int> Numbers() { yield return 1; }
            public static async IAsyncEnumerable<int> NumbersAsync()
            {
                await Task.Yield();
                yield return 1;
            }
        }
        """);

    [Fact]
    public Task DisposeThatDoesNotBlock_IsSilent() => TransitiveSituation.VerifyAsync(
        """
        using var one = new H();
        using (new H()) { }
        await using var two = new A();
        """,
        """
        public sealed class H : IDisposable { public void Dispose() { } }
        public sealed class A : IAsyncDisposable { public ValueTask DisposeAsync() => default; }
        """);

    [Fact]
    public Task InterfaceOrAbstractCallOfUnknownKind_IsSilent() => TransitiveSituation.VerifyAsync(
        """
        _port.Read();
        _base.Read();
        """,
        """
        public interface IPort { void Read(); }
        public sealed class Port : IPort { public void Read() => Thread.Sleep(1); }
        public abstract class Base { public abstract void Read(); }
        public sealed class Derived : Base { public override void Read() => Thread.Sleep(1); }
        """,
        "private IPort _port = null!; private Base _base = null!;");

    [Fact]
    public Task RecursionThatDoesNotBlock_IsSilent() => TransitiveSituation.VerifyAsync(
        """
        var number = H.Self(3);
        H.Ping(3);
        """,
        """
        public static class H
        {
            public static int Self(int n) => n > 0 ? Self(n - 1) : 0;
            public static void Ping(int n) { if (n > 0) Pong(n - 1); }
            private static void Pong(int n) => Ping(n);
        }
        """);

    [Fact]
    public Task DelegateOfUnknownOrigin_IsSilent() => TransitiveSituation.VerifyAsync(
        """
        _field();
        H.Run(_field);
        H.Later();
        """,
        """
        public static class H
        {
            public static Action Later = () => Thread.Sleep(1);
            public static void Run(Action action) => action();
        }
        """,
        "private Action _field = static () => { };");

    // It is judged where it is written; a second report at every caller would say nothing new.
    [Fact]
    public Task PinnedMethodThatBlocks_IsReportedInItselfOnly() => Situation.VerifyAsync("""
        partial class Handler
        {
            [Pinned]
            public async partial ValueTask RunAsync()
            {
                await OtherAsync();
            }

            [Pinned]
            public async partial ValueTask OtherAsync()
            {
                await Task.Yield();
                Thread.{|IOP1002:Sleep|}(1);
            }
        }
        """);

    [Fact]
    public Task HelperOfALibrary_IsSilent() => Situation.VerifyInPinnedAsync(
        "H.M();", "", IoPool.Generators.Tests.Shared.RuntimeReference.Build(
            "Library", "public static class H { public static void M() => System.Threading.Thread.Sleep(1); }"));

    [Fact]
    public Task LambdaThatAHelperPostsToALoop_IsReportedWhereItIsWritten() => Situation.VerifyInPinnedAsync(
        "Post();",
        """
        private static void Post() => EventLoop.Current!.Post(() => Thread.{|IOP1002:Sleep|}(1));
        """);

    [Fact]
    public Task StaticAbstractAndConstrainedCalls_AreSilent() => TransitiveSituation.VerifyAsync(
        "H.Use(new Port());",
        """
        public interface IPort { void Read(); static abstract void Reset(); }
        public sealed class Port : IPort
        {
            public void Read() => Thread.Sleep(1);
            public static void Reset() => Thread.Sleep(1);
        }

        public static class H
        {
            public static void Use<T>(T port) where T : IPort
            {
                port.Read();
                T.Reset();
            }
        }
        """);

    [Fact]
    public Task LocalFunctionAndLambdaThatAreNotCalledHere_AreSilent() => Situation.VerifyInPinnedAsync("""
        Action kept = () => Thread.Sleep(1);
        await Task.Run(kept);
        await Offload.RunAsync(Local);
        await Offload.RunAsync(() => Local());
        await Task.Run(async () => { Local(); await Task.Yield(); Thread.Sleep(1); });

        void Local() => Thread.Sleep(1);
        """);

    [Fact]
    public Task LambdaThatDoesNotBlock_IsSilent() => Situation.VerifyInPinnedAsync("""
        Func<int, int> twice = x => x * 2;
        var number = twice(1) + Local(2);
        var task = Later();

        int Local(int x) => twice(x);
        async Task Later()
        {
            await Task.Delay(1);
            await Task.Run(() => Thread.Sleep(1));
        }
        """);

    [Fact]
    public Task NestedOffloads_AreSilent() => TransitiveSituation.VerifyAsync(
        """
        await Offload.RunAsync(() => { H.M(); Task.Run(() => H.M()).Wait(); new List<int>().ForEach(_ => H.M()); });
        """,
        "public static class H { public static void M() => Thread.Sleep(1); }");

    [Fact]
    public Task AutoPropertiesAndRecords_AreSilent() => TransitiveSituation.VerifyAsync(
        """
        var one = new R(1, "a");
        var two = one with { Name = "b" };
        var (number, name) = two;
        var same = one == two;
        var text = one.ToString();
        """,
        "public sealed record R(int Number, string Name);");

    // What servers do all day: every report here would be a false alarm.
    [Theory]
    [InlineData("var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(16); "
        + "System.Buffers.ArrayPool<byte>.Shared.Return(buffer);")]
    [InlineData("var text = Encoding.UTF8.GetString(new byte[] { 65 }); var bytes = Encoding.ASCII.GetBytes(text);")]
    [InlineData("var number = int.TryParse(\"1\", out var parsed) ? parsed : 0;")]
    [InlineData("var count = Interlocked.Increment(ref s_count); Volatile.Write(ref s_count, count);")]
    [InlineData("s_dictionary[\"a\"] = 1; s_dictionary.Remove(\"a\"); var keys = s_dictionary.Keys.ToArray();")]
    [InlineData("s_concurrent.TryAdd(1, 2); s_concurrent.TryGetValue(1, out var value); "
        + "s_concurrent.TryRemove(1, out _);")]
    [InlineData("var queue = new ConcurrentQueue<int>(); queue.Enqueue(1); queue.TryDequeue(out _);")]
    [InlineData("var json = System.Text.Json.JsonSerializer.Serialize(new { A = 1 });")]
    [InlineData("using var document = System.Text.Json.JsonDocument.Parse(\"{}\");")]
    [InlineData("var sum = Enumerable.Range(0, 9).Where(static x => x > 1).Select(static x => x * 2).Sum();")]
    [InlineData("var sorted = s_dictionary.OrderBy(static p => p.Value).GroupBy(static p => p.Key).ToList();")]
    [InlineData("var builder = new StringBuilder(); builder.Append(1).AppendLine(\"a\").Insert(0, 'b');")]
    [InlineData("var now = DateTime.UtcNow; var ticks = Environment.TickCount64; var id = Guid.NewGuid();")]
    [InlineData("var random = Random.Shared.Next(); var hash = HashCode.Combine(1, 2);")]
    [InlineData("var source = new TaskCompletionSource<int>(); source.TrySetResult(1); source.SetException([]);")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken.None); "
        + "linked.CancelAfter(1);")]
    [InlineData("var channel = System.Threading.Channels.Channel.CreateBounded<int>(1); channel.Writer.TryComplete();")]
    [InlineData("var uri = new Uri(\"http://a/\"); var address = IPAddress.Parse(\"127.0.0.1\");")]
    [InlineData("var type = typeof(H).Name; var attribute = Attribute.IsDefined(typeof(H), typeof(Attribute));")]
    [InlineData("var gate = new SemaphoreSlim(1); gate.Release(); var free = gate.CurrentCount;")]
    [InlineData("var span = \"a=b\".AsSpan(); var index = span.IndexOf('='); var key = span[..index].ToString();")]
    [InlineData("if (s_count > 1) throw new InvalidOperationException($\"{s_count}\");")]
    [InlineData("var watch = System.Diagnostics.Stopwatch.StartNew(); var elapsed = watch.Elapsed;")]
    [InlineData("var environment = Environment.GetEnvironmentVariable(\"A\"); "
        + "var processors = Environment.ProcessorCount;")]
    public Task OrdinaryWork_IsSilentInTheBodyAndInAHelper(string work) => TransitiveSituation.VerifyAsync(
        "H.M(); { " + work.Replace("s_", "H.s_", StringComparison.Ordinal) + " }",
        $$"""
        public static class H
        {
            public static int s_count;
            public static readonly Dictionary<string, int> s_dictionary = [];
            public static readonly ConcurrentDictionary<int, int> s_concurrent = new();
            public static void M() { {{work}} }
        }
        """);
}
