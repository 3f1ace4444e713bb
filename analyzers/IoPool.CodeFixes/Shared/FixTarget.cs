using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.CodeFixes;

/// <summary>Where a fix changes something, on behalf of one diagnostic.</summary>
internal sealed class FixTarget(Document document, TextSpan span, ImmutableDictionary<string, string?> facts)
{
    public Document Document { get; } = document;

    public TextSpan Span { get; } = span;

    public ImmutableDictionary<string, string?> Facts { get; } = facts;

    /// <summary>Null where there is nothing to change: the declaration is in another assembly.</summary>
    public static FixTarget? Of(Fix fix, Diagnostic diagnostic, Document document)
    {
        if (!fix.IsAtDeclaration)
            return new FixTarget(document, diagnostic.Location.SourceSpan, diagnostic.Properties);
        if (diagnostic.AdditionalLocations.Count == 0)
            return null;
        var declaration = diagnostic.AdditionalLocations[0];
        return declaration.SourceTree is { } tree && document.Project.Solution.GetDocument(tree) is { } other
            ? new FixTarget(other, declaration.SourceSpan, diagnostic.Properties)
            : null;
    }
}
