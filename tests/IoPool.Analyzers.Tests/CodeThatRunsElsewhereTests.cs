namespace IoPool.Analyzers.Tests;

/// <summary>
/// Which code runs on a loop, and which of what stands in it does not, by the example of IOP1001 and IOP1002.
/// </summary>
public sealed class CodeThatRunsElsewhereTests
{
    private const string Members = """
        readonly TaskCompletionSource<int> _source = new();
        event Action? Ended;
        Task<int> StartAsync() => _source.Task;
        static void Use(params object?[] values) { }
        """;

    [Theory]
    [InlineData("await Task.Run(() => Thread.Sleep(1));")]
    [InlineData("await Task.Run(() => t.Result);")]
    [InlineData("await Task.Run(() => { t.Wait(); return 1; }, token);")]
    [InlineData("await Task.Run(async () => { await Task.Yield(); t.Wait(); });")]
    [InlineData("await Offload.RunAsync(() => Thread.Sleep(1));")]
    [InlineData("Use(await Offload.RunAsync(() => t.Result));")]
    [InlineData("await Offload.RunAsync(() => { foreach (var i in new[] { 1 }) Thread.Sleep(i); });")]
    [InlineData("await Offload.RunAsync(() => { Inner(); void Inner() => Thread.Sleep(1); });")]
    [InlineData("var thread = new Thread(() => Thread.Sleep(1)); Use(thread);")]
    [InlineData("var thread = new Thread(delegate() { t.Wait(); }) { IsBackground = true }; Use(thread);")]
    [InlineData("ThreadPool.QueueUserWorkItem(_ => Thread.Sleep(1));")]
    [InlineData("ThreadPool.QueueUserWorkItem(static task => task.Wait(), t, preferLocal: false);")]
    [InlineData("ThreadPool.UnsafeQueueUserWorkItem(_ => Thread.Sleep(1), null);")]
    [InlineData("var timer = new Timer(_ => Thread.Sleep(1), null, 0, 10); Use(timer);")]
    [InlineData("var timer = new System.Timers.Timer(5); timer.Elapsed += (_, _) => Thread.Sleep(1);")]
    [InlineData("await t.ContinueWith(x => x.Result, TaskScheduler.Default);")]
    [InlineData("await t.ContinueWith(x => { Thread.Sleep(1); return x.Result; }, TaskScheduler.Default);")]
    [InlineData("await Task.Factory.StartNew(() => t.Result, token, TaskCreationOptions.None, TaskScheduler.Default);")]
    [InlineData("AppDomain.CurrentDomain.ProcessExit += (_, _) => Thread.Sleep(1);")]
    [InlineData("var progress = new Progress<int>(_ => Thread.Sleep(1)); Use(progress);")]
    public Task DelegateThatRunsElsewhere_IsSilent(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("await Task.Run(() => 1 + t.Id); Thread.{|IOP1002:Sleep|}(1);")]
    [InlineData("Task.Run(() => Thread.Sleep(1)).{|IOP1001:Wait|}();")]
    [InlineData("Use(Offload.RunAsync(() => t.Result).AsTask().{|IOP1001:Result|});")]
    [InlineData("await Task.Run(() => t.Id + 1, new CancellationToken(t.{|IOP1001:Result|} > 0));")]
    [InlineData("new Thread(() => Thread.Sleep(1)).{|IOP1006:Start|}();")]
    public Task WhatStandsBesideSuchADelegate_IsReported(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("void Local() => Thread.Sleep(1);")]
    [InlineData("int Local() { return t.Result; }")]
    [InlineData("Action never = () => Thread.Sleep(1);")]
    [InlineData("Func<int> never = () => t.Result; Use(never);")]
    [InlineData("Func<Task> never = async () => { await t; Thread.Sleep(1); };")]
    [InlineData("Ended += () => Thread.Sleep(1);")]
    [InlineData("Ended += delegate { t.Wait(); };")]
    [InlineData("await Offload.RunAsync(Local); void Local() => Thread.Sleep(1);")]
    [InlineData("await Task.Run(Local); int Local() => t.Result;")]
    public Task FunctionThatThisMethodNeverCalls_IsSilent(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("{|IOP1013:Local|}(); void Local() => Thread.Sleep(1);")]
    [InlineData("Use({|IOP1013:Local|}()); int Local() { return t.Result; }")]
    [InlineData("{|IOP1013:Local|}(); static void Local() { Thread.Sleep(1); Use(); }")]
    public Task LocalFunctionThatIsCalled_IsReportedAtTheCall(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("new List<int> { 1 }.ForEach(x => Thread.{|IOP1016:Sleep|}(x));")]
    [InlineData("Array.ForEach(new[] { t }, x => x.{|IOP1016:Wait|}());")]
    [InlineData("Use(new[] { t }.Sum(x => x.{|IOP1016:Result|}));")]
    [InlineData("Use(new[] { t }.Select(x => x.{|IOP1016:Result|}).ToList());")]
    [InlineData("foreach (var x in new[] { t }.Select(x => x.{|IOP1016:Result|})) Use(x);")]
    public Task LambdaThatIsRunRightHere_IsReported(string statements) => VerifyAsync(statements);

    [Fact]
    public Task MethodThatIsNotPinned_IsSilent() => Situation.VerifyAsync("""
        partial class Handler
        {
            public async Task PlainAsync(Task t)
            {
                t.Wait();
                await t;
                Thread.Sleep(1);
            }

            public void Plain(Task<int> t) => Console.WriteLine(t.Result);

            int Value => Task.Run(() => 1).Result;

            ~Handler() => Thread.Sleep(1);

            [Pinned]
            public async partial ValueTask RunAsync() => await Task.Yield();
        }
        """);

