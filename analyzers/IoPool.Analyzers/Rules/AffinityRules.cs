using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers;

/// <summary>The rules of the first and the third law: what leaves a loop, and what is taken from it.</summary>
internal static class AffinityRules
{
    private const string Category = "Affinity";

    public static readonly DiagnosticDescriptor LockAcrossAwait = RuleFactory.Create(
        "IOP2001", Category, DiagnosticSeverity.Warning,
        "Lock held across an await",
        "'{0}' is held across this await: other work of the loop runs meanwhile, on the thread that holds it",
        "A lock belongs to a thread, and a loop's thread runs other work while this method waits.");

    public static readonly DiagnosticDescriptor PointlessConfigureAwait = RuleFactory.Create(
        "IOP2002", Category, DiagnosticSeverity.Info,
        "ConfigureAwait has no effect in a pinned method",
        "'ConfigureAwait' has no effect here: a pinned method always comes back to its loop",
        "A pinned method resumes on its loop, whatever the awaiter is configured to do.");

    public static readonly DiagnosticDescriptor LeavesLoop = RuleFactory.Create(
        "IOP2009", Category, DiagnosticSeverity.Warning,
        "ConfigureAwait(false) leaves the loop",
        "What follows this await does not run on the event loop; make the method [Pinned], or remove ConfigureAwait",
        "Ordinary async code returns to its loop by the synchronization context, which ConfigureAwait(false) ignores.");

    public static readonly DiagnosticDescriptor CapturedByOtherThread = RuleFactory.Create(
        "IOP2003", Category, DiagnosticSeverity.Warning,
        "Loop-owned object handed to another thread",
        "'{0}' belongs to its loop, and '{1}' runs this on another thread",
        "What a loop owns has no locks; touched from elsewhere, it races.");

    public static readonly DiagnosticDescriptor StoredInStatic = RuleFactory.Create(
        "IOP2004", Category, DiagnosticSeverity.Warning,
        "Loop-owned object in a static",
        "'{0}' belongs to its loop, and static '{1}' is open to every thread",
        "A static is shared by all loops; what one of them owns does not belong there.");

    public static readonly DiagnosticDescriptor SetsSynchronizationContext = RuleFactory.Create(
        "IOP2006", Category, DiagnosticSeverity.Warning,
        "Sets a synchronization context on a loop",
        "The event loop's own synchronization context brings ordinary async code back to it; do not replace it",
        "The loop restores its context after every work item; until then ordinary async code would get lost.");

    public static readonly DiagnosticDescriptor AsyncVoid = RuleFactory.Create(
        "IOP2007", Category, DiagnosticSeverity.Warning,
        "async void on a loop",
        "{0}: nobody can await it, and no drain waits for it; {1}",
        "What nobody awaits is not counted as work of the loop, and its exception ends up as unhandled.");

    public static readonly DiagnosticDescriptor NoScheduler = RuleFactory.Create(
        "IOP2008", Category, DiagnosticSeverity.Warning,
        "Task started without a scheduler",
        "'{0}' without a TaskScheduler runs wherever the current one says; use await, Spawn or Offload.RunAsync",
        "StartNew and ContinueWith take the ambient scheduler, and neither awaits an async delegate.");

    public static readonly ImmutableArray<DiagnosticDescriptor> All = ImmutableArray.Create(
        LockAcrossAwait, PointlessConfigureAwait, CapturedByOtherThread, StoredInStatic, SetsSynchronizationContext,
        AsyncVoid, NoScheduler, LeavesLoop);
}
