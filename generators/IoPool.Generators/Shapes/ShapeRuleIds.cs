namespace IoPool.Generators.Shapes;

/// <summary>
/// The ids of the shape rules. <see cref="NotPartial"/> and <see cref="OtherBuilder"/> belong to the generator, since
/// without them a method would build and run unpinned where analyzers are switched off; the others to the analyzer.
/// </summary>
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

    public static bool BelongsToGenerator(string id) => id is NotPartial or OtherBuilder;
}
