using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Tests;

/// <summary>IOP4010.</summary>
public sealed class UnpinnedImplementationTests
{
    [Fact]
    public Task ImplicitImplementation_IsAnError() => PinnedShapeVerifier.VerifyAsync(
        """
        interface IHandler { [Pinned] ValueTask HandleAsync(); }

        class Handler : IHandler
        {
            public async ValueTask {|#0:HandleAsync|}() => await Task.Yield();
        }
        """,
        PinnedShapeVerifier.Error(
            "IOP4010",
            "'Handler.HandleAsync' stands in for the pinned 'IHandler.HandleAsync' and has to be [Pinned] too"));

    [Fact]
    public Task ExplicitImplementation_IsAnError() => PinnedShapeVerifier.VerifyAsync("""
        interface IHandler<T> { [Pinned] ValueTask HandleAsync(T value); }

        class Handler : IHandler<int>
        {
            async ValueTask IHandler<int>.{|IOP4010:HandleAsync|}(int value) => await Task.Yield();
        }

        interface IDerived : IHandler<string>
        {
            ValueTask IHandler<string>.{|IOP4010:HandleAsync|}(string value) => default;
        }
        """);

    [Fact]
    public Task ImplementationThatIsInherited_IsAnErrorAtTheType() => PinnedShapeVerifier.VerifyAsync(
        """
        interface IHandler { [Pinned] ValueTask HandleAsync(); }

        class Base
        {
            public async ValueTask HandleAsync() => await Task.Yield();
        }

        class {|#0:Derived|} : Base, IHandler;
        """,
        PinnedShapeVerifier.Error(
            "IOP4010",
            "'Base.HandleAsync' stands in for the pinned 'IHandler.HandleAsync' and has to be [Pinned] too"));

    [Fact]
    public Task TypesBelowAnUnpinnedImplementation_AreNotReportedAgain() => PinnedShapeVerifier.VerifyAsync("""
        interface IHandler { [Pinned] ValueTask HandleAsync(); }

        class Base : IHandler
        {
            public async ValueTask {|IOP4010:HandleAsync|}() => await Task.Yield();
        }

        class Derived : Base, IHandler;
        class MoreDerived : Derived;
        """);

    [Fact]
    public Task OverrideChain_IsAnErrorAtEveryUnpinnedLink() => PinnedShapeVerifier.VerifyAsync("""
        abstract class A
        {
            [Pinned] public abstract ValueTask M();
        }

        class B : A
        {
            public override async ValueTask {|IOP4010:M|}() => await Task.Yield();
        }

        class C : B
        {
            public override async ValueTask {|IOP4010:M|}() => await Task.Yield();
        }

        abstract class D : A
        {
            public abstract override ValueTask {|IOP4010:M|}();
        }
        """);

    [Fact]
    public Task OverrideOfAGeneratedVirtualMethod_IsAnError() => PinnedShapeVerifier.VerifyAsync("""
        partial class A<T>
        {
            [Pinned] public virtual async partial ValueTask M(T value) => await Task.Yield();
        }

        class B : A<int>
        {
            public override ValueTask {|IOP4010:M|}(int value) => default;
        }
        """);

    [Fact]
    public Task StaticAbstractMember_IsAContractToo() => PinnedShapeVerifier.VerifyAsync("""
        interface I { [Pinned] static abstract ValueTask M(); }

        struct S : I
        {
            public static async ValueTask {|IOP4010:M|}() => await Task.Yield();
        }
        """);

    [Fact]
    public Task PartialImplementationOfTheUsersOwn_IsAnErrorOnce() => PinnedShapeVerifier.VerifyAsync("""
        interface I { [Pinned] ValueTask M(); }

        partial class C : I
        {
            public partial ValueTask {|IOP4010:M|}();
            public async partial ValueTask M() => await Task.Yield();
        }
        """);

    [Fact]
    public Task PinnedImplementations_AreSilent() => PinnedShapeVerifier.VerifySilentAsync("""
        interface IHandler<T>
        {
            [Pinned] ValueTask HandleAsync(T value);
            ValueTask OtherAsync();
        }

        partial class Base
        {
            [Pinned] public virtual async partial ValueTask HandleAsync(string value) => await Task.Yield();
        }

        partial class Derived : Base, IHandler<string>
        {
            [Pinned] public sealed override async partial ValueTask HandleAsync(string value) => await Task.Yield();
            public async ValueTask OtherAsync() => await Task.Yield();
        }
        """);

    [Fact]
    public Task PinnedImplementationOfAnUnpinnedMember_IsSilent() => PinnedShapeVerifier.VerifySilentAsync("""
        partial class C : IAsyncDisposable
        {
            [Pinned] public async partial ValueTask DisposeAsync() => await Task.Yield();
        }
        """);

    [Fact]
    public Task HidingMember_IsSilent() => PinnedShapeVerifier.VerifySilentAsync("""
        partial class A
        {
            [Pinned] public async partial ValueTask M() => await Task.Yield();
        }

        class B : A
        {
            public new async ValueTask M() => await Task.Yield();
        }
        """);

    [Fact]
    public async Task ContractOfAnotherAssembly_IsKnownByItsMetadata()
    {
        var library = RuntimeReference.Build(
            "Contracts",
            "public interface I { [IoPool.Pinned] System.Threading.Tasks.ValueTask M(); }",
            RuntimeReference.Instance);
        var compilation = TestCompilation.Create(
            "class C : I { public System.Threading.Tasks.ValueTask M() => default; }", options: null, library);

        var diagnostics = await compilation
            .WithAnalyzers([new PinnedShapeAnalyzer()])
            .GetAnalyzerDiagnosticsAsync();

        Assert.Equal("IOP4010", Assert.Single(diagnostics).Id);
    }
}
