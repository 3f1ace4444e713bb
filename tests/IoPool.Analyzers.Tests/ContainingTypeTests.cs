namespace IoPool.Analyzers.Tests;

/// <summary>IOP4004.</summary>
public sealed class ContainingTypeTests
{
    [Fact]
    public Task TypeNotPartial_IsAnError() => PinnedShapeVerifier.VerifyAsync(
        """
        class C
        {
            [Pinned] public async partial ValueTask {|#0:M|}() => await Task.Yield();
        }
        """,
        PinnedShapeVerifier.Error(
            "IOP4004", "'M' is [Pinned] but the type 'C' around it is not partial; make 'C' partial"));

    [Theory]
    [InlineData("class")]
    [InlineData("struct")]
    [InlineData("interface")]
    [InlineData("record")]
    [InlineData("record struct")]
    [InlineData("static class", "static")]
    public Task TypeNotPartial_OfEveryKind_IsAnError(string kind, string modifier = "") =>
        PinnedShapeVerifier.VerifyAsync($$"""
            {{kind}} C { [Pinned] public {{modifier}} async partial ValueTask {|IOP4004:M|}() => await Task.Yield(); }
            """);

    [Fact]
    public Task OuterTypeNotPartial_IsAnError() => PinnedShapeVerifier.VerifyAsync("""
        class Outer
        {
            partial struct Inner { [Pinned] public async partial ValueTask {|IOP4004:M|}() => await Task.Yield(); }
        }
        """);

    [Fact]
    public Task TwoTypesNotPartial_AreTwoErrors() => PinnedShapeVerifier.VerifyAsync("""
        class Outer
        {
            class Inner { [Pinned] public async partial ValueTask {|IOP4004:{|IOP4004:M|}|}() => await Task.Yield(); }
        }
        """);

    [Fact]
    public Task PartialTypes_AreSilent() => PinnedShapeVerifier.VerifySilentAsync("""
        static partial class Outer<T>
        {
            partial record struct Inner { [Pinned] public async partial ValueTask M() => await Task.Yield(); }
        }
        """);

    [Fact]
    public Task ContractInATypeThatIsNotPartial_IsSilent() => PinnedShapeVerifier.VerifySilentAsync("""
        interface I { [Pinned] ValueTask M(); }
        """);
}
