using System.Collections.Immutable;
using System.Linq;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers;

/// <summary>The shape rules that the analyzer reports; the generator reports the others itself.</summary>
internal static class PinnedShapeRules
{
    public static readonly DiagnosticDescriptor NotAsync = new(
        ShapeRuleIds.NotAsync,
        "Pinned method is not async",
        "'{0}' is [Pinned] but not async, so there is no state machine to pin; make it async",
        RuleHelp.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "Pinning works through the builder of an async method.",
        helpLinkUri: RuleHelp.Link(ShapeRuleIds.NotAsync),
        customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor ReturnType = new(
        ShapeRuleIds.ReturnType,
        "Pinned method does not return ValueTask",
        "'{0}' is [Pinned] but returns '{1}'; return ValueTask or ValueTask<T>",
        RuleHelp.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "The pinned builders build ValueTask and ValueTask<T>, by value and nothing else.",
        helpLinkUri: RuleHelp.Link(ShapeRuleIds.ReturnType),
        customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor ContainingType = new(
        ShapeRuleIds.ContainingType,
        "Type of a pinned method is not partial",
        "'{0}' is [Pinned] but the type '{1}' around it is not partial; make '{1}' partial",
        RuleHelp.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "The generator adds the defining part to the type of the method, and so to every type around it.",
        helpLinkUri: RuleHelp.Link(ShapeRuleIds.ContainingType),
        customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor Parameter = new(
        ShapeRuleIds.Parameter,
        "Parameter of a pinned method cannot be kept across an await",
        "'{0}' is [Pinned] but '{1}' is {2}; an async method cannot keep it",
        RuleHelp.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "Parameters of an async method live in its state machine; references and stack-only values don't.",
        helpLinkUri: RuleHelp.Link(ShapeRuleIds.Parameter),
        customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor LanguageVersion = new(
        ShapeRuleIds.LanguageVersion,
        "Language version is too old for pinned methods",
        "'{0}' is [Pinned], which needs C# 10 or newer; this project is set to C# {1}",
        RuleHelp.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A builder on a method is a feature of C# 10.",
        helpLinkUri: RuleHelp.Link(ShapeRuleIds.LanguageVersion),
        customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor UnpinnedImplementation = new(
        ShapeRuleIds.UnpinnedImplementation,
        "Implementation of a pinned member is not pinned",
        "'{0}' stands in for the pinned '{1}' and has to be [Pinned] too",
        RuleHelp.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "Callers of a pinned member rely on staying on the loop, whichever implementation they reach.",
        helpLinkUri: RuleHelp.Link(ShapeRuleIds.UnpinnedImplementation),
        customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly ImmutableArray<DiagnosticDescriptor> All = ImmutableArray.Create(
        NotAsync, ReturnType, ContainingType, Parameter, ImpossibleRule.Descriptor, LanguageVersion,
        UnpinnedImplementation);

    public static DiagnosticDescriptor Find(string id) => All.First(rule => rule.Id == id);
}
