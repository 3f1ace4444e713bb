namespace IoPool.Analyzers.Tests;

/// <summary>IOP4008, which the generator reports.</summary>
public sealed class OtherBuilderTests
{
    [Fact]
    public Task OtherBuilder_IsAnError() => PinnedShapeVerifier.VerifyAsync(
        """
        partial class C
        {
            [Pinned, AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
            public async partial ValueTask {|#0:M|}() => await Task.Yield();
        }
        """,
        PinnedShapeVerifier.Error(
            "IOP4008",
            "'M' is [Pinned] but would not run on the pinned builder: it has an [AsyncMethodBuilder] of its own; "
            + "remove that, the generator writes the right one"));

    [Fact]
    public Task OtherBuilder_OnAMethodThatIsNotPartial_SaysBoth() => PinnedShapeVerifier.VerifyAsync("""
        partial class C
        {
            [Pinned, AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
            public async ValueTask {|IOP4001:{|IOP4008:M|}|}() => await Task.Yield();
        }
        """);

    [Fact]
    public Task PinnedBuilderOnThePartThatWaitsForTheGenerated_IsAnError() => PinnedShapeVerifier.VerifyAsync("""
        partial class C
        {
            [Pinned, AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]
            public async partial ValueTask {|IOP4008:M|}() => await Task.Yield();
        }
        """);

    [Fact]
    public Task BuilderOfTheReturnType_IsSilent() => PinnedShapeVerifier.VerifySilentAsync("""
        partial class C
        {
            [Pinned] public async partial ValueTask M() => await Task.Yield();

            [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
            public async ValueTask Unpinned() => await Task.Yield();
        }
        """);
}
