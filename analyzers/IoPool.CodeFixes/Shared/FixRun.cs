using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.CodeFixes;

/// <summary>Changes one document, fix by fix, and keeps only what compiles.</summary>
internal sealed class FixRun
{
    private readonly CancellationToken _cancellation;
    private SyntaxNode _root;
    private SemanticModel _model;
    private Errors? _errors;

    private FixRun(Document document, SyntaxNode root, SemanticModel model, CancellationToken cancellation)
    {
        Document = document;
        _root = root;
        _model = model;
        _cancellation = cancellation;
    }

    /// <summary>With everything that was changed so far.</summary>
    public Document Document { get; private set; }

    public static async Task<FixRun> StartAsync(Document document, CancellationToken cancellation)
    {
        var root = await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        return new FixRun(document, root!, model!, cancellation);
    }

    /// <summary>Marks the nodes at these places, so that they are found again after changes.</summary>
    public static Document Mark(
        Document document, SyntaxNode root, ImmutableDictionary<TextSpan, SyntaxAnnotation> marks)
    {
        var nodes = marks
            .Where(mark => root.FullSpan.Contains(mark.Key))
            .ToLookup(mark => root.FindNode(mark.Key, getInnermostNodeForTie: true), mark => mark.Value);
        return document.WithSyntaxRoot(root.ReplaceNodes(
            nodes.Select(static group => group.Key),
            (old, rewritten) => rewritten.WithAdditionalAnnotations(nodes[old])));
    }

    public SyntaxNode? Find(TextSpan span) =>
        _root.FullSpan.Contains(span) ? _root.FindNode(span, getInnermostNodeForTie: true) : null;

    public SyntaxNode? Find(SyntaxAnnotation mark) => _root.GetAnnotatedNodes(mark).FirstOrDefault();

    /// <summary>Makes the change at a node of the current root, unless that would not compile.</summary>
    public async Task<bool> TryAsync(Fix fix, SyntaxNode node, ImmutableDictionary<string, string?> facts)
    {
        foreach (var changed in fix.Change(new FixSite(_root, node, _model, facts, _cancellation)))
        {
            var document = Document.WithSyntaxRoot(changed);
            var root = await document.GetSyntaxRootAsync(_cancellation).ConfigureAwait(false);
            var model = await document.GetSemanticModelAsync(_cancellation).ConfigureAwait(false);
            _errors ??= Errors.Of(_model, _cancellation);
            var errors = Errors.Of(model!, _cancellation);
            if (errors.HasMoreThan(_errors) || !PassedToken.IsTaken(root!, model!, _cancellation))
                continue;
            (Document, _root, _model, _errors) = (document, root!, model!, errors);
            return true;
        }

        return false;
    }
}
