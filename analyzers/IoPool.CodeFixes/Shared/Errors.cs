using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace IoPool.CodeFixes;

/// <summary>The compiler errors of a document, counted by what they say.</summary>
internal sealed class Errors
{
    private readonly Dictionary<string, int> _counts;

    private Errors(Dictionary<string, int> counts) => _counts = counts;

    public static Errors Of(SemanticModel model, CancellationToken cancellation) => new(
        model.GetDiagnostics(cancellationToken: cancellation)
            .Where(static d => d.DefaultSeverity == DiagnosticSeverity.Error && !IsOfMissingPart(d))
            .GroupBy(static d => d.Id)
            .ToDictionary(static group => group.Key, static group => group.Count()));

    public bool HasMoreThan(Errors before) =>
        _counts.Any(pair => !before._counts.TryGetValue(pair.Key, out var count) || count < pair.Value);

    // The generated part of a pinned method comes later, when an editor has the generator run again.
    private static bool IsOfMissingPart(Diagnostic diagnostic) => diagnostic.Id is "CS0759" or "CS8795";
}
