using System.Collections.Immutable;
using System.Linq;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;

namespace IoPool.Generators;

/// <summary>
/// The rules that the generator reports by itself: code that breaks them may build, and then runs unpinned, so they
/// have to hold where analyzers are switched off.
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

    private static readonly DiagnosticDescriptor s_localFunction = new(
        ShapeRuleIds.LocalFunction,
        "Local function or lambda is pinned",
        "A {0} cannot be [Pinned], since it cannot be partial; use a method, or name the pinned builder on it by hand",
        RuleHelp.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "No part can be generated for local functions and lambdas, so [Pinned] alone does nothing there.",
        helpLinkUri: RuleHelp.Link(ShapeRuleIds.LocalFunction),
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

    public static readonly ImmutableArray<DiagnosticDescriptor> All = ImmutableArray.Create(
        s_notPartial, s_localFunction, ImpossibleRule.Descriptor, s_otherBuilder);

    public static DiagnosticDescriptor Find(string id) => All.First(rule => rule.Id == id);
}
