namespace IoPool.Analyzers.Tests;

/// <summary>IOP2006.</summary>
public sealed class SynchronizationContextRuleTests
{
    [Theory]
    [InlineData("SynchronizationContext.{|IOP2006:SetSynchronizationContext|}(null);")]
    [InlineData("SynchronizationContext.{|IOP2006:SetSynchronizationContext|}(new SynchronizationContext());")]
    [InlineData("var old = SynchronizationContext.Current; SynchronizationContext.{|IOP2006:SetSynchronizationContext|}(old);")]
    [InlineData("if (token.CanBeCanceled) SynchronizationContext.{|IOP2006:SetSynchronizationContext|}(null);")]
    [InlineData("Clear(); void Clear() => SynchronizationContext.{|IOP2006:SetSynchronizationContext|}(null);")]
    public Task OnALoop_IsReported(string statements) => Situation.VerifyInPinnedAsync(statements);

    [Fact]
    public Task InALambdaThatALoopRuns_IsReported() => Situation.VerifyAsync("""
        class C
        {
            void Start(EventLoop loop) =>
                loop.Post(() => SynchronizationContext.{|IOP2006:SetSynchronizationContext|}(null));
        }
        """);

    [Theory]
    [InlineData("await Task.Run(() => SynchronizationContext.SetSynchronizationContext(null));")]
    [InlineData("await Offload.RunAsync(() => SynchronizationContext.SetSynchronizationContext(null));")]
    [InlineData("new Thread(() => SynchronizationContext.SetSynchronizationContext(null)).Start();")]
    [InlineData("var current = SynchronizationContext.Current;")]
    [InlineData("SynchronizationContext.SetSynchronizationContext(connection.Loop.SynchronizationContext);")]
    [InlineData("Own.SetSynchronizationContext(null);")]
    public Task ElsewhereOrWithoutEffect_IsSilent(string statements) => Situation.VerifyRuleInPinnedAsync(
        "IOP2006",
        statements,
        "static class Own { public static void SetSynchronizationContext(object? context) { } }");

    [Fact]
    public Task CodeThatNoLoopRuns_IsSilent() => Situation.VerifyAsync("""
        class C
        {
            void M() => SynchronizationContext.SetSynchronizationContext(null);
        }
        """);
}
