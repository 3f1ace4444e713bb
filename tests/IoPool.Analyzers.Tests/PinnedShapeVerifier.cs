using System.Text.RegularExpressions;
using Basic.Reference.Assemblies;
using IoPool.Generators;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;

namespace IoPool.Analyzers.Tests;

/// <summary>
/// Runs the shape analyzer over marked code with the generator beside it, as in a user's build, and then holds both
/// against each other.
/// </summary>
internal static partial class PinnedShapeVerifier
{
    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.Runtime.CompilerServices;
        using System.Threading.Tasks;
        using IoPool;
        using IoPool.CompilerServices;


        """;

    /// <summary>Verifies code that gets no defining part: the compiler errors of that are beside the point.</summary>
    public static Task VerifyAsync(string source, params DiagnosticResult[] expected) =>
        RunAsync(source, CompilerDiagnostics.None, LanguageVersion.CSharp14, expected);

    public static Task VerifyAsync(string source, LanguageVersion version, params DiagnosticResult[] expected) =>
        RunAsync(source, CompilerDiagnostics.None, version, expected);

    /// <summary>Verifies code on which nobody has anything to say, the compiler included.</summary>
    public static Task VerifySilentAsync(string source) =>
        RunAsync(source, CompilerDiagnostics.Warnings, LanguageVersion.CSharp14, []);

    public static DiagnosticResult Error(string id, string message) =>
        new DiagnosticResult(id, DiagnosticSeverity.Error).WithLocation(0).WithMessage(message);

    /// <summary>The code without its marks, of which one may stand inside another.</summary>
    private static string Strip(string source)
    {
        while (Markup().IsMatch(source))
            source = Markup().Replace(source, "${code}");
        return source;
    }

    private static async Task RunAsync(
        string source, CompilerDiagnostics compiler, LanguageVersion version, DiagnosticResult[] expected)
    {
        var test = new Test(version) { TestCode = Usings + source, CompilerDiagnostics = compiler };
        test.ExpectedDiagnostics.AddRange(expected);
        await test.RunAsync();
        await Agreement.CheckAsync(
            TestCompilation.Create(Strip(Usings + source), TestCompilation.Options(version)));
    }

    [GeneratedRegex(@"\{\|(?<id>#\d+|IOP\d{4}):(?<code>[^{}|]*)\|\}")]
    private static partial Regex Markup();

    private sealed class Test : CSharpAnalyzerTest<PinnedShapeAnalyzer, DefaultVerifier>
    {
        private readonly LanguageVersion _version;

        public Test(LanguageVersion version)
        {
            _version = version;
            // Nothing is downloaded: an empty framework, and its assemblies by hand.
            ReferenceAssemblies = new ReferenceAssemblies("net10.0");
            TestState.AdditionalReferences.AddRange(Net100.References.All);
            TestState.AdditionalReferences.Add(RuntimeReference.Instance);
            TestBehaviors |= TestBehaviors.SkipGeneratedSourcesCheck;
        }

        protected override IEnumerable<Type> GetSourceGenerators() => [typeof(PinnedMethodGenerator)];

        protected override ParseOptions CreateParseOptions() => TestCompilation.Options(_version);

        protected override CompilationOptions CreateCompilationOptions() =>
            ((CSharpCompilationOptions)base.CreateCompilationOptions())
            .WithAllowUnsafe(true)
            .WithNullableContextOptions(NullableContextOptions.Enable);
    }
}
