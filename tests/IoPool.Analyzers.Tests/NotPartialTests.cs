namespace IoPool.Analyzers.Tests;

/// <summary>IOP4001, which the generator reports.</summary>
public sealed class NotPartialTests
{
    [Fact]
    public Task NotPartial_AsyncValueTaskMethod_IsAnError() => PinnedShapeVerifier.VerifyAsync(
        """
        partial class C
        {
            [Pinned] public async ValueTask {|#0:M|}() => await Task.Yield();
        }
        """,
        PinnedShapeVerifier.Error(
            "IOP4001",
            "'M' is [Pinned] but not partial, so it would run on the default builder and leave its loop; "
            + "make it partial"));

    [Theory]
    [InlineData("public static async ValueTask {|IOP4001:M|}() => await Task.Yield();")]
    [InlineData("public async ValueTask<int> {|IOP4001:M|}() { await Task.Yield(); return 1; }")]
    [InlineData("public virtual async ValueTask<T> {|IOP4001:M|}<T>(T value) { await Task.Yield(); return value; }")]
    public Task NotPartial_WhateverItsSignature_IsAnError(string method) =>
        PinnedShapeVerifier.VerifyAsync($$"""partial class C { [Pinned] {{method}} }""");

    [Fact]
    public Task NotPartial_InATypeThatIsNotPartial_SaysBoth() => PinnedShapeVerifier.VerifyAsync("""
        class C
        {
            [Pinned] public async ValueTask {|IOP4001:{|IOP4004:M|}|}() => await Task.Yield();
        }
        """);

    [Fact]
    public Task Partial_IsSilent() => PinnedShapeVerifier.VerifySilentAsync("""
        partial class C
        {
            [Pinned] public async partial ValueTask M() => await Task.Yield();
        }
        """);

    [Fact]
    public Task NotPinned_IsSilent() => PinnedShapeVerifier.VerifySilentAsync("""
        class C
        {
            public async ValueTask M() => await Task.Yield();
        }
        """);

    [Fact]
    public Task OtherAttributeOfThatName_IsSilent() => PinnedShapeVerifier.VerifySilentAsync("""
        class C
        {
            [Other.Pinned] public async ValueTask M() => await Task.Yield();
        }

        namespace Other
        {
            class PinnedAttribute : Attribute;
        }
        """);
}
