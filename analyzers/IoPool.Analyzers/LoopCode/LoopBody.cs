using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.LoopCode;

/// <summary>One body that is known to run on an event loop, and where to report what is wrong with it.</summary>
internal sealed class LoopBody(
    IMethodSymbol method,
    IOperation operation,
    SemanticModel model,
    bool isPinned,
    AnalyzerOptions options,
    System.Action<Diagnostic> report,
    CancellationToken cancellation)
{
    /// <summary>The pinned method, or the lambda that a loop runs.</summary>
    public IMethodSymbol Method { get; } = method;

    /// <summary>The root of the body: a method body, or an anonymous or local function.</summary>
    public IOperation Operation { get; } = operation;

    public SemanticModel Model { get; } = model;

    public Compilation Compilation => Model.Compilation;

    /// <summary>Whether it is pinned; otherwise it is ordinary code that was handed to a loop.</summary>
    public bool IsPinned { get; } = isPinned;

    public AnalyzerOptions Options { get; } = options;

    public CancellationToken Cancellation { get; } = cancellation;

    public void Report(Diagnostic diagnostic) => report(diagnostic);
}
