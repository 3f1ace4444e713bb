using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.LoopCode;

/// <summary>An ordinary method that is handed to a loop by its name; its body may be anywhere.</summary>
internal sealed class LoopMethodGroup(
    IMethodReferenceOperation reference, IInvocationOperation call, SyntaxNodeAnalysisContext context)
{
    public IMethodReferenceOperation Reference { get; } = reference;

    /// <summary>The call that hands it over.</summary>
    public IInvocationOperation Call { get; } = call;

    public AnalyzerOptions Options => context.Options;

    public CancellationToken Cancellation => context.CancellationToken;

    public void Report(Diagnostic diagnostic) => context.ReportDiagnostic(diagnostic);
}
