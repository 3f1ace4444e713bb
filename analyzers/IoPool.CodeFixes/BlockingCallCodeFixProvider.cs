using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace IoPool.CodeFixes;

/// <summary>
/// Awaits the asynchronous counterpart of a call, or has the call run on another thread. In one provider, so that
/// whoever takes the first fix takes the better one.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(BlockingCallCodeFixProvider))]
public sealed class BlockingCallCodeFixProvider : LoopCodeFixProvider
{
    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(
        "IOP1003", "IOP1004", "IOP1005", "IOP1006", "IOP1009", "IOP1010", "IOP1013", "IOP1014");

    /// <inheritdoc />
    private protected override ImmutableArray<Fix> Fixes { get; } = ImmutableArray.Create(
        new Fix(
            "Await the asynchronous counterpart", "AsyncCounterpart", AsyncCounterpart.Change,
            "IOP1003", "IOP1004", "IOP1006", "IOP1014"),
        new Fix(
            "Run it by Offload.RunAsync", "Offload", Offloading.Change,
            "IOP1005", "IOP1006", "IOP1009", "IOP1010", "IOP1013", "IOP1014"));
}
