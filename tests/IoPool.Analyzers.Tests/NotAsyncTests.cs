namespace IoPool.Analyzers.Tests;

/// <summary>IOP4002.</summary>
public sealed class NotAsyncTests
{
    [Fact]
    public Task NotAsync_PartialMethod_IsAnError() => PinnedShapeVerifier.VerifyAsync(
        """
        partial class C
        {
            [Pinned] public partial ValueTask {|#0:M|}() => default;
        }
        """,
        PinnedShapeVerifier.Error(
            "IOP4002", "'M' is [Pinned] but not async, so there is no state machine to pin; make it async"));

    [Theory]
    [InlineData("public ValueTask {|IOP4002:M|}() => default;")]
    [InlineData("public ValueTask<int> {|IOP4002:M|}() { return new(1); }")]
    [InlineData("public extern static ValueTask {|IOP4002:M|}();")]
    [InlineData("public virtual ValueTask {|IOP4002:M|}() => default;")]
    public Task NotAsync_OrdinaryMethod_IsAnError(string method) =>
        PinnedShapeVerifier.VerifyAsync($$"""partial class C { [Pinned] {{method}} }""");

    [Fact]
    public Task NotAsync_DefaultImplementation_IsAnError() => PinnedShapeVerifier.VerifyAsync("""
        partial interface I
        {
            [Pinned] ValueTask {|IOP4002:M|}() => default;
        }
        """);

    [Fact]
    public Task AbstractMember_IsSilent() => PinnedShapeVerifier.VerifySilentAsync("""
        interface I
        {
            [Pinned] ValueTask M();
            [Pinned] abstract ValueTask N();
        }

        abstract class C
        {
            [Pinned] public abstract ValueTask M();
        }
        """);
}
