using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers;

/// <summary>
/// The rules of the second law: a pinned method never blocks its loop. Messages take the blocked-on API, where the code
/// runs, and what to do instead.
/// </summary>
internal static class BlockingRules
{
    private const string Category = "Blocking";

    public static readonly DiagnosticDescriptor TaskWait = RuleFactory.Create(
        "IOP1001", Category, DiagnosticSeverity.Error,
        "Waits for a task on a loop",
        "'{0}' blocks the event loop until the task ends, which may never happen when the task needs this loop; {1}",
        "What the task waits for may have to run on the very loop that is blocked.");

    public static readonly DiagnosticDescriptor Sleep = RuleFactory.Create(
        "IOP1002", Category, DiagnosticSeverity.Error,
        "Sleeps, joins or spins on a loop",
        "'{0}' stops every connection of the event loop; {1}",
        "A loop has one thread; while that sleeps or spins, nothing else on the loop moves.");

    public static readonly DiagnosticDescriptor PrimitiveWait = RuleFactory.Create(
        "IOP1003", Category, DiagnosticSeverity.Error,
        "Waits for a synchronization primitive on a loop",
        "'{0}' blocks the event loop until somebody signals; {1}",
        "Whoever is to signal may run on the very loop that is blocked.");

    public static readonly DiagnosticDescriptor SyncIo = RuleFactory.Create(
        "IOP1004", Category, DiagnosticSeverity.Warning,
        "Synchronous I/O with an asynchronous counterpart",
        "'{0}' does synchronous I/O on the event loop; {1}",
        "The asynchronous counterpart lets the loop serve others meanwhile.");

    public static readonly DiagnosticDescriptor SyncIoOnly = RuleFactory.Create(
        "IOP1005", Category, DiagnosticSeverity.Warning,
        "Synchronous I/O without an asynchronous counterpart",
        "'{0}' blocks the event loop and has no direct asynchronous counterpart; {1}",
        "Such work belongs on another thread, by Offload.RunAsync.");

    public static readonly DiagnosticDescriptor MayBlock = RuleFactory.Create(
        "IOP1006", Category, DiagnosticSeverity.Info,
        "Call that may block the loop",
        "'{0}' may block the event loop; {1}",
        "Whether it blocks depends on the object behind it, on a full buffer or on first use.");

    public static readonly DiagnosticDescriptor Lock = RuleFactory.Create(
        "IOP1007", Category, DiagnosticSeverity.Info,
        "Lock on a loop",
        "'{0}' blocks the event loop while another thread holds the lock; {1}",
        "State that only one loop touches needs no lock; a lock shared with other threads can stop the loop.");

    public static readonly DiagnosticDescriptor SyncDispose = RuleFactory.Create(
        "IOP1008", Category, DiagnosticSeverity.Info,
        "Synchronous disposal where 'await using' exists",
        "Disposing '{0}' synchronously may block the event loop; {1}",
        "The asynchronous disposal exists because the synchronous one may do I/O.");

    public static readonly DiagnosticDescriptor Parallel = RuleFactory.Create(
        "IOP1009", Category, DiagnosticSeverity.Warning,
        "Parallel or PLINQ on a loop",
        "'{0}' keeps the event loop busy until all of the parallel work has ended; {1}",
        "The calling thread takes part in the work and waits for the rest of it.");

    public static readonly DiagnosticDescriptor CpuHeavy = RuleFactory.Create(
        "IOP1010", Category, DiagnosticSeverity.Info,
        "CPU-heavy call on a loop",
        "'{0}' may keep the event loop busy for long; {1}",
        "While a loop computes, none of its connections moves.");

    public static readonly DiagnosticDescriptor UnboundedLoop = RuleFactory.Create(
        "IOP1011", Category, DiagnosticSeverity.Warning,
        "Loop without a bound and without an await",
        "This loop {0} and never gives way to the event loop; {1}",
        "A loop that waits for something else to change never sees it when that something needs this thread.");

    public static readonly DiagnosticDescriptor Transitive = RuleFactory.Create(
        "IOP1013", Category, DiagnosticSeverity.Warning,
        "Calls code that blocks the loop",
        "'{0}' blocks the event loop: {1}; {2}",
        "The blocking call is in a helper; the chain that leads there is in the message and in the locations.");

    public static readonly DiagnosticDescriptor BlockingMember = RuleFactory.Create(
        "IOP1014", Category, DiagnosticSeverity.Warning,
        "Calls a member marked [Blocking]",
        "'{0}' is declared to block its caller; {1}",
        "An attribute on the member or a line of a catalogue file says that it blocks.");

    public static readonly DiagnosticDescriptor BlockingDelegate = RuleFactory.Create(
        "IOP1016", Category, DiagnosticSeverity.Warning,
        "Blocking delegate that runs on the loop",
        "'{0}' runs this delegate on the event loop, and it blocks: {1}; {2}",
        "The delegate is called on the thread that hands it over.");

    public static readonly DiagnosticDescriptor ContractMismatch = RuleFactory.Create(
        "IOP1018", Category, DiagnosticSeverity.Warning,
        "[Blocking] and [NonBlocking] contradict",
        "'{0}' {1}",
        "Callers go by the attribute, so it has to be true and to have a reason.");

    public static readonly DiagnosticDescriptor CatalogueLine = RuleFactory.Create(
        "IOP1019", Category, DiagnosticSeverity.Warning,
        "Bad line in a catalogue file",
        "This line of '{0}' is ignored: {1}",
        "A line that is not understood would silently report nothing.");

    public static readonly DiagnosticDescriptor TransitiveMaybe = RuleFactory.Create(
        "IOP1020", Category, DiagnosticSeverity.Info,
        "Calls code that may block the loop",
        "'{0}' may block the event loop: {1}; {2}",
        "Somewhere down the chain is a call that may block, or that is only reached sometimes.");

    /// <summary>The rules that <see cref="Blocking.BlockingAnalyzer"/> reports.</summary>
    public static readonly ImmutableArray<DiagnosticDescriptor> All = ImmutableArray.Create(
        TaskWait, Sleep, PrimitiveWait, SyncIo, SyncIoOnly, MayBlock, Lock, SyncDispose, Parallel, CpuHeavy,
        UnboundedLoop, Transitive, BlockingMember, BlockingDelegate, TransitiveMaybe);

    public static DiagnosticDescriptor Find(string id) => All.First(rule => rule.Id == id);
}
