using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.Benchmarks.Analyzers;

/// <summary>An editor: a letter is typed into a file with pinned methods, and this file is looked at again.</summary>
internal static class Keystrokes
{
    /// <summary>How long each takes, from the new text to what the analyzers say of the file, compiler included.</summary>
    public static async Task<List<Spent>> MeasureAsync(Solution solution, AnalyzerSet? set, int count)
    {
        Compilation compilation = solution.Parse();
        var times = new List<Spent>();
        // The first ones read the references and warm up.
        for (var i = -3; i < count; i++)
        {
            var path = $"Handlers/Handler{(i + 3) % (solution.FileCount / 8)}.cs";
            var tree = compilation.SyntaxTrees.Single(tree => tree.FilePath == path);
            var text = await tree.GetTextAsync();
            var place = text.ToString().IndexOf("negative", StringComparison.Ordinal);
            var typed = text.WithChanges(new TextChange(new TextSpan(place, 0), "x"));
            var spent = await Spent.MeasureAsync(async () =>
            {
                var changed = tree.WithChangedText(typed);
                compilation = compilation.ReplaceSyntaxTree(tree, changed);
                await LookAtAsync(compilation, changed, set);
            });
            if (i >= 0)
                times.Add(spent);
        }

        return times;
    }

    private static async Task LookAtAsync(Compilation compilation, SyntaxTree tree, AnalyzerSet? set)
    {
        var model = compilation.GetSemanticModel(tree);
        _ = model.GetDiagnostics();
        if (set is null)
            return;
        var analysis = Measurement.With(compilation, set, isParallel: true);
        _ = await analysis.GetAnalyzerSyntaxDiagnosticsAsync(tree, CancellationToken.None);
        _ = await analysis.GetAnalyzerSemanticDiagnosticsAsync(model, filterSpan: null, CancellationToken.None);
    }
}
