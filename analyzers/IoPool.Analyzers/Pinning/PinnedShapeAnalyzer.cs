using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers;

/// <summary>
/// Says why a <c>[Pinned]</c> method gets no generated part, and finds implementations that break a pinned contract.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PinnedShapeAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => PinnedShapeRules.All;

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypesByMetadataName(KnownNames.PinnedAttribute).IsEmpty)
                return;

            var contracts = new PinnedContracts();
            // Once a type: half of the time for a method was the callback.
            start.RegisterSymbolAction(symbol => AnalyzeType(symbol, contracts), SymbolKind.NamedType);
            // Local functions and lambdas are no members: no symbol action sees them. Those with the builder by hand
            // can still break the rules that are the analyzer's.
            start.RegisterSyntaxNodeAction(
                static node => AnalyzeFunction(node),
                SyntaxKind.LocalFunctionStatement,
                SyntaxKind.ParenthesizedLambdaExpression,
                SyntaxKind.SimpleLambdaExpression);
        });
    }

    private static void AnalyzeMethod(IMethodSymbol method, SymbolAnalysisContext context)
    {
        if (HasBeenSeen(method, context.CancellationToken))
            return;
        if (KnownNames.IsPinned(method))
        {
            foreach (var diagnostic in Judge(method, context.Compilation, context.CancellationToken))
                context.ReportDiagnostic(diagnostic);
        }
        else if (PinnedContracts.FindBroken(method) is { } contract)
        {
            context.ReportDiagnostic(Unpinned(method, contract, method));
        }
    }

    // Both parts of a partial method come by, unless the first is in a generated file.
    private static bool HasBeenSeen(IMethodSymbol method, CancellationToken cancellation) =>
        method.PartialDefinitionPart is { } definition && !GeneratedCode.Contains(definition, cancellation);

    private static void AnalyzeType(SymbolAnalysisContext context, PinnedContracts contracts)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        foreach (var member in type.GetMembers())
        {
            if (member is not IMethodSymbol { IsImplicitlyDeclared: false } method)
                continue;
            AnalyzeMethod(method, context);
            if (method.PartialImplementationPart is { } part)
                AnalyzeMethod(part, context);
        }

        foreach (var (contract, implementation) in contracts.FindUnpinnedImplementations(type))
        {
            var isHere = SymbolEqualityComparer.Default.Equals(implementation.ContainingType, type);
            context.ReportDiagnostic(Unpinned(implementation, contract, isHere ? implementation : type));
        }
    }

    // By syntax: an operation action would make the compiler build the operations of every body of the project.
    private static void AnalyzeFunction(SyntaxNodeAnalysisContext context)
    {
        var function = context.Node switch
        {
            LocalFunctionStatementSyntax { AttributeLists.Count: > 0 } =>
                context.SemanticModel.GetDeclaredSymbol(context.Node, context.CancellationToken) as IMethodSymbol,
            LambdaExpressionSyntax { AttributeLists.Count: > 0 } =>
                context.SemanticModel.GetSymbolInfo(context.Node, context.CancellationToken).Symbol as IMethodSymbol,
            _ => null,
        };
        if (function is null || !KnownNames.IsPinned(function))
            return;
        foreach (var diagnostic in Judge(function, context.Compilation, context.CancellationToken))
            context.ReportDiagnostic(diagnostic);
    }

    private static ImmutableArray<Diagnostic> Judge(
        IMethodSymbol method, Compilation compilation, CancellationToken cancellation)
    {
        var verdict = PinnedShape.Judge(method, compilation, cancellation);
        if (verdict.Outcome == ShapeOutcome.Generate && ForeignGenerator.FindType(method, cancellation) is { } type)
        {
            var why = $"another source generator writes '{type.Name}', and generators do not see each other's types";
            return ImmutableArray.Create(
                Diagnostic.Create(ImpossibleRule.Descriptor, method.Locations[0], method.Name, why));
        }

        return verdict.Problems
            .Where(static problem => !ShapeRuleIds.BelongsToGenerator(problem.RuleId))
            .Select(static problem => Diagnostic.Create(
                PinnedShapeRules.Find(problem.RuleId), problem.Location, problem.Arguments.ToArray<object>()))
            .ToImmutableArray();
    }

    private static Diagnostic Unpinned(IMethodSymbol method, IMethodSymbol contract, ISymbol at) =>
        Diagnostic.Create(
            PinnedShapeRules.UnpinnedImplementation,
            at.Locations.FirstOrDefault() ?? Location.None,
            Show(method),
            Show(contract));

    private static string Show(IMethodSymbol method)
    {
        var simpleName = method.ExplicitInterfaceImplementations.FirstOrDefault()?.Name ?? method.Name;
        return $"{method.ContainingType.Name}.{simpleName}";
    }
}
