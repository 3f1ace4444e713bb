namespace IoPool.Analyzers.Tests;

/// <summary>IOP4007, which the generator reports.</summary>
public sealed class ImpossibleTests
{
    [Fact]
    public Task AsyncIterator_IsAnError() => PinnedShapeVerifier.VerifyAsync(
        """
        class C
        {
            [Pinned] public async IAsyncEnumerable<int> {|#0:M|}() { await Task.Yield(); yield return 1; }
        }
        """,
        PinnedShapeVerifier.Error(
            "IOP4007", "'M' cannot be [Pinned]: an async iterator ignores every builder; return ValueTask"),
        PinnedShapeVerifier.Error(
            "IOP4004", "'M' is [Pinned] but the type 'C' around it is not partial; make 'C' partial"));

    [Fact]
    public Task AsyncEnumerator_IsAnError() => PinnedShapeVerifier.VerifyAsync("""
        partial class C
        {
            [Pinned] public async partial IAsyncEnumerator<int> {|IOP4007:M|}() { await Task.Yield(); yield return 1; }
        }
        """);

    [Fact]
    public Task ExplicitInterfaceImplementation_IsAnError() => PinnedShapeVerifier.VerifyAsync(
        """
        interface I { ValueTask M(); }

        partial class C : I
        {
            [Pinned] async ValueTask I.{|#0:M|}() => await Task.Yield();
        }
        """,
        PinnedShapeVerifier.Error(
            "IOP4007",
            "'I.M' cannot be [Pinned]: an explicit interface implementation cannot be partial; implement the member "
            + "implicitly"));

    [Fact]
    public Task FileLocalType_IsAnError() => PinnedShapeVerifier.VerifyAsync("""
        file partial class Outer
        {
            partial class Inner { [Pinned] public async partial ValueTask {|IOP4007:M|}() => await Task.Yield(); }
        }
        """);

    [Fact]
    public Task ExtensionBlock_IsAnError() => PinnedShapeVerifier.VerifyAsync("""
        static partial class E
        {
            extension(string text)
            {
                [Pinned] public async ValueTask {|IOP4007:M|}() => await Task.Yield();
                [Pinned] public static async ValueTask {|IOP4007:N|}() => await Task.Yield();
            }
        }
        """);

    [Fact]
    public Task AccessorsAndOperators_AreErrors() => PinnedShapeVerifier.VerifyAsync("""
        partial class C
        {
            ValueTask P { [Pinned] {|IOP4007:get|} => default; }
            ValueTask this[int index] { [Pinned] {|IOP4007:get|} => default; }
            event Action E { [Pinned] {|IOP4007:add|} { } remove { } }
            [Pinned] public static ValueTask operator {|IOP4007:+|}(C left, C right) => default;
            [Pinned] public static implicit operator {|IOP4007:ValueTask|}(C value) => default;
            [Pinned] ~{|IOP4007:C|}() { }
        }
        """);

    [Theory]
    [InlineData("[CallerMemberName] string? {|IOP4007:x|} = null")]
    [InlineData("[CallerFilePath] string {|IOP4007:x|} = \"\"")]
    [InlineData("[CallerLineNumber] int {|IOP4007:x|} = 0")]
    [InlineData("int y, [CallerArgumentExpression(\"y\")] string {|IOP4007:x|} = \"\"")]
    public Task CallerInformation_IsAnError(string parameters) => PinnedShapeVerifier.VerifyAsync($$"""
        partial class C { [Pinned] public async partial ValueTask M({{parameters}}) => await Task.Yield(); }
        """);

    [Fact]
    public Task CallerInformationOfAContract_IsSilent() => PinnedShapeVerifier.VerifySilentAsync("""
        interface I
        {
            [Pinned] ValueTask M([CallerMemberName] string? caller = null);
        }

        partial class C : I
        {
            [Pinned] public async partial ValueTask M(string? caller) => await Task.Yield();
        }
        """);

    [Fact]
    public Task DefiningPartByHand_IsAnErrorOnce() => PinnedShapeVerifier.VerifyAsync("""
        partial class C
        {
            public partial ValueTask M();
            [Pinned] public async partial ValueTask {|IOP4007:M|}() => await Task.Yield();

            [Pinned] public partial ValueTask {|IOP4007:N|}();
            public async partial ValueTask N() => await Task.Yield();

            [Pinned] public partial ValueTask {|IOP4007:OnlyHalf|}();
        }
        """);

    [Fact]
    public Task DefiningPartByHand_WithThePinnedBuilder_IsSilent() => PinnedShapeVerifier.VerifySilentAsync("""
        partial class C
        {
            [AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))] public partial ValueTask M();
            [Pinned] public async partial ValueTask M() => await Task.Yield();
        }
        """);

    [Fact]
    public Task BuilderByHand_WhereNoPartCanBeGenerated_IsSilent() => PinnedShapeVerifier.VerifySilentAsync("""
        interface I { [Pinned] ValueTask M(); }

        file class C : I
        {
            [Pinned, AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]
            async ValueTask I.M() => await Task.Yield();

            [Pinned, AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]
            public async ValueTask CallerAsync([CallerMemberName] string? caller = null) => await Task.Yield();
        }

        static class E
        {
            extension(string text)
            {
                [Pinned, AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]
                public async ValueTask M() => await Task.Yield();
            }
        }
        """);

    [Fact]
    public Task BuilderByHand_OnAMethodThatIsNotAsync_IsAnErrorStill() => PinnedShapeVerifier.VerifyAsync("""
        class C
        {
            [Pinned, AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]
            public ValueTask {|IOP4002:M|}() => default;
        }
        """);
}
