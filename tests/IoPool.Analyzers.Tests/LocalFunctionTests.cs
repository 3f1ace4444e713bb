namespace IoPool.Analyzers.Tests;

/// <summary>IOP4006, which the generator reports.</summary>
public sealed class LocalFunctionTests
{
    [Fact]
    public Task LocalFunction_IsAnError() => PinnedShapeVerifier.VerifyAsync(
        """
        class C
        {
            ValueTask M()
            {
                return F();
                [Pinned] async ValueTask {|#0:F|}() => await Task.Yield();
            }
        }
        """,
        PinnedShapeVerifier.Error(
            "IOP4006",
            "A local function 'F' cannot be [Pinned], since it cannot be partial; use a method, or name the pinned "
            + "builder on it by hand"));

    [Fact]
    public Task LocalFunctionOfAPropertyAndOfALambda_IsAnError() => PinnedShapeVerifier.VerifyAsync("""
        class C
        {
            int P
            {
                get
                {
                    [Pinned] async ValueTask {|IOP4006:F|}() => await Task.Yield();
                    return 1;
                }
            }

            Action A = () =>
            {
                [Pinned] static async ValueTask {|IOP4006:F|}() => await Task.Yield();
            };
        }
        """);

    [Fact]
    public Task Lambda_IsAnError() => PinnedShapeVerifier.VerifyAsync("""
        class C
        {
            Func<ValueTask> _field = [{|IOP4006:Pinned|}] async () => await Task.Yield();

            void M()
            {
                Func<int, ValueTask> local = [{|IOP4006:Pinned|}] async (x) => await Task.Yield();
            }
        }
        """);

    [Fact]
    public Task BuilderByHand_IsSilent() => PinnedShapeVerifier.VerifySilentAsync("""
        class C
        {
            async ValueTask M()
            {
                var lambda =
                    [Pinned, AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]
                    async ValueTask () => await Task.Yield();
                await lambda();
                await F();

                [Pinned, AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder<>))]
                async ValueTask<int> F() { await Task.Yield(); return 1; }
            }
        }
        """);

    [Fact]
    public Task BuilderByHand_OnOneThatIsNotAsync_IsAnErrorStill() => PinnedShapeVerifier.VerifyAsync("""
        class C
        {
            void M()
            {
                [Pinned, AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]
                ValueTask {|IOP4002:F|}() => default;
            }
        }
        """);

    [Fact]
    public Task UnpinnedLocalFunctionInAPinnedMethod_IsSilent() => PinnedShapeVerifier.VerifySilentAsync("""
        partial class C
        {
            [Pinned]
            public async partial ValueTask M()
            {
                await F();
                async ValueTask F() => await Task.Yield();
            }
        }
        """);
}
