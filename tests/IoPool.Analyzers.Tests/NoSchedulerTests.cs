namespace IoPool.Analyzers.Tests;

/// <summary>IOP2008.</summary>
public sealed class NoSchedulerTests
{
    private const string Members = """
            static void Work() { }
            static readonly TaskFactory s_factory = new(TaskScheduler.Default);
        """;

    [Theory]
    [InlineData("await Task.Factory.{|IOP2008:StartNew|}(() => { });")]
    [InlineData("await Task.Factory.{|IOP2008:StartNew|}(Work);")]
    [InlineData("await Task.Factory.{|IOP2008:StartNew|}(() => 1, token);")]
    [InlineData("await Task.Factory.{|IOP2008:StartNew|}(Work, TaskCreationOptions.LongRunning);")]
    [InlineData("await Task<int>.Factory.{|IOP2008:StartNew|}(() => 1);")]
    [InlineData("await Task.Delay(1).{|IOP2008:ContinueWith|}(_ => { });")]
    [InlineData("await Task.FromResult(1).{|IOP2008:ContinueWith|}(t => 2, token);")]
    [InlineData("await Task.Delay(1).{|IOP2008:ContinueWith|}(_ => { }, TaskContinuationOptions.OnlyOnFaulted);")]
    [InlineData("await Task.Factory.{|IOP2008:ContinueWhenAll|}(new[] { Task.CompletedTask }, _ => { });")]
    [InlineData("await Task.Factory.{|IOP2008:ContinueWhenAny|}(new[] { Task.CompletedTask }, _ => { });")]
    public Task InLoopCode_IsReported(string statements) => Situation.VerifyInPinnedAsync(statements, Members);

    [Theory]
    [InlineData("await Task.Factory.StartNew(Work, token, TaskCreationOptions.None, TaskScheduler.Default);")]
    [InlineData("await Task.Delay(1).ContinueWith(_ => { }, TaskScheduler.Default);")]
    [InlineData("await Task.Delay(1).ContinueWith(_ => { }, token, TaskContinuationOptions.None, TaskScheduler.Current);")]
    [InlineData("await Task.Run(Work);")]
    [InlineData("await Offload.RunAsync(Work);")]
    [InlineData("await Task.Run(() => Task.Factory.StartNew(Work));")]
    public Task WithASchedulerOrElsewhere_IsSilent(string statements) =>
        Situation.VerifyInPinnedAsync(statements, Members);

    [Theory]
    [InlineData("await s_factory.StartNew(Work);")]
    [InlineData("var factory = new TaskFactory(TaskScheduler.Default); await factory.StartNew(Work);")]
    public Task FactoryWithAPresetScheduler_AsInVSTHRD105_IsSilent(string statements) =>
        Situation.VerifyInPinnedAsync(statements, Members);

    [Fact]
    public Task CodeThatNoLoopRuns_IsSilent() => Situation.VerifyAsync("""
        class C
        {
            Task M() => Task.Factory.StartNew(() => { }).ContinueWith(_ => { });
        }
        """);
}
