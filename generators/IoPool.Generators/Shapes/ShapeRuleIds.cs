namespace IoPool.Generators.Shapes;

/// <summary>The ids of the shape rules, and who reports which.</summary>
internal static class ShapeRuleIds
{
    public const string NotPartial = "IOP4001";
    public const string NotAsync = "IOP4002";
    public const string ReturnType = "IOP4003";
    public const string ContainingType = "IOP4004";
    public const string Parameter = "IOP4005";
    public const string LocalFunction = "IOP4006";
    public const string Impossible = "IOP4007";
    public const string OtherBuilder = "IOP4008";
    public const string LanguageVersion = "IOP4009";
    public const string UnpinnedImplementation = "IOP4010";

    /// <summary>
    /// Whether the generator reports a problem of this rule, and so the analyzer does not. The generator's are those
    /// that would build and run unpinned where analyzers are switched off; with the others the compiler misses the
    /// generated part, or there is no await at which to leave the loop.
    /// </summary>
    public static bool BelongsToGenerator(string id) => id is NotPartial or LocalFunction or Impossible or OtherBuilder;
}
