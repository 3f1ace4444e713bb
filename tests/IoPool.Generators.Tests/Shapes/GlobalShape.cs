using IoPool;
using IoPool.Generators.Tests.Shapes;

internal static partial class GlobalShape
{
    [Pinned]
    public static async partial ValueTask RunAsync() => await Away.FromLoop;
}
