using IoPool.Generators.Helpers;

namespace IoPool.Generators.Models;

/// <summary>
/// What the parser makes of one attribute: a model, or the problems that the generator itself reports, or neither.
/// </summary>
internal sealed record ParsedMethod(PinnedMethodModel? Model, EquatableArray<ReportedProblem> Problems);
