using System.Collections.Immutable;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.CodeFixes.Tests;

/// <summary>Projects as a workspace has them, and what an editor does with a fix.</summary>
internal static class FixRunner
{
    public const string Path = "/src/Sample.cs";

    private static readonly ImmutableArray<CodeFixProvider> s_providers =
    [
        .. typeof(LoopCodeFixProvider).Assembly.GetTypes()
            .Where(static type => type.IsSubclassOf(typeof(CodeFixProvider)) && !type.IsAbstract)
            .OrderBy(static type => type.Name, StringComparer.Ordinal)
            .Select(static type => (CodeFixProvider)Activator.CreateInstance(type)!),
    ];

    public static IReadOnlyList<CodeFixProvider> Providers => s_providers;

    public static Project CreateProject(string source, params MetadataReference[] more)
    {
        var project = new AdhocWorkspace().AddProject("Sample", LanguageNames.CSharp)
            .WithParseOptions(new CSharpParseOptions(LanguageVersion.CSharp14))
            .WithCompilationOptions(new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable))
            .AddMetadataReferences(Net100.References.All)
            .AddMetadataReference(MetadataReference.CreateFromFile(typeof(PinnedAttribute).Assembly.Location))
            .AddMetadataReferences(more)
            .AddAnalyzerReference(GeneratorReference.Instance);
        return project.AddDocument("Sample.cs", SourceText.From(source), filePath: Path).Project;
    }

    /// <summary>Everything that is offered for a diagnostic, the preferred one first.</summary>
    public static async Task<IReadOnlyList<(CodeFixProvider Provider, CodeAction Action)>> OfferedAsync(
        Document document, Diagnostic diagnostic)
    {
        var offered = new List<(CodeFixProvider, CodeAction)>();
        foreach (var provider in s_providers.Where(p => p.FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            await provider.RegisterCodeFixesAsync(new CodeFixContext(
                document, diagnostic, (action, _) => offered.Add((provider, action)), CancellationToken.None));
        }

        return offered;
    }

    public static async Task<Solution> ApplyAsync(CodeAction action) => Assert.Single(
        (await action.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>()).ChangedSolution;

    public static async Task<Solution> ApplyToAllAsync(
        Document document,
        CodeFixProvider provider,
        string? key,
        IEnumerable<Diagnostic> diagnostics,
        FixAllScope scope = FixAllScope.Document)
    {
        var ids = diagnostics.Select(static d => d.Id).ToImmutableHashSet();
        var context = new FixAllContext(
            document, provider, scope, key!, ids, new KnownDiagnostics([.. diagnostics]), CancellationToken.None);
        var action = await provider.GetFixAllProvider()!.GetFixAsync(context);
        return action is null ? document.Project.Solution : await ApplyAsync(action);
    }

    /// <summary>What the compiler has against a project, also what it finds only when it emits code.</summary>
    public static async Task<IReadOnlyList<Diagnostic>> ErrorsOfAsync(Project project)
    {
        using var image = new MemoryStream();
        var compilation = (await project.GetCompilationAsync())!;
        return [.. compilation.Emit(image).Diagnostics.Where(static d => d.Severity == DiagnosticSeverity.Error)];
    }

    private sealed class KnownDiagnostics(ImmutableArray<Diagnostic> diagnostics) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(
            Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>(diagnostics);

        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(
            Document document, CancellationToken cancellationToken)
        {
            var tree = await document.GetSyntaxTreeAsync(cancellationToken);
            return diagnostics.Where(d => d.Location.SourceTree == tree);
        }

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(
            Project project, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
