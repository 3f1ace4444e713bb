using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers;

/// <summary>The rules for the value tasks of pinned calls and of the loop's operations, which are pooled.</summary>
internal static class ValueTaskRules
{
    private const string Category = "ValueTask";

    public static readonly DiagnosticDescriptor NotAwaited = RuleFactory.Create(
        "IOP3001", Category, DiagnosticSeverity.Warning,
        "Pinned call is neither awaited nor returned",
        "The result of '{0}' is dropped, and with it its exception; await it, Spawn it, or say Forget()",
        "A dropped call's exception shows only when the collector finds it, and its state machine is not reused.");

    public static readonly DiagnosticDescriptor ConsumedTwice = RuleFactory.Create(
        "IOP3002", Category, DiagnosticSeverity.Warning,
        "ValueTask consumed twice",
        "'{0}' may have been consumed already; a ValueTask can be consumed once",
        "After the first consumption the pooled state machine may serve another call.");

    public static readonly DiagnosticDescriptor Stored = RuleFactory.Create(
        "IOP3003", Category, DiagnosticSeverity.Warning,
        "ValueTask stored",
        "The ValueTask of '{0}' is stored in '{1}', where it can be consumed late or twice; store AsTask() or await it",
        "A ValueTask is for one consumer, at once.");

    public static readonly ImmutableArray<DiagnosticDescriptor> All = ImmutableArray.Create(
        NotAwaited, ConsumedTwice, Stored);
}
