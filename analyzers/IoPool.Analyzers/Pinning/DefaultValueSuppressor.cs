using System.Collections.Immutable;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers;

/// <summary>
/// Silences CS1066 on pinned methods. The warning says that a default value on an implementing part has no effect; the
/// generator repeats it on the defining part, where it has.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DefaultValueSuppressor : DiagnosticSuppressor
{
    private static readonly SuppressionDescriptor s_suppression = new(
        "IOPS4001", "CS1066", "The generated part of a pinned method repeats the default value");

    /// <inheritdoc />
    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions => ImmutableArray.Create(s_suppression);

    /// <inheritdoc />
    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (var diagnostic in context.ReportedDiagnostics)
        {
            if (IsOnPinnedMethod(diagnostic, context))
                context.ReportSuppression(Suppression.Create(s_suppression, diagnostic));
        }
    }

    private static bool IsOnPinnedMethod(Diagnostic diagnostic, SuppressionAnalysisContext context)
    {
        if (diagnostic.Location.SourceTree is not { } tree || !context.Compilation.ContainsSyntaxTree(tree))
            return false;
        var node = tree.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan);
        return node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { } syntax
            && context.GetSemanticModel(tree).GetDeclaredSymbol(syntax, context.CancellationToken)
                is IMethodSymbol { PartialDefinitionPart: not null } method
            && KnownNames.IsPinned(method);
    }
}
