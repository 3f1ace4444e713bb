namespace IoPool.Analyzers.Tests;

/// <summary>IOP2007.</summary>
public sealed class AsyncVoidTests
{
    private const string Members = """
            static async void FireAsync() => await Task.Yield();
            static async void FireWithAsync(object? state) => await Task.Yield();
            static async Task WorkAsync() => await Task.Yield();
            static void Plain() { }
            static void Take(Action action) { }
            static void TakeTask(Func<Task> action) { }
            event Action? Ended;
        """;

    [Theory]
    [InlineData("{|IOP2007:FireAsync|}();")]
    [InlineData("Handler.{|IOP2007:FireAsync|}();")]
    [InlineData("Action a = {|IOP2007:FireAsync|}; a();")]
    [InlineData("Take({|IOP2007:FireAsync|});")]
    [InlineData("Take({|IOP2007:async|} () => await Task.Yield());")]
    [InlineData("Take({|IOP2007:async|} delegate { await Task.Yield(); });")]
    [InlineData("Action<int> a = {|IOP2007:async|} x => await Task.Delay(x); a(1);")]
    [InlineData("new List<int> { 1 }.ForEach({|IOP2007:async|} x => await Task.Delay(x));")]
    [InlineData("{|IOP2007:Local|}(); async void Local() => await Task.Yield();")]
    [InlineData("connection.Loop.Post({|IOP2007:async|} () => await Task.Yield());")]
    [InlineData("connection.Loop.Post({|IOP2007:FireAsync|});")]
    public Task InLoopCode_IsReportedOnce(string statements) => Situation.VerifyInPinnedAsync(statements, Members);

    [Theory]
    [InlineData("loop.Post({|IOP2007:async|} () => await Task.Yield());")]
    [InlineData("loop.Post({|IOP2007:async|} state => await Task.Yield(), 1);")]
    [InlineData("loop.Post({|IOP2007:FireAsync|});")]
    [InlineData("loop.Post({|IOP2007:FireWithAsync|}, (object)1);")]
    public Task HandedToALoop_IsReportedAnywhere(string statements) => VerifyOutsideAsync(statements);

    [Theory]
    [InlineData("loop.Spawn(async () => await Task.Yield());")]
    [InlineData("loop.RunAsync(async () => await Task.Yield()).AsTask();")]
    [InlineData("loop.Post(Plain);")]
    [InlineData("FireAsync();")]
    public Task OtherwiseOutsideOfLoops_IsSilent(string statements) => VerifyOutsideAsync(statements);

    [Theory]
    [InlineData("await Task.Run(async () => await Task.Yield());")]
    [InlineData("TakeTask(async () => await Task.Yield());")]
    [InlineData("Func<ValueTask> f = async () => await Task.Yield(); await f();")]
    [InlineData("await WorkAsync();")]
    [InlineData("await Task.Run(() => FireAsync());")]
    [InlineData("Plain();")]
    [InlineData("connection.Loop.Spawn(async () => await Task.Yield());")]
    public Task WhatSomebodyCanAwait_IsSilent(string statements) => Situation.VerifyInPinnedAsync(statements, Members);

    [Fact]
    public Task EventHandler_AsInVSTHRD100_IsSilent() => Situation.VerifyInPinnedAsync(
        """
        Ended += async () => await Task.Yield();
        Ended += FireAsync;
        Ended?.Invoke();
        """,
        Members);

    [Fact]
    public Task LocalFunctionThatNobodyCalls_IsSilent() => Situation.VerifyInPinnedAsync("""
        #pragma warning disable CS8321
        async void Local() => await Task.Yield();
        """);

    private static Task VerifyOutsideAsync(string statements) => Situation.VerifyAsync($$"""
        class C
        {
            void Start(EventLoop loop)
            {
                {{statements}}
            }

        {{Members.Replace("event Action? Ended;", "", StringComparison.Ordinal)}}
        }
        """);
}
