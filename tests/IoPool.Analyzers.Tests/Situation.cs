using System.Collections.Immutable;
using IoPool.Analyzers.Tests.Support;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.Analyzers.Tests;

/// <summary>
/// A piece of a user's code in which every place that a rule has to report is marked <c>{|IOP1001:Wait|}</c>, and nothing
/// else may be reported. Every analyzer of the package runs over it, with the generator beside it.
/// </summary>
internal static class Situation
{
    internal const string Usings = """
        using System;
        using System.Collections.Concurrent;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        using System.Net;
        using System.Runtime.CompilerServices;
        using System.Text;
        using System.Threading;
        using System.Threading.Tasks;
        using IoPool;
        using IoPool.CompilerServices;
        using IoPool.Net;


        """;

    /// <summary>All of the package, the suppressor among them.</summary>
    internal static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } =
    [
        .. typeof(Blocking.BlockingAnalyzer).Assembly.GetTypes()
            .Where(static type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract)
            .OrderBy(static type => type.Name, StringComparer.Ordinal)
            .Select(static type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    /// <summary>Statements of a pinned method <c>RunAsync(SocketConnection connection)</c> of a partial class.</summary>
    public static Task VerifyInPinnedAsync(string statements, string members = "", params MetadataReference[] more) =>
        VerifyAsync(InPinned(statements, members), more);

    /// <summary>As <see cref="VerifyInPinnedAsync"/>, for one rule in code that others speak of too.</summary>
    public static Task VerifyRuleInPinnedAsync(string id, string statements, string members = "") =>
        VerifyAsync(InPinned(statements, members), id);

    /// <summary>As <see cref="VerifyRuleInPinnedAsync"/>, for whole declarations.</summary>
    public static Task VerifyRuleAsync(string id, string markedSource) => VerifyAsync(markedSource, id);

    /// <summary>Whole declarations; they have to compile, errors that the rules themselves report aside.</summary>
    public static Task VerifyAsync(string markedSource, params MetadataReference[] more) =>
        VerifyAsync(markedSource, onlyId: null, more);

    private static async Task VerifyAsync(string markedSource, string? onlyId, params MetadataReference[] more)
    {
        var (source, expected) = Read(Usings + markedSource);
        var compilation = TestCompilation.Create(source, options: null, more);
        var all = await AnalyzeAsync(compilation, mustCompile: true);
        var found = all.Where(d => onlyId is null || d.Id == onlyId).ToArray();
        Assert.True(
            expected.SequenceEqual(found.Select(Show)),
            $"Expected:\n  {string.Join("\n  ", expected)}\nReported:\n  "
            + string.Join("\n  ", found.Select(static d => $"{Show(d)} {d.Severity}: {d.GetMessage()}"))
            + $"\nIn:\n{Number(source)}");
    }

    /// <summary>What all analyzers report, by position, for code and options of any kind.</summary>
    public static async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(
        Compilation compilation, bool mustCompile = false, AnalyzerOptions? options = null)
    {
        TestCompilation.Driver(compilation).RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
        if (mustCompile)
        {
            Assert.Empty(output.GetDiagnostics().Where(static d =>
                d.Severity == DiagnosticSeverity.Error && !d.Id.StartsWith("IOP", StringComparison.Ordinal)));
        }

        var all = await output
            .WithAnalyzers(Analyzers, options ?? new AnalyzerOptions([]))
            .GetAnalyzerDiagnosticsAsync();
        Assert.DoesNotContain(all, static d => d.Id == "AD0001");
        OutlineComparison.Verify(output, options ?? new AnalyzerOptions([]));
        return
        [
            .. all.Where(static d => !d.IsSuppressed)
                .OrderBy(static d => d.Location.SourceSpan.Start)
                .ThenBy(static d => d.Id, StringComparer.Ordinal),
        ];
    }

    private static string InPinned(string statements, string members) =>
        $$"""
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

    private static (string Source, IReadOnlyList<string> Expected) Read(string marked)
    {
        TestFileMarkupParser.GetSpans(
            marked, out var source, out ImmutableDictionary<string, ImmutableArray<TextSpan>> spans);
        var text = SourceText.From(source);
        var expected = spans
            .SelectMany(static pair => pair.Value.Select(span => (Id: pair.Key, Span: span)))
            .OrderBy(static mark => mark.Span.Start)
            .ThenBy(static mark => mark.Id, StringComparer.Ordinal)
            .Select(mark => Show(mark.Id, text, mark.Span));
        return (source, [.. expected]);
    }

    private static string Show(Diagnostic diagnostic) => diagnostic.Location.SourceTree is { } tree
        ? Show(diagnostic.Id, tree.GetText(), diagnostic.Location.SourceSpan)
        : diagnostic.Id;

    private static string Show(string id, SourceText text, TextSpan span) =>
        $"{id} at {text.Lines.GetLinePosition(span.Start)} '{text.ToString(span)}'";

    private static string Number(string source) =>
        string.Join('\n', source.Split('\n').Select(static (line, index) => $"{index,4} {line}"));
}
