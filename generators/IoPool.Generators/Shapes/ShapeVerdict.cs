using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace IoPool.Generators.Shapes;

internal enum ShapeOutcome
{
    /// <summary>The defining part is to be generated.</summary>
    Generate,

    /// <summary>A member without a body: a promise about its implementations, for which nothing is generated.</summary>
    Contract,

    /// <summary>The pinned builder is on the method already: by a generated part, or by the user's hand.</summary>
    AlreadyPinned,

    /// <summary>The signature names an unknown type: the compiler says so, or another generator adds it.</summary>
    Unresolved,

    /// <summary>At least one rule is broken, and nothing is generated.</summary>
    Broken,
}

/// <summary>One broken rule: which, where, and what its message is about.</summary>
internal sealed class ShapeProblem(string ruleId, Location location, params string[] arguments)
{
    public string RuleId { get; } = ruleId;

    public Location Location { get; } = location;

    public string[] Arguments { get; } = arguments;
}

/// <summary>What generator and analyzer both think of one <c>[Pinned]</c> method.</summary>
internal readonly struct ShapeVerdict
{
    private ShapeVerdict(ShapeOutcome outcome, ImmutableArray<ShapeProblem> problems)
    {
        Outcome = outcome;
        Problems = problems;
    }

    public ShapeOutcome Outcome { get; }

    public ImmutableArray<ShapeProblem> Problems { get; }

    public static ShapeVerdict Of(ShapeOutcome outcome) => new(outcome, ImmutableArray<ShapeProblem>.Empty);

    public static ShapeVerdict Broken(params ShapeProblem[] problems) =>
        new(ShapeOutcome.Broken, ImmutableArray.Create(problems));

    public static ShapeVerdict Broken(ImmutableArray<ShapeProblem> problems) => new(ShapeOutcome.Broken, problems);
}
