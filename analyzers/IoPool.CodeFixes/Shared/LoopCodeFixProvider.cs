using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace IoPool.CodeFixes;

/// <summary>What all fixes share: they are tried when they are offered, and offered when the result compiles.</summary>
public abstract class LoopCodeFixProvider : CodeFixProvider
{
    private protected LoopCodeFixProvider()
    {
    }

    /// <summary>In order of preference.</summary>
    private protected abstract ImmutableArray<Fix> Fixes { get; }

    /// <inheritdoc />
    public sealed override FixAllProvider GetFixAllProvider() => SequentialFixAllProvider.Instance;

    /// <inheritdoc />
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            foreach (var fix in Fixes.Where(fix => fix.IsFor(diagnostic)))
                await RegisterAsync(context, diagnostic, fix).ConfigureAwait(false);
        }
    }

    /// <summary>The fixes of one choice of the user; of any, best first, when no choice was made.</summary>
    internal IEnumerable<Fix> Choose(string? key) => Fixes.Where(fix => key is null || fix.Key == key);

    private static async Task RegisterAsync(CodeFixContext context, Diagnostic diagnostic, Fix fix)
    {
        if (FixTarget.Of(fix, diagnostic, context.Document) is not { } target)
            return;
        var run = await FixRun.StartAsync(target.Document, context.CancellationToken).ConfigureAwait(false);
        if (run.Find(target.Span) is not { } node)
            return;
        var title = fix.Title.Replace("{0}", node.FindToken(target.Span.Start).ValueText);
        if (!await run.TryAsync(fix, node, target.Facts).ConfigureAwait(false))
            return;
        var solution = run.Document.Project.Solution;
        context.RegisterCodeFix(CodeAction.Create(title, _ => Task.FromResult(solution), fix.Key), diagnostic);
    }
}
