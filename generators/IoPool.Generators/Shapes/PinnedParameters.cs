using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace IoPool.Generators.Shapes;

/// <summary>What may not be a parameter of a pinned method: whatever cannot live in a state machine.</summary>
internal static class PinnedParameters
{
    public static void AddProblems(IMethodSymbol method, ImmutableArray<ShapeProblem>.Builder problems)
    {
        if (!method.IsStatic && method.ContainingType is { IsRefLikeType: true } owner)
            Add(method, method, "this", $"a '{owner.Name}', which lives on the stack", problems);
        foreach (var parameter in method.Parameters)
        {
            if (WhyNotStorable(parameter) is { } why)
                Add(method, parameter, parameter.Name, why, problems);
            else if (!method.IsAbstract && parameter.GetAttributes().Any(KnownNames.IsCallerInfo))
                problems.Add(CallerInfo(method, parameter));
        }
    }

    private static string? WhyNotStorable(IParameterSymbol parameter) => parameter switch
    {
        { RefKind: RefKind.Ref } => "passed by 'ref'",
        { RefKind: RefKind.Out } => "passed by 'out'",
        { RefKind: not RefKind.None } => "passed by 'in'",
        { Type: IPointerTypeSymbol or IFunctionPointerTypeSymbol } => "a pointer",
        { Type.IsRefLikeType: true } => $"a '{parameter.Type.Name}', which lives on the stack",
        { Type: ITypeParameterSymbol { AllowsRefLikeType: true } } =>
            $"a '{parameter.Type.Name}', which may live on the stack",
        _ => null,
    };

    private static void Add(
        IMethodSymbol method, ISymbol at, string name, string why, ImmutableArray<ShapeProblem>.Builder problems) =>
        problems.Add(new ShapeProblem(ShapeRuleIds.Parameter, At(at), method.Name, name, why));

    // Callers of a partial method read the defining part, and the compiler takes caller information from there only.
    private static ShapeProblem CallerInfo(IMethodSymbol method, IParameterSymbol parameter) =>
        new(
            ShapeRuleIds.Impossible, At(parameter), method.Name,
            $"caller information for '{parameter.Name}' is lost on a partial method; take it in an unpinned wrapper");

    private static Location At(ISymbol symbol) => symbol.Locations.FirstOrDefault() ?? Location.None;
}
