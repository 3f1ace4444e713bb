using System;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace IoPool.Generators.Shapes;

/// <summary>
/// Runtime-async compiles an async method without a state machine and ignores its builder. One attribute switches it
/// off for a method; where that attribute does not exist, nothing can.
/// </summary>
internal static class RuntimeAsync
{
    public static bool CanBeSwitchedOff(Compilation compilation) =>
        !compilation.GetTypesByMetadataName(KnownNames.RuntimeAsyncAttribute).IsEmpty;

    public static bool IsOn(ParseOptions options) =>
        options.Features.TryGetValue("runtime-async", out var value)
        && string.Equals(value, "on", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Why the method would lose its builder, or null when it keeps it; <paramref name="isGenerated"/> says that the
    /// generator can still put the attribute on the method.
    /// </summary>
    public static string? WhyBuilderIsLost(
        IMethodSymbol method, Compilation compilation, ParseOptions options, bool isGenerated)
    {
        if (KnownNames.FindRuntimeAsync(method) is { } attribute)
        {
            return attribute.ConstructorArguments.FirstOrDefault().Value is true
                ? "[RuntimeAsyncMethodGeneration(true)] makes the runtime ignore every builder; remove it"
                : null;
        }

        if (!IsOn(options))
            return null;
        if (!CanBeSwitchedOff(compilation))
        {
            return "the compiler feature 'runtime-async' ignores every builder, and this target framework has no "
                + "RuntimeAsyncMethodGenerationAttribute to switch it off; turn the feature off";
        }

        return isGenerated
            ? null
            : "the compiler feature 'runtime-async' ignores every builder; add [RuntimeAsyncMethodGeneration(false)]";
    }
}
