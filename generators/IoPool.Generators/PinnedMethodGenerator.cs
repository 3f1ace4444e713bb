using System.Text;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.Generators;

/// <summary>
/// Writes the defining part of every <c>[Pinned]</c> method and names the pinned builder on it; the C# compiler merges
/// the attributes of both parts and builds the state machine on the loop's own builder.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class PinnedMethodGenerator : IIncrementalGenerator
{
    /// <summary>Name of the step that reads methods.</summary>
    public const string ParseStep = "Parse";

    /// <summary>Name of the step that feeds the emitter.</summary>
    public const string ModelsStep = "Models";

    /// <summary>Name of the step that feeds the diagnostics.</summary>
    public const string ProblemsStep = "Problems";

    /// <inheritdoc />
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var parsed = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownNames.PinnedAttribute,
                static (node, _) => CanBeMarked(node),
                static (attribute, cancellation) => PinnedMethodParser.Parse(attribute, cancellation))
            .WithTrackingName(ParseStep);

        // Two branches, so that a problem that moves with the text does not make a model look changed.
        var models = parsed
            .Where(static method => method.Model is not null)
            .Select(static (method, _) => method.Model!)
            .WithTrackingName(ModelsStep);
        var problems = parsed
            .SelectMany(static (method, _) => method.Problems)
            .WithTrackingName(ProblemsStep);

        context.RegisterSourceOutput(models, static (output, model) =>
            output.AddSource(model.HintName, SourceText.From(PinnedMethodEmitter.Emit(model), Encoding.UTF8)));
        context.RegisterSourceOutput(problems, static (output, problem) =>
            output.ReportDiagnostic(problem.ToDiagnostic()));
    }

    // More than what a part can be generated for: on everything else the attribute would do nothing, without a word.
    private static bool CanBeMarked(SyntaxNode node) => node
        is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax
        or LocalFunctionStatementSyntax or LambdaExpressionSyntax;
}
