using System.Collections.Immutable;
using IoPool.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Generators.Tests.Shared;

/// <summary>
/// Holds generator and analyzer against each other: for every pinned method of a sample, either a part is generated or
/// exactly the reason for its absence is reported.
/// </summary>
internal static class Agreement
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> s_analyzers =
        [new PinnedShapeAnalyzer(), new DefaultValueSuppressor()];

    public static Task CheckAsync(Compilation compilation)
    {
        TestCompilation.Driver(compilation).RunGeneratorsAndUpdateCompilation(
            compilation, out var output, out var reported);
        return CheckAsync(compilation, output, reported);
    }

    /// <summary>Returns everything that compiler, generator and analyzer had to say.</summary>
    public static async Task<ImmutableArray<Diagnostic>> CheckAsync(
        Compilation input, Compilation output, ImmutableArray<Diagnostic> reported)
    {
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), null, concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        var analyzed = await new CompilationWithAnalyzers(output, s_analyzers, options).GetAllDiagnosticsAsync();
        Assert.DoesNotContain(analyzed, static d => d.Id == "AD0001");
        var all = reported.AddRange(analyzed.Where(static d => !d.IsSuppressed));
        AssertNobodyRepeats(all);

        foreach (var tree in input.SyntaxTrees)
        {
            var model = output.GetSemanticModel(tree);
            foreach (var node in (await tree.GetRootAsync()).DescendantNodes().Where(IsMarked))
                Check(node, model, all);
        }

        return all;
    }

    // By message too: inside two types that are not partial, one place gets a message about each.
    private static void AssertNobodyRepeats(ImmutableArray<Diagnostic> all) => Assert.Distinct(all
        .Where(static d => d.Id.StartsWith("IOP", StringComparison.Ordinal))
        .Select(static d => (d.Id, d.Location.GetLineSpan().Path, d.Location.SourceSpan, d.GetMessage())));

    private static void Check(SyntaxNode node, SemanticModel model, ImmutableArray<Diagnostic> all)
    {
        var symbol = (model.GetDeclaredSymbol(node) ?? model.GetSymbolInfo(node).Symbol) as IMethodSymbol;
        var isGenerated = symbol?.PartialDefinitionPart?.DeclaringSyntaxReferences
            .Any(static r => r.SyntaxTree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)) == true;
        var reasons = all.Where(d => IsReason(d, node)).Select(static d => d.Id).ToArray();

        if (isGenerated)
            Assert.Empty(reasons);
        else if (!IsContract(node) && !HasBuilderByHand(symbol) && !IsLeftToCompiler(node, all))
            Assert.NotEmpty(reasons);
        Assert.Equal(reasons.Length, all.Count(d => IsReason(d, node) && d.Severity == DiagnosticSeverity.Error));
    }

    // The tenth rule speaks of a member that is not pinned, whatever is generated for others.
    private static bool IsReason(Diagnostic diagnostic, SyntaxNode node) =>
        diagnostic.Id.StartsWith("IOP40", StringComparison.Ordinal)
        && diagnostic.Id != "IOP4010"
        && diagnostic.Location.GetLineSpan() is { Path: TestCompilation.Path } or { Path: "/0/Test0.cs" }
        && node.FullSpan.Contains(diagnostic.Location.SourceSpan)
        && diagnostic.Location.SourceSpan.Length > 0;

    private static bool IsMarked(SyntaxNode node) => AttributeLists(node)
        .SelectMany(static list => list.Attributes)
        .Any(static a => a.Name.ToString() is "Pinned" or "PinnedAttribute" or "IoPool.Pinned");

    private static SyntaxList<AttributeListSyntax> AttributeLists(SyntaxNode node) => node switch
    {
        BaseMethodDeclarationSyntax method => method.AttributeLists,
        LocalFunctionStatementSyntax function => function.AttributeLists,
        LambdaExpressionSyntax lambda => lambda.AttributeLists,
        AccessorDeclarationSyntax accessor => accessor.AttributeLists,
        _ => default,
    };

    private static bool IsContract(SyntaxNode node) =>
        node is MethodDeclarationSyntax { Body: null, ExpressionBody: null } method
        && !method.Modifiers.Any(SyntaxKind.PartialKeyword);

    private static bool HasBuilderByHand(IMethodSymbol? symbol) => symbol?.GetAttributes()
        .SelectMany(static a => a.ConstructorArguments)
        .Any(static a => a.Value is ITypeSymbol { Name: "PinnedValueTaskMethodBuilder" }) == true;

    // A type that does not exist, or a method that is there twice.
    private static bool IsLeftToCompiler(SyntaxNode node, ImmutableArray<Diagnostic> all) => all.Any(d =>
        d.Id is "CS0246" or "CS0757" && node.Span.Contains(d.Location.SourceSpan));
}
