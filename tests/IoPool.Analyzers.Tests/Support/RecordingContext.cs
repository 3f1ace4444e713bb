using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Tests.Support;

/// <summary>Writes down what an analyzer asks of the compiler when it is loaded.</summary>
internal sealed class RecordingContext : AnalysisContext
{
    public List<string> Registered { get; } = [];

    public List<Action<CompilationStartAnalysisContext>> Starts { get; } = [];

    public bool IsConcurrent { get; private set; }

    public GeneratedCodeAnalysisFlags? GeneratedCode { get; private set; }

    /// <summary>What is registered for a compilation, beyond its start.</summary>
    public IReadOnlyList<string> RegisteredFor(Compilation compilation)
    {
        var start = new StartContext(compilation);
        foreach (var action in Starts)
            action(start);
        return start.Registered;
    }

    public override void EnableConcurrentExecution() => IsConcurrent = true;

    public override void ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags analysisMode) =>
        GeneratedCode = analysisMode;

    public override void RegisterCompilationStartAction(Action<CompilationStartAnalysisContext> action)
    {
        Registered.Add("CompilationStart");
        Starts.Add(action);
    }

    public override void RegisterCompilationAction(Action<CompilationAnalysisContext> action) =>
        Registered.Add("Compilation");

    public override void RegisterSemanticModelAction(Action<SemanticModelAnalysisContext> action) =>
        Registered.Add("SemanticModel");

    public override void RegisterSymbolAction(
        Action<SymbolAnalysisContext> action, ImmutableArray<SymbolKind> symbolKinds) => Registered.Add("Symbol");

    public override void RegisterSymbolStartAction(
        Action<SymbolStartAnalysisContext> action, SymbolKind symbolKind) => Registered.Add("SymbolStart");

    public override void RegisterCodeBlockStartAction<TLanguageKindEnum>(
        Action<CodeBlockStartAnalysisContext<TLanguageKindEnum>> action) => Registered.Add("CodeBlockStart");

    public override void RegisterCodeBlockAction(Action<CodeBlockAnalysisContext> action) =>
        Registered.Add("CodeBlock");

    public override void RegisterSyntaxTreeAction(Action<SyntaxTreeAnalysisContext> action) =>
        Registered.Add("SyntaxTree");

    public override void RegisterAdditionalFileAction(Action<AdditionalFileAnalysisContext> action) =>
        Registered.Add("AdditionalFile");

    public override void RegisterSyntaxNodeAction<TLanguageKindEnum>(
        Action<SyntaxNodeAnalysisContext> action, ImmutableArray<TLanguageKindEnum> syntaxKinds) =>
        Registered.Add("SyntaxNode");

    public override void RegisterOperationAction(
        Action<OperationAnalysisContext> action, ImmutableArray<OperationKind> operationKinds) =>
        Registered.Add("Operation");

    public override void RegisterOperationBlockAction(Action<OperationBlockAnalysisContext> action) =>
        Registered.Add("OperationBlock");

    public override void RegisterOperationBlockStartAction(Action<OperationBlockStartAnalysisContext> action) =>
        Registered.Add("OperationBlockStart");

    private sealed class StartContext(Compilation compilation)
        : CompilationStartAnalysisContext(compilation, new AnalyzerOptions([]), CancellationToken.None)
    {
        public List<string> Registered { get; } = [];

        public override void RegisterCompilationEndAction(Action<CompilationAnalysisContext> action) =>
            Registered.Add("CompilationEnd");

        public override void RegisterSemanticModelAction(Action<SemanticModelAnalysisContext> action) =>
            Registered.Add("SemanticModel");

        public override void RegisterSymbolAction(
            Action<SymbolAnalysisContext> action, ImmutableArray<SymbolKind> symbolKinds) => Registered.Add("Symbol");

        public override void RegisterSymbolStartAction(
            Action<SymbolStartAnalysisContext> action, SymbolKind symbolKind) => Registered.Add("SymbolStart");

        public override void RegisterCodeBlockStartAction<TLanguageKindEnum>(
            Action<CodeBlockStartAnalysisContext<TLanguageKindEnum>> action) => Registered.Add("CodeBlockStart");

        public override void RegisterCodeBlockAction(Action<CodeBlockAnalysisContext> action) =>
            Registered.Add("CodeBlock");

        public override void RegisterSyntaxTreeAction(Action<SyntaxTreeAnalysisContext> action) =>
            Registered.Add("SyntaxTree");

        public override void RegisterAdditionalFileAction(Action<AdditionalFileAnalysisContext> action) =>
            Registered.Add("AdditionalFile");

        public override void RegisterSyntaxNodeAction<TLanguageKindEnum>(
            Action<SyntaxNodeAnalysisContext> action, ImmutableArray<TLanguageKindEnum> syntaxKinds) =>
            Registered.Add("SyntaxNode");

        public override void RegisterOperationAction(
            Action<OperationAnalysisContext> action, ImmutableArray<OperationKind> operationKinds) =>
            Registered.Add("Operation");

        public override void RegisterOperationBlockAction(Action<OperationBlockAnalysisContext> action) =>
            Registered.Add("OperationBlock");

        public override void RegisterOperationBlockStartAction(Action<OperationBlockStartAnalysisContext> action) =>
            Registered.Add("OperationBlockStart");
    }
}