    [Fact]
    public Task ProjectWithoutLoops_IsSilent() => Situation.VerifyAsync("""
        class Program
        {
            static async Task Main()
            {
                Thread.Sleep(1);
                await Task.Run(() => 1);
                Task.Run(() => 1).Wait();
                while (true) { }
            }
        }
        """);

    [Fact]
    public Task PinnedContractWithoutABody_IsSilent() => Situation.VerifyAsync("""
        interface IHandler
        {
            [Pinned] ValueTask RunAsync(Task<int> t);
            void Stop() => Thread.Sleep(1);
        }

        abstract class Base
        {
            [Pinned] public abstract ValueTask RunAsync(Task<int> t);
        }
        """);

    [Theory]
    [InlineData("loop.Post(() => Thread.{|IOP1002:Sleep|}(1));")]
    [InlineData("loop.Post(() => { if (t.Id > 0) t.{|IOP1001:Wait|}(); });")]
    [InlineData("loop.Post(static task => task.{|IOP1001:Wait|}(), t);")]
    [InlineData("loop.Post(delegate { Thread.{|IOP1002:Sleep|}(1); });")]
    [InlineData("loop.Spawn(async () => { await Task.Yield(); Thread.{|IOP1002:Sleep|}(1); });")]
    [InlineData("loop.Spawn(async task => { Keep(t.{|IOP1001:Result|}); await task; }, t);")]
    [InlineData("loop.Spawn(() => { t.{|IOP1001:Wait|}(); return default; });")]
    [InlineData("group.Spawn(async () => { t.{|IOP1001:Wait|}(); await t; });")]
    [InlineData("await loop.RunAsync(async () => { await Task.Yield(); t.{|IOP1001:Wait|}(); });")]
    [InlineData("await group.RunAsync(async () => { await Task.Yield(); return t.{|IOP1001:Result|}; });")]
    [InlineData("await group.RunAsync(async n => { await Task.Yield(); Thread.{|IOP1002:Sleep|}(n); }, 5);")]
    [InlineData("await group.RunAsync(() => new ValueTask<int>(t.{|IOP1001:Result|}));")]
    [InlineData("group.Run(async () => { await Task.Yield(); Thread.{|IOP1002:Sleep|}(1); });")]
    [InlineData("group.RunUntilIdle(async () => { await Task.Yield(); Thread.{|IOP1002:Sleep|}(1); });")]
    [InlineData("group.Next().Post(() => Thread.{|IOP1002:Sleep|}(1));")]
    [InlineData("EventLoop.Current?.Post(() => Thread.{|IOP1002:Sleep|}(1));")]
    [InlineData("group.Listen(end, async c => { await Task.Yield(); Thread.{|IOP1002:Sleep|}(1); });")]
    [InlineData("EventLoopGroupNetExtensions.Listen(group, end, _ => { t.{|IOP1001:Wait|}(); return default; });")]
    public Task LambdaThatALoopRuns_IsReported(string statement) => VerifyOutsideAsync(statement);

    [Theory]
    [InlineData("loop.Post(() => Keep(t.Id));")]
    [InlineData("loop.Spawn(async () => { await t; Keep(t.Result); });")]
    [InlineData("loop.Spawn(static async work => await Offload.RunAsync(work), (Action)(() => Thread.Sleep(1)));")]
    [InlineData("group.Spawn(async () => { await Task.Run(() => Thread.Sleep(1)); });")]
    [InlineData("group.Spawn(async () => { await Offload.RunAsync(() => t.Result); });")]
    [InlineData("await group.RunAsync(async () => { await t; return t.Result; });")]
    [InlineData("loop.Post(() => { if (t.IsCompleted) Keep(t.Result); });")]
    [InlineData("Thread.Sleep(1); loop.Post(() => Keep(1)); t.Wait();")]
    [InlineData("loop.Post(() => { Func<int> later = () => t.Result; Keep(later); });")]
    public Task LambdaThatDoesNotBlock_IsSilent(string statement) => VerifyOutsideAsync(statement);

    [Fact]
    public Task OwnMethodsNamedLikeLoopApis_AreSilent() => Situation.VerifyAsync("""
        class Queue
        {
            public void Post(Action action) => action();
            public void Spawn(Func<ValueTask> method) { }
            public static void Run(Action action) => action();
        }

        class Program
        {
            void M(Queue queue)
            {
                queue.Post(() => Thread.Sleep(1));
                queue.Spawn(async () => { await Task.Yield(); Thread.Sleep(1); });
                Queue.Run(() => Thread.Sleep(1));
            }
        }
        """);

    [Fact]
    public Task LoopLambdaInsideAPinnedMethod_IsReportedOnce() => VerifyAsync("""
        EventLoop.Current!.Post(() => Thread.{|IOP1002:Sleep|}(1));
        EventLoop.Current.Spawn(async () =>
        {
            await Task.Yield();
            EventLoop.Current!.Post(() => t.{|IOP1001:Wait|}());
        });
        """);

    private static Task VerifyAsync(string statements) =>
        Situation.VerifyInPinnedAsync("Task<int> t = StartAsync();\n" + statements, Members);

    private static Task VerifyOutsideAsync(string statements) => Situation.VerifyAsync($$"""
        static class Program
        {
            static async Task StartAsync(EventLoop loop, EventLoopGroup group, EndPoint end, Task<int> t)
            {
                await Task.Yield();
                {{statements}}
            }

            static void Keep(object value) { }
        }
        """);
}
