using System.Collections.Immutable;
using IoPool.Analyzers.LoopCode;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.ValueTasks;

/// <summary>Finds value tasks that are dropped, stored or consumed twice.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ValueTaskAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => ValueTaskRules.All;

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypesByMetadataName(KnownNames.PinnedAttribute).IsEmpty)
                return;
            var names = new PinnedNames(start.Compilation);
            start.RegisterSyntaxNodeAction(node => AnalyzeCall(node, names), SyntaxKind.InvocationExpression);
            LoopCodeFinder.Register(start, static body => AnalyzeBody(body));
        });
    }

    // Pinned methods of this compilation, wherever they are called.
    private static void AnalyzeCall(SyntaxNodeAnalysisContext context, PinnedNames names)
    {
        var syntax = (InvocationExpressionSyntax)context.Node;
        if (syntax.Parent is AwaitExpressionSyntax or ReturnStatementSyntax
            || Names.NameOf(syntax.Expression) is not { } name
            || !names.Contains(name, context.CancellationToken)
            || context.SemanticModel.FindOperation(syntax, context.CancellationToken) is not IInvocationOperation call
            || !IsPinnedHere(call.TargetMethod, context.Compilation))
        {
            return;
        }

        Report(call, context.ReportDiagnostic);
    }

    private static void AnalyzeBody(LoopBody body)
    {
        foreach (var operation in LoopValueTasks.In(body))
        {
            switch (operation)
            {
                case IInvocationOperation call when !IsPinnedHere(call.TargetMethod, body.Compilation):
                    ReportInLoopCode(call, body);
                    break;
                case ILocalReferenceOperation or IParameterReferenceOperation
                    when ValueTaskUse.Of(operation) is { IsStored: true } use
                    && !IsRepeatable(operation, body):
                    ReportStored(operation, use, body.Report);
                    break;
            }
        }

        ConsumptionFlow.Analyze(body);
    }

    private static bool IsPinnedHere(IMethodSymbol method, Compilation compilation) =>
        KnownNames.IsPinned(method)
        && SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, compilation.Assembly);

    private static bool IsRepeatable(IOperation variable, LoopBody body) =>
        variable is ILocalReferenceOperation local
        && Values.InitializerOf(local.Local, body.Model, body.Cancellation) is { } value
        && ValueTaskUse.IsRepeatable(value);

    private static void ReportInLoopCode(IInvocationOperation call, LoopBody body)
    {
        var use = ValueTaskUse.Of(call);
        if (use.IsStored && !ValueTaskUse.IsRepeatable(call))
            ReportStored(call, use, body.Report);
        else if (use.IsDropped && Values.IsOfRuntime(call.TargetMethod) && !IsClosing(call, use))
            ReportDropped(call, body.Report);
    }

    // Nobody waits for the end of what is thrown away on purpose.
    private static bool IsClosing(IInvocationOperation call, ValueTaskUse use) =>
        call.TargetMethod.Name == "DisposeAsync" && use.IsDiscard;

    private static void Report(IInvocationOperation call, System.Action<Diagnostic> report)
    {
        var use = ValueTaskUse.Of(call);
        if (use.IsStored)
            ReportStored(call, use, report);
        else if (use.IsDropped)
            ReportDropped(call, report);
    }

    private static void ReportStored(IOperation value, ValueTaskUse use, System.Action<Diagnostic> report) =>
        report(Diagnostic.Create(
            ValueTaskRules.Stored, Locations.Of(value.Syntax), Names.NameOf(value.Syntax), use.Holder));

    private static void ReportDropped(IInvocationOperation call, System.Action<Diagnostic> report) =>
        report(Diagnostic.Create(ValueTaskRules.NotAwaited, Locations.Of(call.Syntax), call.TargetMethod.Name));
}
