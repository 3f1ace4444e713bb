namespace IoPool.Analyzers.Tests;

/// <summary>IOP3003.</summary>
public sealed class StoredValueTaskTests
{
    private const string Members = """
            [Pinned] private static async partial ValueTask WorkAsync() { await Task.Yield(); }
            static ValueTask OrdinaryAsync() => default;
            ValueTask _pending;
            ValueTask? _optional;
            ValueTask<int> _count;
            Task? _task;
            static ValueTask s_pending;
            ValueTask Pending { get; set; }
            readonly List<ValueTask> _list = [];
            readonly Queue<ValueTask> _queue = new();
            readonly List<Task> _tasks = [];
            readonly Dictionary<int, ValueTask> _map = [];
            readonly ValueTask[] _array = new ValueTask[2];
            static void Add(ValueTask call) { }
        """;

    [Theory]
    [InlineData("_pending = {|IOP3003:WorkAsync|}();")]
    [InlineData("this._pending = {|IOP3003:WorkAsync|}();")]
    [InlineData("_optional ??= {|IOP3003:WorkAsync|}();")]
    [InlineData("s_pending = {|IOP3003:WorkAsync|}();")]
    [InlineData("Pending = {|IOP3003:WorkAsync|}();")]
    [InlineData("_list.Add({|IOP3003:WorkAsync|}());")]
    [InlineData("_queue.Enqueue({|IOP3003:WorkAsync|}());")]
    [InlineData("_map[1] = {|IOP3003:WorkAsync|}();")]
    [InlineData("_map.TryAdd(1, {|IOP3003:WorkAsync|}());")]
    [InlineData("_array[1] = {|IOP3003:WorkAsync|}();")]
    [InlineData("var list = new List<ValueTask> { {|IOP3003:WorkAsync|}() };")]
    [InlineData("var all = new[] { {|IOP3003:WorkAsync|}(), {|IOP3003:WorkAsync|}()};")]
    [InlineData("ValueTask[] all = [{|IOP3003:WorkAsync|}()];")]
    [InlineData("(_pending, var n) = ({|IOP3003:WorkAsync|}(), 1);")]
    [InlineData("_pending = true ? {|IOP3003:WorkAsync|}() : default;")]
    public Task PinnedCall_IsReportedEverywhere(string statements) =>
        Task.WhenAll(VerifyAsync(statements), Situation.VerifyRuleAsync("IOP3003", $$"""
            partial class Handler
            {
                void Ordinary()
                {
                    {{statements}}
                }

            {{Members}}
            }
            """));

    [Theory]
    [InlineData("_pending = connection.{|IOP3003:SendAsync|}(new byte[1]);")]
    [InlineData("_count = connection.{|IOP3003:ReceiveAsync|}(new byte[1]);")]
    [InlineData("_pending = {|IOP3003:OrdinaryAsync|}();")]
    [InlineData("_list.Add({|IOP3003:OrdinaryAsync|}());")]
    [InlineData("var t = OrdinaryAsync(); _pending = {|IOP3003:t|};")]
    [InlineData("var t = OrdinaryAsync(); _list.Add({|IOP3003:t|});")]
    public Task AnyCall_IsReportedOnALoop(string statements) => VerifyAsync(statements);

    [Fact]
    public Task FieldInitializer_IsReported() => Situation.VerifyAsync("""
        partial class C
        {
            static ValueTask s_first = {|IOP3003:WorkAsync|}();
            static ValueTask First { get; } = {|IOP3003:WorkAsync|}();

            [Pinned]
            private static async partial ValueTask WorkAsync() { await Task.Yield(); }
        }
        """);

    [Theory]
    [InlineData("_task = WorkAsync().AsTask();")]
    [InlineData("_tasks.Add(WorkAsync().AsTask());")]
    [InlineData("_tasks.Add(OrdinaryAsync().AsTask());")]
    [InlineData("_pending = OrdinaryAsync().Preserve();")]
    [InlineData("var p = OrdinaryAsync().Preserve(); _pending = p;")]
    [InlineData("var t = WorkAsync(); await t;")]
    [InlineData("await WorkAsync();")]
    [InlineData("_pending = default;")]
    [InlineData("_pending = ValueTask.CompletedTask;")]
    [InlineData("_pending = new ValueTask(Task.Delay(1));")]
    [InlineData("Add(WorkAsync());")]
    [InlineData("foreach (var call in new[] { WorkAsync(), WorkAsync() }) await call;")]
    [InlineData("_count = ValueTask.FromResult(1);")]
    public Task WhatMayBeKept_IsSilent(string statements) => VerifyAsync(statements);

    [Fact]
    public Task OrdinaryCallThatNoLoopIsKnownToRun_IsSilent() => Situation.VerifyAsync("""
        class C
        {
            ValueTask _pending;
            void M(Stream stream) => _pending = stream.FlushAsync() is var t ? new ValueTask(t) : default;
            void N(Stream stream, byte[] data) => _pending = stream.WriteAsync(data.AsMemory());
        }
        """);

    private static Task VerifyAsync(string statements) =>
        Situation.VerifyRuleInPinnedAsync("IOP3003", statements, Members);
}
