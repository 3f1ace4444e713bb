using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace IoPool.CodeFixes;

/// <summary>
/// Fixes all places of a document one after the other, each in the result of the one before: one wait may stand inside
/// another, and merging changes that were made apart loses all but one of those.
/// </summary>
internal sealed class SequentialFixAllProvider : FixAllProvider
{
    public static readonly SequentialFixAllProvider Instance = new();

    private SequentialFixAllProvider()
    {
    }

    public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
    {
        if (context.CodeFixProvider is not LoopCodeFixProvider provider)
            return null;
        var fixes = provider.Choose(context.CodeActionEquivalenceKey).ToImmutableArray();
        var work = await CollectAsync(context, fixes).ConfigureAwait(false);
        return work.Length == 0
            ? null
            : CodeAction.Create(
                fixes[0].Title,
                cancellation => ApplyAsync(context.Solution, work, cancellation),
                context.CodeActionEquivalenceKey);
    }

    private static async Task<ImmutableArray<Work>> CollectAsync(FixAllContext context, ImmutableArray<Fix> fixes)
    {
        var work = ImmutableArray.CreateBuilder<Work>();
        foreach (var document in DocumentsOf(context))
        {
            foreach (var diagnostic in await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false))
            {
                work.AddRange(fixes
                    .Where(fix => fix.IsFor(diagnostic))
                    .Select(fix => new Work(fix, FixTarget.Of(fix, diagnostic, document)!))
                    .Where(static item => item.Target is not null));
            }
        }

        return work.ToImmutable();
    }

    private static IEnumerable<Document> DocumentsOf(FixAllContext context) => context.Scope switch
    {
        FixAllScope.Document when context.Document is { } document => [document],
        FixAllScope.Project => context.Project.Documents,
        FixAllScope.Solution => context.Solution.Projects
            .Where(project => project.Language == context.Project.Language)
            .SelectMany(static project => project.Documents),
        _ => [],
    };

    private static async Task<Solution> ApplyAsync(
        Solution solution, ImmutableArray<Work> work, CancellationToken cancellation)
    {
        foreach (var group in work.GroupBy(static item => item.Target.Document.Id))
        {
            if (solution.GetDocument(group.Key) is { } document)
            {
                var changed = await ApplyAsync(document, group, cancellation).ConfigureAwait(false);
                solution = changed.Project.Solution;
            }
        }

        return solution;
    }

    private static async Task<Document> ApplyAsync(
        Document document, IEnumerable<Work> work, CancellationToken cancellation)
    {
        var places = work
            .GroupBy(static item => item.Target.Span)
            .OrderBy(static place => place.Key.Start)
            .ToArray();
        var marks = places.ToImmutableDictionary(static place => place.Key, static _ => new SyntaxAnnotation());
        var root = await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        var run = await FixRun.StartAsync(FixRun.Mark(document, root!, marks), cancellation).ConfigureAwait(false);
        foreach (var place in places)
            await ApplyAsync(run, place, marks[place.Key]).ConfigureAwait(false);
        return run.Document;
    }

    private static async Task ApplyAsync(FixRun run, IEnumerable<Work> choices, SyntaxAnnotation mark)
    {
        foreach (var choice in choices)
        {
            if (run.Find(mark) is not { } node
                || await run.TryAsync(choice.Fix, node, choice.Target.Facts).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    private sealed class Work(Fix fix, FixTarget target)
    {
        public Fix Fix { get; } = fix;

        public FixTarget Target { get; } = target;
    }
}
