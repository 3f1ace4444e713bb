using System.Collections.Generic;
using System.Collections.Immutable;
using IoPool.Analyzers.LoopCode;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Affinity;

/// <summary>Finds what leaves its loop, and what is taken from it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AffinityAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => AffinityRules.All;

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypesByMetadataName(KnownNames.PinnedAttribute).IsEmpty)
                return;
            LoopCodeFinder.Register(
                start, static body => AnalyzeBody(body), static group => StartedMethods.Analyze(group));
            start.RegisterSyntaxNodeAction(
                static node => HandOver.AnalyzeCall(node), SyntaxKind.InvocationExpression);
            start.RegisterSyntaxNodeAction(
                static node => HandOver.AnalyzeCreation(node),
                SyntaxKind.ObjectCreationExpression,
                SyntaxKind.ImplicitObjectCreationExpression);
            start.RegisterSyntaxNodeAction(
                static node => HandOver.AnalyzeEvent(node), SyntaxKind.AddAssignmentExpression);
            LoopOwnedCode.Register(start);
        });
    }

    private static void AnalyzeBody(LoopBody body)
    {
        AsyncVoid.AnalyzeRoot(body);
        StartedMethods.Analyze(body);
        var holders = new HashSet<IOperation>();
        foreach (var found in OwnCode.Of(body))
        {
            if (found.Operation is IInvocationOperation call)
            {
                if (Locks.Acquires(call.TargetMethod))
                    holders.Add(found.Function);
                if (found.Function == body.Operation)
                    Resumptions.Analyze(call, body);
                Schedulers.Analyze(call, body.Report);
            }

            AsyncVoid.Analyze(found.Operation, body.Report);
            if (!LoopOwnedCode.Covers(body.Method))
                Statics.Analyze(found.Operation, body.Report);
        }

        foreach (var function in holders)
            LockFlow.Analyze(function, body);
    }
}
