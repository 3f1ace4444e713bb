using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers;

/// <summary>What descriptors of configurable rules have in common.</summary>
internal static class RuleFactory
{
    public static DiagnosticDescriptor Create(
        string id,
        string category,
        DiagnosticSeverity severity,
        string title,
        string message,
        string description) =>
        new(id, title, message, category, severity, isEnabledByDefault: true, description, RuleHelp.Link(id));
}
