namespace IoPool.Analyzers.Tests;

/// <summary>IOP2002.</summary>
public sealed class PointlessConfigureAwaitTests
{
    [Theory]
    [InlineData("await Task.Delay(1).{|IOP2002:ConfigureAwait|}(false);")]
    [InlineData("await Task.Delay(1).{|IOP2002:ConfigureAwait|}(true);")]
    [InlineData("await Task.Delay(1).{|IOP2002:ConfigureAwait|}(continueOnCapturedContext: false);")]
    [InlineData("var n = await connection.ReceiveAsync(new byte[1]).{|IOP2002:ConfigureAwait|}(false);")]
    [InlineData("await connection.SendAsync(new byte[1]).{|IOP2002:ConfigureAwait|}(false);")]
    [InlineData("await (token.CanBeCanceled ? Task.Delay(1) : Task.Delay(2)).{|IOP2002:ConfigureAwait|}(false);")]
    [InlineData("await Task.Delay(1).{|IOP2002:ConfigureAwait|}(ConfigureAwaitOptions.None);")]
    [InlineData("await Task.Delay(1).{|IOP2002:ConfigureAwait|}(ConfigureAwaitOptions.ContinueOnCapturedContext);")]
    [InlineData("var flag = token.CanBeCanceled; await Task.Delay(1).{|IOP2002:ConfigureAwait|}(flag);")]
    public Task OnAnAwait_IsReported(string statements) => Situation.VerifyInPinnedAsync(statements);

    [Theory]
    [InlineData("await foreach (var i in ItemsAsync().{|IOP2002:ConfigureAwait|}(false)) { }")]
    [InlineData("await foreach (var i in ItemsAsync().WithCancellation(token).{|IOP2002:ConfigureAwait|}(false)) { }")]
    [InlineData("await foreach (var i in ItemsAsync().{|IOP2002:ConfigureAwait|}(false).WithCancellation(token)) { }")]
    [InlineData("await using var s = new MemoryStream().{|IOP2002:ConfigureAwait|}(false);")]
    [InlineData("await using (new MemoryStream().{|IOP2002:ConfigureAwait|}(false)) { }")]
    public Task OnSequencesAndDisposals_IsReported(string statements) => Situation.VerifyInPinnedAsync(
        statements, "static async IAsyncEnumerable<int> ItemsAsync() { await Task.Yield(); yield return 1; }");

    [Theory]
    [InlineData("await Task.Delay(1).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);")]
    [InlineData("await Task.Delay(1).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);")]
    [InlineData("await Task.Delay(1).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);")]
    [InlineData("ConfigureAwaitOptions o = token.CanBeCanceled ? default : (ConfigureAwaitOptions)2; await Task.Delay(1).ConfigureAwait(o);")]
    [InlineData("await Task.Delay(1);")]
    public Task OptionsWithAnotherEffect_AreSilent(string statements) => Situation.VerifyInPinnedAsync(statements);

    [Fact]
    public Task LambdaThatThePoolRuns_IsSilent() => Situation.VerifyInPinnedAsync(
        "await Task.Run(async () => await Task.Delay(1).ConfigureAwait(false));");

    [Fact]
    public Task OrdinaryLocalFunction_IsSilent() => Situation.VerifyInPinnedAsync("""
        await InnerAsync();
        static async Task InnerAsync() => await Task.Delay(1).ConfigureAwait(false);
        """);

    [Fact]
    public Task OrdinaryLibraryMethod_IsSilent() => Situation.VerifyInPinnedAsync(
        "await HelperAsync();",
        "static async Task HelperAsync() => await Task.Delay(1).ConfigureAwait(false);");

    [Fact]
    public Task AwaiterThatSomebodyElseUses_IsSilent() => Situation.VerifyInPinnedAsync(
        "Task.Delay(1).ConfigureAwait(false).GetAwaiter().OnCompleted(() => { });");

    [Fact]
    public Task MethodOfTheUsersThatIsNamedAlike_IsSilent() => Situation.VerifyInPinnedAsync(
        "await new Own().ConfigureAwait(false);",
        "class Own { public Task ConfigureAwait(bool b) => Task.CompletedTask; }");
}
