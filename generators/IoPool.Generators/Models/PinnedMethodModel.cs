using IoPool.Generators.Helpers;

namespace IoPool.Generators.Models;

/// <summary>
/// All that the emitter needs of one method, as text. Value-equal and free of symbols, syntax and locations, so that
/// the step after it stays cached and no old compilation stays in memory.
/// </summary>
/// <param name="HintName">Name of the generated file, unique in the compilation.</param>
/// <param name="ExternAliases">Aliases that the signature goes through.</param>
/// <param name="IsNullableEnabled">Nullable annotations as they are at the user's part.</param>
/// <param name="Namespace">Null for the global one.</param>
/// <param name="ContainingTypes">Outermost first.</param>
/// <param name="BuilderAttribute">Argument of the builder attribute's <c>typeof</c>.</param>
/// <param name="IsRuntimeAsyncSwitchedOff">Whether the second attribute is emitted.</param>
/// <param name="Declaration">The defining part without its semicolon.</param>
internal sealed record PinnedMethodModel(
    string HintName,
    EquatableArray<string> ExternAliases,
    bool IsNullableEnabled,
    string? Namespace,
    EquatableArray<string> ContainingTypes,
    string BuilderAttribute,
    bool IsRuntimeAsyncSwitchedOff,
    string Declaration);
