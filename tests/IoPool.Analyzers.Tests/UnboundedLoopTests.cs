namespace IoPool.Analyzers.Tests;

/// <summary>IOP1011.</summary>
public sealed class UnboundedLoopTests
{
    private const string Members = """
        bool _stop;
        volatile bool _volatileStop;
        int _pending;
        int _flag;
        long _ticks;
        Node? _head;
        readonly ManualResetEventSlim _event = new();
        readonly ConcurrentQueue<int> _queue = new();
        readonly Queue<int> _local = new();
        readonly System.Threading.Channels.Channel<int> _channel = null!;
        readonly TaskCompletionSource<int> _source = new();
        bool Stopped { get; set; }
        Task<int> StartAsync() => _source.Task;
        void Process() => _pending--;
        static bool Step(int n) => n > 5;
        static void Use(params object?[] values) { }
        sealed class Node { public Node? Next; public int Value; }
        """;

    [Theory]
    [InlineData("{|IOP1011:while|} (true) { }")]
    [InlineData("{|IOP1011:while|} (true) ;")]
    [InlineData("{|IOP1011:while|} (true) Use();")]
    [InlineData("var n = 0; {|IOP1011:while|} (true) { n++; }")]
    [InlineData("{|IOP1011:for|} (;;) { }")]
    [InlineData("{|IOP1011:for|} (;;) Use();")]
    [InlineData("{|IOP1011:for|} (; true;) Use();")]
    [InlineData("{|IOP1011:for|} (var n = 0; ; n++) Use(n);")]
    [InlineData("{|IOP1011:do|} { Use(); } while (true);")]
    [InlineData("{|IOP1011:do|} Use(); while (1 == 1);")]
    [InlineData("const bool Forever = true; {|IOP1011:while|} (Forever) Use();")]
    [InlineData("if (_stop) { {|IOP1011:while|} (true) { Use(); } }")]
    [InlineData("{|IOP1011:while|} (true) { try { Use(); } catch (Exception) { continue; } }")]
    [InlineData("{|IOP1011:while|} (true) { foreach (var x in _local) { if (x > 0) break; } }")]
    [InlineData("{|IOP1011:while|} (true) { switch (_pending) { case 1: Use(); break; } }")]
    public Task EndlessLoop_IsReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("{|IOP1011:while|} (!_stop) { }")]
    [InlineData("{|IOP1011:while|} (!_volatileStop) { }")]
    [InlineData("{|IOP1011:while|} (_volatileStop == false) ;")]
    [InlineData("{|IOP1011:while|} (!this.Stopped) { }")]
    [InlineData("{|IOP1011:while|} (_pending > 0) { }")]
    [InlineData("{|IOP1011:while|} (Volatile.Read(ref _flag) == 0) { }")]
    [InlineData("{|IOP1011:while|} (Interlocked.Read(ref _ticks) == 0) { }")]
    [InlineData("{|IOP1011:while|} (!_event.IsSet) { }")]
    [InlineData("{|IOP1011:while|} (_queue.IsEmpty) { }")]
    [InlineData("{|IOP1011:while|} (_queue.Count == 0) ;")]
    [InlineData("{|IOP1011:while|} (_channel.Reader.Count == 0) { }")]
    [InlineData("{|IOP1011:while|} (connection.Loop.QueueDepth > 0) { }")]
    [InlineData("{|IOP1011:while|} (Volatile.Read(ref _stop) == false) { }")]
    [InlineData("{|IOP1011:while|} (!_stop && !_volatileStop) { }")]
    [InlineData("{|IOP1011:while|} (true) { if (_stop) { break; } }")]
    [InlineData("var n = 0; {|IOP1011:while|} (!_stop) { n++; }")]
    [InlineData("{|IOP1011:while|} (!token.IsCancellationRequested) { }")]
    [InlineData("{|IOP1011:while|} (!token.IsCancellationRequested) Use();")]
    [InlineData("{|IOP1011:do|} { } while (!_stop);")]
    [InlineData("{|IOP1011:for|} (; !_stop;) { }")]
    [InlineData("{|IOP1011:while|} (true) { if (_stop) break; }")]
    [InlineData("{|IOP1011:while|} (true) { if (_volatileStop) return; }")]
    [InlineData("{|IOP1011:while|} (true) { token.ThrowIfCancellationRequested(); }")]
    public Task BusyWaitForAnotherThread_IsReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("{|IOP1011:while|} (!t.IsCompleted) { }")]
    [InlineData("{|IOP1011:while|} (!t.IsCompleted) ; Use(t.Result);")]
    [InlineData("{|IOP1011:while|} (t.Status != TaskStatus.RanToCompletion) { }")]
    [InlineData("{|IOP1011:while|} (t is { IsCompleted: false }) { }")]
    [InlineData("{|IOP1011:while|} (true) { if (t.IsCompleted) break; }")]
    [InlineData("var awaiter = t.GetAwaiter(); {|IOP1011:while|} (!awaiter.IsCompleted) { }")]
    [InlineData("{|IOP1011:while|} (!t.IsCompleted) { Func<Task> f = async () => await t; }")]
    public Task BusyWaitForATask_IsReported(string statements) =>
        VerifyAsync("var t = StartAsync();\n" + statements);

    [Theory]
    [InlineData("{|IOP1011:while|} (DateTime.UtcNow < end) { }")]
    [InlineData("{|IOP1011:while|} (DateTime.Now < end) Use();")]
    [InlineData("{|IOP1011:while|} (Environment.TickCount64 < 5000) { }")]
    [InlineData("{|IOP1011:while|} (System.Diagnostics.Stopwatch.GetTimestamp() < 5000) { }")]
    [InlineData("var w = System.Diagnostics.Stopwatch.StartNew(); {|IOP1011:while|} (w.ElapsedMilliseconds < 5) { }")]
    public Task BusyWaitForTheClock_IsReported(string statements) =>
        VerifyAsync("var end = DateTime.MaxValue;\n" + statements);

    [Theory]
    [InlineData("while (!_stop) Thread.{|IOP1002:Sleep|}(1);")]
    [InlineData("while (true) { Thread.{|IOP1002:Sleep|}(10); if (_stop) break; }")]
    [InlineData("while (!_stop) { _event.{|IOP1003:Wait|}(5); }")]
    [InlineData("while (true) { Use(StartAsync().{|IOP1001:Result|}); }")]
    [InlineData("do { StartAsync().{|IOP1001:Wait|}(10); } while (!_stop);")]
    public Task LoopThatBlocks_IsReportedForTheCallOnly(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("while (true) await Task.Yield();")]
    [InlineData("while (true) { await EventLoop.Yield(); Use(); }")]
    [InlineData("for (;;) { var n = await connection.ReceiveAsync(new byte[9]); if (n == 0) break; }")]
    [InlineData("while (!_stop) await Task.Delay(5);")]
    [InlineData("while (!token.IsCancellationRequested) { await Task.Delay(5, token); }")]
    [InlineData("do { await Task.Yield(); } while (!_volatileStop);")]
    [InlineData("while (await _channel.Reader.WaitToReadAsync()) Use();")]
    [InlineData("while (await connection.ReceiveAsync(new byte[9]) > 0) { }")]
    [InlineData("for (; !_stop; await Task.Yield()) { }")]
    [InlineData("while (true) { await foreach (var x in _channel.Reader.ReadAllAsync()) Use(x); }")]
    [InlineData("while (true) { await using var x = new Timer(_ => { }); }")]
    [InlineData("while (true) { if (_pending == 0) { await Task.Yield(); continue; } Process(); }")]
    [InlineData("while (true) { try { await StartAsync(); } catch (IOException) { } }")]
    [InlineData("while (true) { while (_queue.TryDequeue(out var x)) Use(x); await Task.Yield(); }")]
    public Task LoopWithAnAwait_IsSilent(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("while (true) { return; }")]
    [InlineData("while (true) { Use(); break; }")]
    [InlineData("while (true) { throw new InvalidOperationException(); }")]
    [InlineData("while (true) { if (_stop) return; else break; }")]
    [InlineData("for (;;) { Use(); return; }")]
    [InlineData("do { Use(); } while (false);")]
    [InlineData("while (false) { Use(); }")]
    [InlineData("while (true) { switch (_pending) { case 1: return; default: throw new IOException(); } }")]
    public Task LoopThatLeavesInOnePass_IsSilent(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("while (_channel.Reader.TryRead(out var x)) Use(x);")]
    [InlineData("while (_queue.TryDequeue(out var x)) { Use(x); }")]
    [InlineData("while (_local.Count > 0) Use(_local.Dequeue());")]
    [InlineData("while (true) { if (!_queue.TryDequeue(out var x)) break; Use(x); }")]
    [InlineData("for (;;) { if (!_channel.Reader.TryRead(out var x)) return; Use(x); }")]
    [InlineData("while (!_queue.IsEmpty) { _queue.TryDequeue(out var x); Use(x); }")]
    [InlineData("var all = new List<int> { 1 }; while (all.Count > 0) all.RemoveAt(all.Count - 1);")]
    [InlineData("var bag = new ConcurrentBag<int>(); do { } while (bag.TryTake(out _));")]
    [InlineData("IEnumerator<int> e = new List<int>().GetEnumerator(); while (e.MoveNext()) Use(e.Current);")]
    [InlineData("var r = new StringReader(\"a\"); while (r.ReadLine() is { } line) Use(line);")]
    [InlineData("var r = new StringReader(\"a\"); string? line; while ((line = r.ReadLine()) != null) Use(line);")]
    [InlineData("var r = new StringReader(\"a\"); while (true) { var c = r.Read(); if (c < 0) break; }")]
    public Task LoopThatDrains_IsSilent(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("while (i < n) i++;")]
    [InlineData("while (i < n) { if (Step(i)) break; i += 2; }")]
    [InlineData("while (true) { if (++i > n) break; }")]
    [InlineData("while (true) { i++; if (i == n) return; }")]
    [InlineData("for (;;) { n /= 2; if (n == 0) break; }")]
    [InlineData("for (var k = 0; k < n; k++) Use(k);")]
    [InlineData("for (var k = n; ; k--) { if (k == 0) break; }")]
    [InlineData("do { i++; } while (i < n);")]
    [InlineData("while (n != 1) n = n % 2 == 0 ? n / 2 : 3 * n + 1;")]
    [InlineData("var done = false; while (!done) { done = Step(i++); }")]
    [InlineData("var done = false; while (!done) done = TryStep(ref i);")]
    [InlineData("var text = \"a b\"; while (text.Length > 0) text = text[1..];")]
    [InlineData("var text = \"a b\"; while ((i = text.IndexOf(' ', i + 1)) >= 0) Use(i);")]
    [InlineData("var text = \"ab\"; while (i < text.Length && char.IsLetter(text[i])) i++;")]
    [InlineData("var text = \"ab\"; while (true) { if (i >= text.Length) break; if (text[i++] == 'b') break; }")]
    [InlineData("while (true) { if (Step(i)) break; i++; }")]
    [InlineData("foreach (var x in _local) Use(x);")]
    public Task LoopThatAdvancesALocal_IsSilent(string statements) => Situation.VerifyInPinnedAsync(
        "int i = 0, n = 10;\n" + statements,
        Members + "\nstatic bool TryStep(ref int n) => ++n > 5;");

    [Theory]
    [InlineData("var node = _head; while (node is not null) node = node.Next;")]
    [InlineData("var node = _head; while (node != null) { Use(node.Value); node = node.Next; }")]
    [InlineData("for (var node = _head; node is not null; node = node.Next) Use(node);")]
    [InlineData("while (_head is { } node) _head = node.Next;")]
    [InlineData("Exception? e = new(); while (e.InnerException is { } inner) e = inner;")]
    [InlineData("while (_pending > 0) _pending--;")]
    [InlineData("while (_pending > 0) Process();")]
    [InlineData("while (!_stop) { _stop = Step(_pending++); }")]
    [InlineData("while (!Stopped) { Stopped = Step(_pending++); }")]
    [InlineData("while (true) { if (_pending == 0) break; _pending--; }")]
    public Task LoopThatChangesWhatItTests_IsSilent(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("""
        int seen;
        do { seen = _flag; } while (Interlocked.CompareExchange(ref _flag, seen + 1, seen) != seen);
        """)]
    [InlineData("""
        while (true)
        {
            var seen = Volatile.Read(ref _flag);
            if (Interlocked.CompareExchange(ref _flag, seen + 1, seen) == seen)
                break;
        }
        """)]
    [InlineData("""
        var node = new Node();
        do { node.Next = _head; } while (Interlocked.CompareExchange(ref _head, node, node.Next) != node.Next);
        """)]
    [InlineData("""
        var map = new ConcurrentDictionary<int, int>();
        while (true)
        {
            if (!map.TryGetValue(1, out var old) || map.TryUpdate(1, old + 1, old))
                break;
        }
        """)]
    public Task CompareExchangeLoop_IsSilent(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("var span = bytes.AsSpan(); while (span.Length > 0) span = span[1..];")]
    [InlineData("ReadOnlySpan<byte> span = bytes; while (!span.IsEmpty) { span = span.Slice(1); }")]
    [InlineData("var r = new System.Buffers.SequenceReader<byte>(all); while (r.TryRead(out var b)) Use(b);")]
    [InlineData("var r = new System.Buffers.SequenceReader<byte>(all); while (!r.End) r.Advance(1);")]
    [InlineData("var j = new System.Text.Json.Utf8JsonReader(bytes); while (j.Read()) Use(j.TokenType);")]
    [InlineData("while (true) { if (!TryParse(ref all, out var frame)) break; Use(frame); }")]
    [InlineData("while (TryParse(ref all, out var frame)) Use(frame);")]
    [InlineData("var m = new MemoryStream(); int n; while ((n = m.Read(bytes)) > 0) Use(n);")]
    [InlineData("var s = new Stack<int>(); while (s.TryPop(out var n)) { if (n > 1) s.Push(n - 1); }")]
    [InlineData("var h = new PriorityQueue<int, int>(); while (h.TryPeek(out _, out _)) Use(h.Dequeue());")]
    [InlineData("int a = 0, z = 9; while (a <= z) { var m = (a + z) / 2; if (m > 5) z = m - 1; else a = m + 1; }")]
    [InlineData("var m = Match(); while (m.Success) m = m.NextMatch();")]
    [InlineData("var type = typeof(int); while (type is not null) type = type.BaseType;")]
    [InlineData("var state = 0; while (true) { switch (state) { case 0: state = 1; break; default: return; } }")]
    [InlineData("while (_retries++ < 3) Use();")]
    [InlineData("while (_position < bytes.Length) Use(bytes[_position++]);")]
    [InlineData("while (!token.IsCancellationRequested && _queue.TryDequeue(out var x)) Use(x);")]
    [InlineData("var e = new List<int>().GetEnumerator(); while (e.MoveNext()) Use(e.Current);")]
    [InlineData("var x = 5UL; do { x >>= 1; } while (x != 0);")]
    public Task LoopOfRealCode_IsSilent(string statements) => Situation.VerifyInPinnedAsync(
        "var bytes = new byte[9]; var all = new System.Buffers.ReadOnlySequence<byte>(bytes);\n" + statements,
        Members + """

        int _retries;
        int _position;
        static System.Text.RegularExpressions.Match Match() => System.Text.RegularExpressions.Match.Empty;

        static bool TryParse(ref System.Buffers.ReadOnlySequence<byte> buffer, out int frame)
        {
            frame = 1;
            buffer = buffer.Slice(1);
            return buffer.Length > 0;
        }
        """);

    [Theory]
    [InlineData("await Offload.RunAsync(() => { while (!_stop) { } });")]
    [InlineData("await Task.Run(() => { for (;;) { if (_stop) return; } });")]
    [InlineData("void Never() { while (true) { } }")]
    [InlineData("Action never = () => { while (true) { } };")]
    public Task LoopElsewhere_IsSilent(string statement) => VerifyAsync(statement);

    [Fact]
    public Task LambdaThatALoopRuns_IsReported() => VerifyAsync("""
        EventLoop.Current!.Post(() => { {|IOP1011:while|} (!_stop) { } });
        EventLoop.Current.Spawn(async () => { await Task.Yield(); {|IOP1011:for|} (;;) Use(); });
        """);

    [Fact]
    public Task OnlyTheLoopWithoutABound_IsReported() => VerifyAsync("""
        for (var i = 0; i < 3; i++)
        {
            {|IOP1011:while|} (!_stop) { }
            while (_queue.TryDequeue(out var x)) Use(x);
        }
        """);

    private static Task VerifyAsync(string statements) => Situation.VerifyInPinnedAsync(statements, Members);
}
