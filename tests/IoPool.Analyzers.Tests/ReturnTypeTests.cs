namespace IoPool.Analyzers.Tests;

/// <summary>IOP4003.</summary>
public sealed class ReturnTypeTests
{
    [Fact]
    public Task ReturnsTask_IsAnError() => PinnedShapeVerifier.VerifyAsync(
        """
        partial class C
        {
            [Pinned] public async partial Task<int> {|#0:M|}() { await Task.Yield(); return 1; }
        }
        """,
        PinnedShapeVerifier.Error(
            "IOP4003", "'M' is [Pinned] but returns 'Task<int>'; return ValueTask or ValueTask<T>"));

    [Theory]
    [InlineData("public async Task {|IOP4001:{|IOP4003:M|}|}() => await Task.Yield();")]
    [InlineData("public async void {|IOP4001:{|IOP4003:M|}|}() => await Task.Yield();")]
    [InlineData("public async Mine.ValueTask {|IOP4001:{|IOP4003:M|}|}() => await Task.Yield();")]
    [InlineData("public async int {|IOP4001:{|IOP4003:M|}|}() => await Task.Yield();")]
    public Task ReturnsAnythingElse_IsAnError(string method) => PinnedShapeVerifier.VerifyAsync($$"""
        partial class C { [Pinned] {{method}} }
        class Mine { public struct ValueTask { } }
        """);

    [Fact]
    public Task ContractThatReturnsTask_IsAnError() => PinnedShapeVerifier.VerifyAsync("""
        interface I { [Pinned] Task {|IOP4003:M|}(); }
        abstract class C { [Pinned] public abstract int {|IOP4003:M|}(); }
        """);

    [Fact]
    public Task NotAsyncAndReturnsInt_SaysBoth() => PinnedShapeVerifier.VerifyAsync("""
        partial class C { [Pinned] public int {|IOP4002:{|IOP4003:M|}|}() => 1; }
        """);

    [Fact]
    public Task ValueTaskOfAnything_IsSilent() => PinnedShapeVerifier.VerifySilentAsync("""
        partial class C
        {
            [Pinned] public async partial ValueTask<(int A, string? B)> M() { await Task.Yield(); return default; }
            [Pinned] public async partial ValueTask<T> N<T>(T value) { await Task.Yield(); return value; }
        }
        """);

    [Fact]
    public Task UnknownReturnType_IsLeftToTheCompiler() => PinnedShapeVerifier.VerifyAsync("""
        partial class C { [Pinned] public async partial ValueTaks M() => await Task.Yield(); }
        """);
}
