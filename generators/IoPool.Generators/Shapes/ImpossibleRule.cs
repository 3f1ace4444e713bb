using Microsoft.CodeAnalysis;

namespace IoPool.Generators.Shapes;

/// <summary>
/// The one rule that both report, each its own cases: the generator what it can see, the analyzer a type of another
/// source generator, which shows only in the finished compilation.
/// </summary>
internal static class ImpossibleRule
{
    public static readonly DiagnosticDescriptor Descriptor = new(
        ShapeRuleIds.Impossible,
        "Method of this kind cannot be pinned",
        "'{0}' cannot be [Pinned]: {1}",
        RuleHelp.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "The language has no partial method of this kind, or it ignores the builder of one.",
        helpLinkUri: RuleHelp.Link(ShapeRuleIds.Impossible),
        customTags: WellKnownDiagnosticTags.NotConfigurable);
}
