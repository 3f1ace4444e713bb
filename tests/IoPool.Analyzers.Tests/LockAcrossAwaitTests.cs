namespace IoPool.Analyzers.Tests;

/// <summary>IOP2001.</summary>
public sealed class LockAcrossAwaitTests
{
    private const string Members = """
            private readonly object _gate = new();
            private readonly object _other = new();
            private readonly Lock _lock = new();
            private readonly ReaderWriterLockSlim _slim = new();
            private readonly ReaderWriterLock _old = new();
            private readonly Mutex _mutex = new();
            private readonly SemaphoreSlim _semaphore = new(1);
            private readonly AutoResetEvent _event = new(false);
            private SpinLock _spin;
            private int _count;
        """;

    [Theory]
    [InlineData("Monitor.Enter(_gate); try { {|IOP2001:await|} Task.Delay(1); } finally { Monitor.Exit(_gate); }")]
    [InlineData("Monitor.Enter(_gate); {|IOP2001:await|} Task.Delay(1); Monitor.Exit(_gate);")]
    [InlineData("_lock.Enter(); {|IOP2001:await|} Task.Delay(1); _lock.Exit();")]
    [InlineData("_slim.EnterReadLock(); {|IOP2001:await|} Task.Delay(1); _slim.ExitReadLock();")]
    [InlineData("_slim.EnterWriteLock(); {|IOP2001:await|} Task.Delay(1); _slim.ExitWriteLock();")]
    [InlineData("_old.AcquireWriterLock(5); {|IOP2001:await|} Task.Delay(1); _old.ReleaseWriterLock();")]
    [InlineData("_mutex.WaitOne(); {|IOP2001:await|} Task.Delay(1); _mutex.ReleaseMutex();")]
    [InlineData("bool t = false; _spin.Enter(ref t); {|IOP2001:await|} Task.Delay(1); _spin.Exit();")]
    [InlineData("bool t = false; Monitor.Enter(_gate, ref t); {|IOP2001:await|} Task.Delay(1); if (t) Monitor.Exit(_gate);")]
    public Task EveryLock_HeldAcrossAnAwait_IsReported(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("if (Monitor.TryEnter(_gate)) { {|IOP2001:await|} Task.Delay(1); Monitor.Exit(_gate); }")]
    [InlineData("if (!_lock.TryEnter()) return; {|IOP2001:await|} Task.Delay(1); _lock.Exit();")]
    [InlineData("var taken = _slim.TryEnterReadLock(0); if (taken) { {|IOP2001:await|} Task.Delay(1); _slim.ExitReadLock(); }")]
    [InlineData("if (_mutex.WaitOne(0)) { {|IOP2001:await|} Task.Delay(1); _mutex.ReleaseMutex(); }")]
    public Task TryEnter_ThatSucceeded_IsReported(string statements) => VerifyAsync(statements);

    [Fact]
    public Task HeldOnOnePath_IsReported() => VerifyAsync("""
        if (_count > 0)
            Monitor.Enter(_gate);
        {|IOP2001:await|} Task.Delay(1);
        if (_count > 0)
            Monitor.Exit(_gate);
        """);

    [Fact]
    public Task AwaitForEach_IsReported() => VerifyAsync("""
        Monitor.Enter(_gate);
        {|IOP2001:await|} foreach (var item in ItemsAsync())
            _count += item;
        Monitor.Exit(_gate);
        """, "static async IAsyncEnumerable<int> ItemsAsync() { await Task.Yield(); yield return 1; }");

    [Fact]
    public Task AwaitUsing_ThatEndsWhileItIsHeld_IsReported() => VerifyAsync("""
        Monitor.Enter(_gate);
        {|IOP2001:await|} using (new MemoryStream())
            _count++;
        Monitor.Exit(_gate);
        """);

    [Fact]
    public Task AwaitInACatch_IsReported() => VerifyAsync("""
        Monitor.Enter(_gate);
        try
        {
            _count++;
        }
        catch (IOException)
        {
            {|IOP2001:await|} Task.Delay(1);
        }
        finally
        {
            Monitor.Exit(_gate);
        }
        """);

    [Fact]
    public Task SecondTurnOfALoop_IsReported() => VerifyAsync("""
        for (var i = 0; i < 2; i++)
        {
            {|IOP2001:await|} Task.Delay(1);
            Monitor.Enter(_gate);
        }
        """);

    [Fact]
    public Task LambdaOfALoop_IsReported() => Situation.VerifyRuleAsync("IOP2001", """
        class C
        {
            void Start(EventLoop loop, object gate) => loop.Spawn(async () =>
            {
                Monitor.Enter(gate);
                {|IOP2001:await|} Task.Delay(1);
                Monitor.Exit(gate);
            });
        }
        """);

