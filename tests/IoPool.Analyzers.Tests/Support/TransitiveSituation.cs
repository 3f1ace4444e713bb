using System.Collections.Immutable;
using Basic.Reference.Assemblies;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.Analyzers.Tests.Support;

/// <summary>
/// A pinned method and the helpers that it calls: first in one project, where every report is marked; then with the
/// helpers in a project of their own, referenced as an IDE does it. Their code cannot be seen then, and nothing is
/// reported.
/// </summary>
internal static class TransitiveSituation
{
    /// <summary>Statements of a pinned method, members of its class, and public types beside it.</summary>
    public static async Task VerifyAsync(string statements, string helpers, string members = "")
    {
        var handler = $$"""
            partial class Handler
            {
                [Pinned]
                public async partial ValueTask RunAsync(SocketConnection connection, CancellationToken token)
                {
                    await Task.Yield();
            {{statements}}
                }

            {{members}}
            }


            """;
        await Situation.VerifyAsync(handler + helpers);
        await VerifySilentBehindProjectReferenceAsync(handler, helpers);
    }

    /// <summary>What is reported with the helpers in the same project, for assertions on messages and chains.</summary>
    public static Task<ImmutableArray<Diagnostic>> AnalyzeAsync(string statements, string helpers) =>
        Situation.AnalyzeAsync(
            TestCompilation.Create(
                $$"""
                {{Situation.Usings}}
                partial class Handler
                {
                    [Pinned]
                    public async partial ValueTask RunAsync(SocketConnection connection, CancellationToken token)
                    {
                        await Task.Yield();
                {{statements}}
                    }
                }

                {{helpers}}
                """),
            mustCompile: true);

    private static async Task VerifySilentBehindProjectReferenceAsync(string handler, string helpers)
    {
        var library = CSharpCompilation.Create(
            "Helpers",
            [CSharpSyntaxTree.ParseText(Situation.Usings + Plain(helpers), TestCompilation.Options(), "/src/H.cs")],
            [.. Net100.References.All, RuntimeReference.Instance],
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));
        Assert.Empty(library.GetDiagnostics().Where(static d => d.Severity == DiagnosticSeverity.Error));

        var compilation = TestCompilation.Create(
            Situation.Usings + Plain(handler), options: null, library.ToMetadataReference());
        var found = await Situation.AnalyzeAsync(compilation, mustCompile: true);
        Assert.True(
            found.IsEmpty,
            "Behind a project reference:\n"
            + string.Join('\n', found.Select(static d => $"{d.Id}: {d.GetMessage()}")));
    }

    private static string Plain(string marked)
    {
        TestFileMarkupParser.GetSpans(
            marked, out var source, out ImmutableDictionary<string, ImmutableArray<TextSpan>> _);
        return source;
    }
}
