namespace IoPool.Analyzers.Tests;

/// <summary>IOP1003.</summary>
public sealed class PrimitiveWaitTests
{
    private const string Members = """
        readonly SemaphoreSlim _semaphore = new(1);
        readonly ManualResetEventSlim _event = new();
        readonly CountdownEvent _countdown = new(1);
        readonly Barrier _barrier = new(1);
        readonly AutoResetEvent _auto = new(false);
        readonly Mutex _mutex = new();
        readonly WaitHandle _handle = null!;
        readonly object _gate = new();
        readonly BlockingCollection<int> _items = null!;
        readonly ConcurrentQueue<int> _queue = new();
        readonly System.Threading.Channels.Channel<int> _channel = null!;
        readonly System.Threading.Tasks.Dataflow.BufferBlock<int> _block = null!;
        static void Use(params object?[] values) { }
        """;

    [Theory]
    [InlineData("_semaphore.{|IOP1003:Wait|}();")]
    [InlineData("_semaphore.{|IOP1003:Wait|}(token);")]
    [InlineData("_semaphore.{|IOP1003:Wait|}(100);")]
    [InlineData("if (!_semaphore.{|IOP1003:Wait|}(100, token)) return;")]
    [InlineData("_semaphore.{|IOP1003:Wait|}(TimeSpan.FromSeconds(1));")]
    [InlineData("_semaphore.{|IOP1003:Wait|}(Timeout.InfiniteTimeSpan, token);")]
    [InlineData("_semaphore.{|IOP1003:Wait|}(-1);")]
    [InlineData("_semaphore?.{|IOP1003:Wait|}();")]
    [InlineData("var s = new SemaphoreSlim(0); s.{|IOP1003:Wait|}();")]
    [InlineData("_semaphore.{|IOP1003:Wait|}(); try { Use(); } finally { _semaphore.Release(); }")]
    [InlineData("var timeout = TimeSpan.FromTicks(Environment.TickCount64); _semaphore.{|IOP1003:Wait|}(timeout);")]
    public Task Semaphore_IsReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("_event.{|IOP1003:Wait|}();")]
    [InlineData("_event.{|IOP1003:Wait|}(100, token);")]
    [InlineData("_event.{|IOP1003:Wait|}(TimeSpan.FromSeconds(1), token);")]
    [InlineData("_countdown.{|IOP1003:Wait|}();")]
    [InlineData("_countdown.{|IOP1003:Wait|}(token);")]
    [InlineData("if (_countdown.{|IOP1003:Wait|}(5)) return;")]
    [InlineData("_barrier.{|IOP1003:SignalAndWait|}();")]
    [InlineData("_barrier.{|IOP1003:SignalAndWait|}(TimeSpan.FromSeconds(1));")]
    public Task EventsCountdownsAndBarriers_AreReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("_handle.{|IOP1003:WaitOne|}();")]
    [InlineData("_handle.{|IOP1003:WaitOne|}(100);")]
    [InlineData("_handle.{|IOP1003:WaitOne|}(TimeSpan.FromSeconds(1), exitContext: false);")]
    [InlineData("_auto.{|IOP1003:WaitOne|}();")]
    [InlineData("_mutex.{|IOP1003:WaitOne|}();")]
    [InlineData("new ManualResetEvent(false).{|IOP1003:WaitOne|}(5);")]
    [InlineData("using var s = new Semaphore(1, 1); s.{|IOP1003:WaitOne|}();")]
    [InlineData("WaitHandle.{|IOP1003:WaitAny|}([_handle, _auto]);")]
    [InlineData("WaitHandle.{|IOP1003:WaitAny|}([_handle, _auto], 10);")]
    [InlineData("WaitHandle.{|IOP1003:WaitAll|}([_handle, _auto]);")]
    [InlineData("WaitHandle.{|IOP1003:SignalAndWait|}(_auto, _handle);")]
    [InlineData("AutoResetEvent.{|IOP1003:WaitAny|}([_auto]);")]
    public Task WaitHandles_AreReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("var x = _items.{|IOP1003:Take|}();")]
    [InlineData("var x = _items.{|IOP1003:Take|}(token);")]
    [InlineData("foreach (var x in _items.{|IOP1003:GetConsumingEnumerable|}()) Use(x);")]
    [InlineData("foreach (var x in _items.{|IOP1003:GetConsumingEnumerable|}(token)) Use(x);")]
    [InlineData("BlockingCollection<int>.{|IOP1003:TakeFromAny|}([_items], out var x);")]
    [InlineData("var x = System.Threading.Tasks.Dataflow.DataflowBlock.{|IOP1003:Receive|}(_block);")]
    [InlineData("GC.{|IOP1003:WaitForPendingFinalizers|}();")]
    [InlineData("SynchronizationContext.Current!.{|IOP1003:Send|}(_ => { }, null);")]
    public Task OtherWaits_AreReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("{|IOP1007:lock|} (_gate) { Monitor.{|IOP1003:Wait|}(_gate); }")]
    [InlineData("{|IOP1007:lock|} (_gate) { while (Use2()) Monitor.{|IOP1003:Wait|}(_gate, 100); }")]
    [InlineData("{|IOP1007:lock|} (_gate) { Monitor.{|IOP1003:Wait|}(_gate, TimeSpan.FromSeconds(1)); }")]
    public Task MonitorWait_IsReported(string statement) =>
        Situation.VerifyInPinnedAsync(statement, Members + "\nstatic bool Use2() => Environment.ProcessorCount > 1;");

    [Theory]
    [InlineData("_items.{|IOP1006:Add|}(1);")]
    [InlineData("_items.{|IOP1006:Add|}(1, token);")]
    [InlineData("_items.{|IOP1006:TryTake|}(out var x, 100);")]
    [InlineData("_items.{|IOP1006:TryTake|}(out var x, 100, token);")]
    [InlineData("_items.{|IOP1006:TryAdd|}(1, 100);")]
    [InlineData("var bounded = new BlockingCollection<int>(5); bounded.{|IOP1006:Add|}(1);")]
    [InlineData("_barrier.{|IOP1006:AddParticipant|}();")]
    [InlineData("token.{|IOP1006:WaitHandle|}.{|IOP1003:WaitOne|}();")]
    [InlineData("var handle = _event.{|IOP1006:WaitHandle|};")]
    [InlineData("IAsyncResult r = Task.Delay(1); r.{|IOP1006:AsyncWaitHandle|}.{|IOP1003:WaitOne|}();")]
    public Task WhatWaitsOnlySometimes_MayBlock(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("_semaphore.Wait(0);")]
    [InlineData("if (!_semaphore.Wait(TimeSpan.Zero)) return;")]
    [InlineData("if (_semaphore.Wait(0, token)) _semaphore.Release();")]
    [InlineData("_semaphore.Wait(default(TimeSpan), token);")]
    [InlineData("_semaphore.Wait(cancellationToken: token, millisecondsTimeout: 0);")]
    [InlineData("const int None = 0; _semaphore.Wait(None);")]
    [InlineData("_semaphore.Wait(new TimeSpan(0));")]
    [InlineData("_semaphore.Wait(TimeSpan.FromSeconds(0));")]
    [InlineData("_event.Wait(0);")]
    [InlineData("_countdown.Wait(TimeSpan.Zero);")]
    [InlineData("_barrier.SignalAndWait(0);")]
    [InlineData("_handle.WaitOne(0);")]
    [InlineData("_mutex.WaitOne(TimeSpan.Zero, false);")]
    [InlineData("WaitHandle.WaitAny([_handle], 0);")]
    [InlineData("WaitHandle.WaitAll([_handle], TimeSpan.Zero);")]
    [InlineData("_items.TryTake(out var x, 0);")]
    [InlineData("_items.TryAdd(1, TimeSpan.Zero);")]
    public Task ZeroTimeout_IsSilent(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("await _semaphore.WaitAsync(); _semaphore.Release();")]
    [InlineData("await _semaphore.WaitAsync(100, token); _semaphore.Release(2);")]
    [InlineData("_event.Set(); _event.Reset(); Use(_event.IsSet);")]
    [InlineData("_countdown.Signal(); _countdown.AddCount(); Use(_countdown.CurrentCount);")]
    [InlineData("_auto.Set(); _auto.Reset();")]
    [InlineData("_mutex.ReleaseMutex();")]
    [InlineData("if (_items.TryTake(out var x)) Use(x);")]
    [InlineData("if (_items.TryAdd(1)) _items.CompleteAdding();")]
    [InlineData("var unbounded = new BlockingCollection<int>(); unbounded.Add(1);")]
    [InlineData("foreach (var x in _items.ToArray()) Use(x);")]
    [InlineData("if (_queue.TryDequeue(out var x)) _queue.Enqueue(x);")]
    [InlineData("if (_channel.Reader.TryRead(out var x)) _channel.Writer.TryWrite(x);")]
    [InlineData("await _channel.Writer.WriteAsync(await _channel.Reader.ReadAsync(token), token);")]
    [InlineData("await foreach (var x in _channel.Reader.ReadAllAsync(token)) Use(x);")]
    [InlineData("SynchronizationContext.Current!.Post(_ => { }, null);")]
    [InlineData("using var source = new CancellationTokenSource(); source.Cancel();")]
    [InlineData("using var own = new SemaphoreSlim(1); Use(own.CurrentCount);")]
    [InlineData("Use(GC.CollectionCount(0), GC.GetTotalMemory(false));")]
    [InlineData("await Offload.RunAsync(() => _semaphore.Wait());")]
    [InlineData("await Task.Run(() => _handle.WaitOne());")]
    [InlineData("var name = nameof(_semaphore.Wait);")]
    [InlineData("Func<int> take = _items.Take; Use(take);")]
    public Task WhatDoesNotWait_IsSilent(string statement) => VerifyAsync(statement);

    [Fact]
    public Task DerivedPrimitive_IsReported() => Situation.VerifyInPinnedAsync(
        "var gate = new Gate(); gate.{|IOP1003:Wait|}(); gate.Open();",
        """
        sealed class Gate() : SemaphoreSlim(0)
        {
            public void Open() => Release();
        }
        """);

    [Fact]
    public Task OwnPrimitiveOfTheSameNames_IsSilent() => Situation.VerifyInPinnedAsync(
        """
        var gate = new Gate();
        gate.Wait();
        gate.WaitOne();
        gate.Take();
        """,
        """
        sealed class Gate
        {
            public void Wait() { }
            public bool WaitOne() => true;
            public int Take() => 1;
        }
        """);

    private static Task VerifyAsync(string statements) => Situation.VerifyInPinnedAsync(statements, Members);
}
