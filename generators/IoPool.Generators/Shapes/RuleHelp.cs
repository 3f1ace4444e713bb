namespace IoPool.Generators.Shapes;

/// <summary>What every rule of the family shares: its category and the address of its page.</summary>
internal static class RuleHelp
{
    public const string Category = "Pinning";

    public static string Link(string id) => $"https://github.com/iopool/iopool/blob/main/docs/rules/{id}.md";
}
