using System.Collections.Immutable;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;

namespace IoPool.Generators;

/// <summary>
/// The two rules that the generator reports by itself: the code that breaks them builds, and runs unpinned, so they have
/// to hold where analyzers are switched off.
/// </summary>
internal static class GeneratorRules
{
    private static readonly DiagnosticDescriptor s_notPartial = new(
        ShapeRuleIds.NotPartial,
        "Pinned method is not partial",
        "'{0}' is [Pinned] but not partial, so it would run on the default builder and leave its loop; make it partial",
        RuleHelp.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "The generator names the pinned builder on the defining part of a partial method.",
        helpLinkUri: RuleHelp.Link(ShapeRuleIds.NotPartial),
        customTags: WellKnownDiagnosticTags.NotConfigurable);

    private static readonly DiagnosticDescriptor s_otherBuilder = new(
        ShapeRuleIds.OtherBuilder,
        "Pinned method would run on another builder",
        "'{0}' is [Pinned] but would not run on the pinned builder: {1}",
        RuleHelp.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "Only the pinned builder keeps a method on its loop.",
        helpLinkUri: RuleHelp.Link(ShapeRuleIds.OtherBuilder),
        customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static ImmutableArray<DiagnosticDescriptor> All => ImmutableArray.Create(s_notPartial, s_otherBuilder);

    public static DiagnosticDescriptor Find(string id) =>
        id == ShapeRuleIds.NotPartial ? s_notPartial : s_otherBuilder;
}
