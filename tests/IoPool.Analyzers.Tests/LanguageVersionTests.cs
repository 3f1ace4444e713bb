using Microsoft.CodeAnalysis.CSharp;

namespace IoPool.Analyzers.Tests;

/// <summary>IOP4009.</summary>
public sealed class LanguageVersionTests
{
    [Fact]
    public Task CSharp9_IsAnError() => PinnedShapeVerifier.VerifyAsync(
        "partial class C { [Pinned] public async partial ValueTask {|#0:M|}() => await Task.Yield(); }",
        LanguageVersion.CSharp9,
        PinnedShapeVerifier.Error(
            "IOP4009", "'M' is [Pinned], which needs C# 10 or newer; this project is set to C# 9.0"));

    [Fact]
    public Task CSharp8_IsAnError() => PinnedShapeVerifier.VerifyAsync(
        "partial class C { [Pinned] public async partial ValueTask {|IOP4009:M|}() => await Task.Yield(); }",
        LanguageVersion.CSharp8);

    [Theory]
    [InlineData(LanguageVersion.CSharp10)]
    [InlineData(LanguageVersion.CSharp14)]
    [InlineData(LanguageVersion.Preview)]
    public Task NewerVersions_AreSilent(LanguageVersion version) => PinnedShapeVerifier.VerifyAsync(
        "partial class C { [Pinned] public async partial ValueTask M() => await Task.Yield(); }", version);
}
