using System.Collections.Immutable;
using System.IO;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Catalogue;

/// <summary>Reports lines of the user's catalogue files that are not understood.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CatalogueFileAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(BlockingRules.CatalogueLine);

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (!start.Compilation.GetTypesByMetadataName(KnownNames.PinnedAttribute).IsEmpty)
                start.RegisterAdditionalFileAction(ReportBadLines);
        });
    }

    private static void ReportBadLines(AdditionalFileAnalysisContext context)
    {
        var path = context.AdditionalFile.Path;
        if (!CatalogueFile.Is(path) || context.AdditionalFile.GetText(context.CancellationToken) is not { } text)
            return;

        foreach (var line in CatalogueFile.Of(text).BadLines)
        {
            var location = Location.Create(path, line.Span, text.Lines.GetLinePositionSpan(line.Span));
            context.ReportDiagnostic(Diagnostic.Create(
                BlockingRules.CatalogueLine, location, Path.GetFileName(path), line.Problem));
        }
    }
}
