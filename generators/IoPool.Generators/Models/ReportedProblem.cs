using System.Linq;
using IoPool.Generators.Helpers;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.Generators.Models;

/// <summary>
/// A diagnostic on its way to the output: a location would hold its syntax tree, path and span hold nothing.
/// </summary>
internal sealed record ReportedProblem(
    string RuleId, EquatableArray<string> Arguments, string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static ReportedProblem From(ShapeProblem problem)
    {
        var line = problem.Location.GetLineSpan();
        return new ReportedProblem(
            problem.RuleId, problem.Arguments.ToEquatableArray(), line.Path, problem.Location.SourceSpan, line.Span);
    }

    public Diagnostic ToDiagnostic() =>
        Diagnostic.Create(
            GeneratorRules.Find(RuleId), Location.Create(Path, Span, Lines), Arguments.ToArray<object>());
}
