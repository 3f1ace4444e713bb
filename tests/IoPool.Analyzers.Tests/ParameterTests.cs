namespace IoPool.Analyzers.Tests;

/// <summary>IOP4005.</summary>
public sealed class ParameterTests
{
    [Fact]
    public Task RefParameter_IsAnError() => PinnedShapeVerifier.VerifyAsync(
        """
        partial class C
        {
            [Pinned] public async partial ValueTask M(ref int {|#0:count|}) => await Task.Yield();
        }
        """,
        PinnedShapeVerifier.Error(
            "IOP4005", "'M' is [Pinned] but 'count' is passed by 'ref'; an async method cannot keep it"));

    [Theory]
    [InlineData("in int {|IOP4005:x|}")]
    [InlineData("out int {|IOP4005:x|}")]
    [InlineData("ref readonly int {|IOP4005:x|}")]
    [InlineData("Span<byte> {|IOP4005:x|}")]
    [InlineData("scoped ReadOnlySpan<char> {|IOP4005:x|}")]
    [InlineData("params ReadOnlySpan<int> {|IOP4005:x|}")]
    [InlineData("TypedReference {|IOP4005:x|}")]
    [InlineData("int* {|IOP4005:x|}")]
    [InlineData("delegate*<void> {|IOP4005:x|}")]
    [InlineData("ref int {|IOP4005:x|}, Span<int> {|IOP4005:y|}")]
    public Task ParameterThatCannotBeKept_IsAnError(string parameters) => PinnedShapeVerifier.VerifyAsync($$"""
        unsafe partial class C { [Pinned] public async partial ValueTask M({{parameters}}) => throw null!; }
        """);

    [Fact]
    public Task TypeParameterThatAllowsRefStructs_IsAnError() => PinnedShapeVerifier.VerifyAsync("""
        partial class C
        {
            [Pinned] public async partial ValueTask M<T>(T {|IOP4005:x|}) where T : allows ref struct => throw null!;
        }
        """);

    [Fact]
    public Task InstanceMethodOfARefStruct_IsAnError() => PinnedShapeVerifier.VerifyAsync("""
        ref partial struct S
        {
            [Pinned] public async partial ValueTask {|IOP4005:M|}() => await Task.Yield();
        }
        """);

    [Fact]
    public Task ContractThatNobodyCanImplement_IsAnError() => PinnedShapeVerifier.VerifyAsync("""
        interface I { [Pinned] ValueTask M(Span<byte> {|IOP4005:buffer|}); }
        """);

    [Fact]
    public Task OrdinaryParameters_AreSilent() => PinnedShapeVerifier.VerifySilentAsync("""
        static partial class C
        {
            [Pinned] public static async partial ValueTask M<T>(this T self, Memory<byte> memory, params int[] rest) =>
                await Task.Yield();
        }
        """);
}