    [Fact]
    public Task LambdaInALocalFunctionInALambda_IsReported() => Situation.VerifyRuleAsync("IOP2001", """
        class C
        {
            private static readonly object s_gate = new();

            private readonly Action<EventLoop> _start = loop =>
            {
                Start();
                void Start() => loop.Spawn(async () =>
                {
                    Monitor.Enter(s_gate);
                    {|IOP2001:await|} Task.Delay(1);
                    Monitor.Exit(s_gate);
                });
            };
        }
        """);

    [Fact]
    public Task NestedFinally_ThatReleasesLate_IsReported() => VerifyAsync("""
        Monitor.Enter(_gate);
        try
        {
            try
            {
                _count++;
            }
            finally
            {
                {|IOP2001:await|} Task.Delay(1);
            }
        }
        finally
        {
            Monitor.Exit(_gate);
        }

        await Task.Delay(1);
        """);

    [Fact]
    public Task ReturnFromTheTryBlock_IsSilentAfterwards() => VerifyAsync("""
        await InnerAsync();
        await Task.Delay(1);
        async Task InnerAsync()
        {
            Monitor.Enter(_gate);
            try
            {
                if (_count > 0)
                    return;
                _count++;
            }
            finally
            {
                Monitor.Exit(_gate);
            }

            await Task.Delay(1);
        }
        """);

    [Fact]
    public Task LocalFunctionThatIsCalled_IsReported() => VerifyAsync("""
        await InnerAsync();
        async Task InnerAsync()
        {
            Monitor.Enter(_gate);
            {|IOP2001:await|} Task.Delay(1);
            Monitor.Exit(_gate);
        }
        """);

    [Theory]
    [InlineData("Monitor.Enter(_gate); _count++; Monitor.Exit(_gate); await Task.Delay(1);")]
    [InlineData("Monitor.Enter(_gate); try { _count++; } finally { Monitor.Exit(_gate); } await Task.Delay(1);")]
    [InlineData("lock (_gate) { _count++; } await Task.Delay(1);")]
    [InlineData("using (_lock.EnterScope()) { _count++; } await Task.Delay(1);")]
    [InlineData("await Task.Delay(1); _mutex.WaitOne(); _mutex.ReleaseMutex();")]
    [InlineData("_slim.EnterReadLock(); _slim.ExitReadLock(); await Task.Delay(1);")]
    [InlineData("_event.WaitOne(); await Task.Delay(1);")]
    public Task ReleasedBeforeTheAwait_IsSilent(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("if (!Monitor.TryEnter(_gate)) { await Task.Delay(1); return; } Monitor.Exit(_gate);")]
    [InlineData("if (Monitor.TryEnter(_gate)) Monitor.Exit(_gate); else await Task.Delay(1);")]
    [InlineData("var taken = _lock.TryEnter(); if (!taken) { await Task.Delay(1); return; } _lock.Exit();")]
    [InlineData("while (!Monitor.TryEnter(_gate)) await EventLoop.Yield(); Monitor.Exit(_gate);")]
    public Task TryEnter_ThatFailed_IsSilent(string statements) => VerifyAsync(statements);

    [Fact]
    public Task EnterWithAFlag_ReleasedWhereItIsSet_IsSilent() => VerifyAsync("""
        var taken = false;
        try
        {
            Monitor.Enter(_gate, ref taken);
            _count++;
        }
        finally
        {
            if (taken)
                Monitor.Exit(_gate);
        }

        await Task.Delay(1);
        """);

    [Fact]
    public Task SemaphoreSlim_WaitAsync_IsSilent() => VerifyAsync("""
        await _semaphore.WaitAsync(token);
        try
        {
            await Task.Delay(1);
        }
        finally
        {
            _semaphore.Release();
        }
        """);

    [Fact]
    public Task AwaitInALambdaInsideTheLock_IsSilent() => VerifyAsync("""
        Monitor.Enter(_gate);
        Func<Task> later = async () => await Task.Delay(1);
        Monitor.Exit(_gate);
        await later();
        """);

    [Fact]
    public Task LockThatNoSymbolStandsFor_IsSilent() => VerifyAsync("""
        Monitor.Enter(Find(1));
        await Task.Delay(1);
        """, "static object Find(int key) => key;");

    [Fact]
    public Task CodeThatNoLoopRuns_IsSilent() => Situation.VerifyAsync("""
        class C
        {
            async Task M(object gate)
            {
                Monitor.Enter(gate);
                await Task.Delay(1);
                Monitor.Exit(gate);
            }
        }
        """);

    private static Task VerifyAsync(string statements, string more = "") =>
        Situation.VerifyRuleInPinnedAsync("IOP2001", statements, Members + "\n" + more);
}
