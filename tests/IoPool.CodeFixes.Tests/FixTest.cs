using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.CodeFixes.Tests;

/// <summary>
/// Code before and after a fix. Diagnostics are made of the marks <c>{|IOP1001:Wait|}</c>, without an analyzer; a mark
/// <c>{|declared:Name|}</c> is their additional location. What comes out has to compile.
/// </summary>
internal sealed class FixTest
{
    public const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        using System.Net;
        using System.Threading;
        using System.Threading.Tasks;
        using IoPool;
        using IoPool.Net;


        """;

    /// <summary>The title of the fix to take; otherwise the first that is offered.</summary>
    public string? Title { get; init; }

    /// <summary>What the analyzer would say of the asynchronous counterpart.</summary>
    public string? AsyncName { get; init; }

    public string? AsyncType { get; init; }

    /// <summary>What stands in the class beside the method of <see cref="VerifyInPinnedAsync"/>.</summary>
    public string Members { get; init; } = "";

    public MetadataReference[] References { get; init; } = [];

    /// <summary>Statements of a pinned method with the parameters <c>connection</c> and <c>task</c>.</summary>
    public Task VerifyInPinnedAsync(string before, string after) => VerifyAsync(InPinned(before), InPinned(after));

    public Task VerifyNotOfferedInPinnedAsync(string before) => VerifyNotOfferedAsync(InPinned(before));

    public async Task VerifyAsync(string before, string after)
    {
        var (document, diagnostics) = await ReadAsync(before);
        var (provider, action) = await ChooseAsync(document, diagnostics);
        var ofAll = await FixRunner.ApplyToAllAsync(document, provider, action.EquivalenceKey, diagnostics);
        await AssertAsync(after, ofAll);
        if (diagnostics.Length == 1)
            await AssertAsync(after, await FixRunner.ApplyAsync(action));
    }

    public async Task VerifyNotOfferedAsync(string before)
    {
        var (document, diagnostics) = await ReadAsync(before);
        foreach (var diagnostic in diagnostics)
        {
            var offered = await FixRunner.OfferedAsync(document, diagnostic);
            Assert.DoesNotContain(offered, o => Title is null || o.Action.Title == Title);
        }
    }

    private async Task<(CodeFixProvider, CodeAction)> ChooseAsync(
        Document document, ImmutableArray<Diagnostic> diagnostics)
    {
        var titles = new List<string>();
        foreach (var diagnostic in diagnostics)
        {
            foreach (var offered in await FixRunner.OfferedAsync(document, diagnostic))
            {
                titles.Add(offered.Action.Title);
                if (Title is null || offered.Action.Title == Title)
                    return offered;
            }
        }

        Assert.Fail($"'{Title ?? "Anything"}' is not offered, but: {string.Join(", ", titles)}");
        return default;
    }

    private async Task<(Document, ImmutableArray<Diagnostic>)> ReadAsync(string marked)
    {
        TestFileMarkupParser.GetSpans(
            marked, out var source, out ImmutableDictionary<string, ImmutableArray<TextSpan>> spans);
        var document = FixRunner.CreateProject(source, References).Documents.Single();
        var errors = await FixRunner.ErrorsOfAsync(document.Project);
        if (!spans.Keys.Any(static id => id.StartsWith("IOP40", StringComparison.Ordinal)))
            Assert.True(errors.Count == 0, "Before: " + string.Join('\n', errors));
        var tree = (await document.GetSyntaxTreeAsync())!;
        var declared = spans.GetValueOrDefault("declared", []).Select(span => Location.Create(tree, span));
        var diagnostics = spans
            .Where(static pair => pair.Key != "declared")
            .SelectMany(pair => pair.Value.Select(span => Create(pair.Key, Location.Create(tree, span), declared)))
            .OrderBy(static d => d.Location.SourceSpan.Start);
        return (document, [.. diagnostics]);
    }

    public static DiagnosticDescriptor Rule(string id) =>
        new(id, id, id, "Test", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    private Diagnostic Create(string id, Location location, IEnumerable<Location> more)
    {
        var facts = ImmutableDictionary<string, string?>.Empty;
        if (AsyncName is not null)
            facts = facts.Add("AsyncName", AsyncName);
        if (AsyncType is not null)
            facts = facts.Add("AsyncType", AsyncType);
        return Diagnostic.Create(Rule(id), location, more, facts);
    }

    private static async Task AssertAsync(string after, Solution solution)
    {
        var project = solution.Projects.Single();
        Assert.Equal(after, (await project.Documents.Single().GetTextAsync()).ToString());
        var errors = await FixRunner.ErrorsOfAsync(project);
        Assert.True(errors.Count == 0, "After: " + string.Join('\n', errors));
    }

    private string InPinned(string statements) =>
        $$"""
        {{Usings}}partial class Handler
        {
            [Pinned]
            public async partial ValueTask RunAsync(SocketConnection connection, Task<int> task)
            {
        {{Indent(statements, "        ")}}
            }

            static Task<int> GetAsync(int value) => Task.FromResult(value);

            static void Use(object? value)
            {
            }
        {{Indent(Members, "    ")}}
        }

        """;

    private static string Indent(string text, string indent) => string.Join(
        '\n', text.Split('\n').Select(line => line.Length == 0 ? line : indent + line));
}
