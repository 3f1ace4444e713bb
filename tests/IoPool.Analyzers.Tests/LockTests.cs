namespace IoPool.Analyzers.Tests;

/// <summary>IOP1007.</summary>
public sealed class LockTests
{
    private const string Members = """
        readonly object _gate = new();
        readonly Lock _lock = new();
        readonly ReaderWriterLockSlim _slim = new();
        readonly ReaderWriterLock _old = new();
        SpinLock _spin;
        object? _target;
        int _count;
        readonly Lazy<int> _lazy = null!;
        static void Use(params object?[] values) { }
        """;

    [Theory]
    [InlineData("{|IOP1007:lock|} (_gate) { _count++; }")]
    [InlineData("{|IOP1007:lock|} (_gate) _count++;")]
    [InlineData("{|IOP1007:lock|} (this) { }")]
    [InlineData("{|IOP1007:lock|} (typeof(string)) { }")]
    [InlineData("{|IOP1007:lock|} (_lock) { _count++; }")]
    [InlineData("{|IOP1007:lock|} (_gate) { {|IOP1007:lock|} (_lock) { _count++; } }")]
    [InlineData("if (_count > 0) { {|IOP1007:lock|} (_gate) { return; } }")]
    [InlineData("foreach (var x in new[] { 1 }) {|IOP1007:lock|} (_gate) Use(x);")]
    public Task LockStatement_IsReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("{|IOP1007:AddOne|}();")]
    [InlineData("_ = {|IOP1007:Total|};")]
    [InlineData("{|IOP1007:Total|} = 2;")]
    [InlineData("{|IOP1020:AddTwo|}();")]
    public Task SynchronizedMember_IsReported(string statement) => Situation.VerifyInPinnedAsync(statement, """
        int _count;
        [MethodImpl(MethodImplOptions.Synchronized)] void AddOne() => _count++;
        void AddTwo() { AddOne(); Total++; }
        int Total
        {
            [MethodImpl(MethodImplOptions.Synchronized)] get => _count;
            [MethodImpl(MethodImplOptions.Synchronized)] set => _count = value;
        }
        """);

    [Theory]
    [InlineData("Monitor.{|IOP1007:Enter|}(_gate); try { _count++; } finally { Monitor.Exit(_gate); }")]
    [InlineData("var taken = false; Monitor.{|IOP1007:Enter|}(_gate, ref taken); Monitor.Exit(_gate);")]
    [InlineData("if (Monitor.{|IOP1007:TryEnter|}(_gate, 100)) Monitor.Exit(_gate);")]
    [InlineData("if (Monitor.{|IOP1007:TryEnter|}(_gate, TimeSpan.FromSeconds(1))) Monitor.Exit(_gate);")]
    [InlineData("var taken = false; Monitor.{|IOP1007:TryEnter|}(_gate, 5, ref taken); Monitor.Exit(_gate);")]
    [InlineData("_lock.{|IOP1007:Enter|}(); _lock.Exit();")]
    [InlineData("using (_lock.{|IOP1007:EnterScope|}()) { _count++; }")]
    [InlineData("if (_lock.{|IOP1007:TryEnter|}(10)) _lock.Exit();")]
    [InlineData("var taken = false; _spin.{|IOP1007:Enter|}(ref taken); _spin.Exit();")]
    [InlineData("var taken = false; _spin.{|IOP1007:TryEnter|}(5, ref taken); _spin.Exit();")]
    public Task MonitorLockAndSpinLock_AreReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("_slim.{|IOP1007:EnterReadLock|}(); _slim.ExitReadLock();")]
    [InlineData("_slim.{|IOP1007:EnterWriteLock|}(); _slim.ExitWriteLock();")]
    [InlineData("_slim.{|IOP1007:EnterUpgradeableReadLock|}(); _slim.ExitUpgradeableReadLock();")]
    [InlineData("if (_slim.{|IOP1007:TryEnterReadLock|}(10)) _slim.ExitReadLock();")]
    [InlineData("if (_slim.{|IOP1007:TryEnterWriteLock|}(TimeSpan.FromSeconds(1))) _slim.ExitWriteLock();")]
    [InlineData("_old.{|IOP1007:AcquireReaderLock|}(100); _old.ReleaseReaderLock();")]
    [InlineData("_old.{|IOP1007:AcquireWriterLock|}(Timeout.Infinite); _old.ReleaseWriterLock();")]
    public Task ReaderWriterLocks_AreReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("var x = _lazy.{|IOP1007:Value|};")]
    [InlineData("var x = _lazy?.{|IOP1007:Value|};")]
    [InlineData("var lazy = new Lazy<int>(() => 1); Use(lazy.{|IOP1007:Value|});")]
    [InlineData("var lazy = new Lazy<int>(() => 1, isThreadSafe: true); Use(lazy.{|IOP1007:Value|});")]
    [InlineData("Lazy<int> l = new(() => 1, LazyThreadSafetyMode.ExecutionAndPublication); Use(l.{|IOP1007:Value|});")]
    [InlineData("if (_lazy is { {|IOP1007:Value|}: 5 }) return;")]
    [InlineData("var set = false; LazyInitializer.{|IOP1007:EnsureInitialized|}(ref _target, ref set, ref _guard);")]
    public Task LazyInitialisation_IsReported(string statement) =>
        Situation.VerifyInPinnedAsync(statement, Members + "\nobject? _guard;");

    [Theory]
    [InlineData("if (Monitor.TryEnter(_gate)) Monitor.Exit(_gate);")]
    [InlineData("var taken = false; Monitor.TryEnter(_gate, ref taken); Monitor.Exit(_gate);")]
    [InlineData("if (Monitor.TryEnter(_gate, 0)) Monitor.Exit(_gate);")]
    [InlineData("if (Monitor.TryEnter(_gate, TimeSpan.Zero)) Monitor.Exit(_gate);")]
    [InlineData("var taken = false; Monitor.TryEnter(_gate, 0, ref taken); Monitor.Exit(_gate);")]
    [InlineData("if (_lock.TryEnter()) _lock.Exit();")]
    [InlineData("if (_lock.TryEnter(0)) _lock.Exit();")]
    [InlineData("if (_lock.TryEnter(TimeSpan.Zero)) _lock.Exit();")]
    [InlineData("var taken = false; _spin.TryEnter(ref taken); _spin.Exit();")]
    [InlineData("var taken = false; _spin.TryEnter(0, ref taken); _spin.Exit();")]
    [InlineData("if (_slim.TryEnterReadLock(0)) _slim.ExitReadLock();")]
    [InlineData("if (_slim.TryEnterWriteLock(default(TimeSpan))) _slim.ExitWriteLock();")]
    public Task TryAcquire_IsSilent(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("var x = _lazy.IsValueCreated ? _lazy.Value : 0;")]
    [InlineData("if (_lazy.IsValueCreated) Use(_lazy.Value);")]
    [InlineData("if (!_lazy.IsValueCreated) return; Use(_lazy.Value);")]
    [InlineData("if (_lazy is { IsValueCreated: true, Value: 5 }) return;")]
    [InlineData("var lazy = new Lazy<int>(5); Use(lazy.Value);")]
    [InlineData("var lazy = new Lazy<int>(() => 1, false); Use(lazy.Value);")]
    [InlineData("var lazy = new Lazy<int>(() => 1, LazyThreadSafetyMode.None); Use(lazy.Value);")]
    [InlineData("var lazy = new Lazy<int>(() => 1, LazyThreadSafetyMode.PublicationOnly); Use(lazy.Value);")]
    [InlineData("Use(LazyInitializer.EnsureInitialized(ref _target, () => new object()));")]
    [InlineData("int? number = 5; Use(number.Value, new KeyValuePair<int, int>(1, 2).Value);")]
    public Task LazyThatTakesNoLock_IsSilent(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("Interlocked.Increment(ref _count); Volatile.Write(ref _count, 1);")]
    [InlineData("Use(Monitor.IsEntered(_gate), _lock.IsHeldByCurrentThread, _slim.IsReadLockHeld);")]
    [InlineData("var map = new ConcurrentDictionary<int, int>(); map[1] = 2; Use(map.Count, map.TryAdd(3, 4));")]
    [InlineData("await Offload.RunAsync(() => { lock (_gate) { _count++; } });")]
    [InlineData("await Task.Run(() => { using (_lock.EnterScope()) { _count++; } });")]
    [InlineData("void Never() { lock (_gate) { _count++; } }")]
    [InlineData("Action never = () => { lock (_gate) { _count++; } };")]
    [InlineData("var @lock = 5; Use(@lock);")]
    public Task WhatTakesNoLockHere_IsSilent(string statement) => VerifyAsync(statement);

    [Fact]
    public Task OwnLockOfTheSameNames_IsSilent() => Situation.VerifyInPinnedAsync(
        """
        var gate = new Gate();
        gate.Enter();
        gate.EnterReadLock();
        using (gate.EnterScope()) { }
        if (gate.Value > 0) return;
        """,
        """
        sealed class Gate : IDisposable
        {
            public int Value => 1;
            public void Enter() { }
            public void EnterReadLock() { }
            public Gate EnterScope() => this;
            public void Dispose() { }
        }
        """);

    [Fact]
    public Task LockOutsideLoops_IsSilent() => Situation.VerifyAsync("""
        partial class Handler
        {
            readonly Lock _lock = new();

            public void Plain()
            {
                lock (_lock) { }
            }

            [Pinned] public async partial ValueTask RunAsync() => await Task.Yield();
        }
        """);

    private static Task VerifyAsync(string statements) => Situation.VerifyInPinnedAsync(statements, Members);
}
