using Basic.Reference.Assemblies;
using IoPool.Analyzers.Tests.Support;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Tests;

/// <summary>What the analyzers ask of the compiler: what would slow down every build is not among it.</summary>
public sealed class RegistrationTests
{
    // The IDE runs none at the end of a compilation; the others make the compiler build the operations of every body.
    private static readonly string[] s_banned =
        ["CompilationEnd", "Compilation", "Operation", "OperationBlock", "OperationBlockStart"];

    public static TheoryData<string> Names =>
        [.. Situation.Analyzers.Where(static a => a is not DiagnosticSuppressor).Select(static a => a.GetType().Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Execution_IsConcurrent(string name) => Assert.True(Load(name).IsConcurrent);

    [Theory]
    [MemberData(nameof(Names))]
    public void GeneratedCode_IsIgnored(string name) =>
        Assert.Equal(GeneratedCodeAnalysisFlags.None, Load(name).GeneratedCode);

    [Theory]
    [MemberData(nameof(Names))]
    public void WithoutIoPool_OnlyTheStartIsRegistered(string name)
    {
        var context = Load(name);
        var compilation = CSharpCompilation.Create("Sample", references: Net100.References.All);

        Assert.Equal(["CompilationStart"], context.Registered);
        Assert.Empty(context.RegisteredFor(compilation));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WithIoPool_NothingOfEveryBodyOrOfTheEndIsRegistered(string name)
    {
        var registered = Load(name).RegisteredFor(TestCompilation.Create(""));

        Assert.NotEmpty(registered);
        Assert.Empty(registered.Intersect(s_banned));
    }

    private static RecordingContext Load(string name)
    {
        var context = new RecordingContext();
        Situation.Analyzers.Single(a => a.GetType().Name == name).Initialize(context);
        return context;
    }
}
