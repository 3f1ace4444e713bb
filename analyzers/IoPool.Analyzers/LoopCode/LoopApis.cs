using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.LoopCode;

/// <summary>The members of the runtime that run a delegate on a loop.</summary>
internal static class LoopApis
{
    /// <summary>Whether a call of this simple name is worth a look at its symbol.</summary>
    public static bool MayRunOnLoop(string name) =>
        name is "Post" or "Spawn" or "Run" or "RunAsync" or "RunUntilIdle" or "Listen";

    /// <summary>Whether the method runs the delegates that it is given on a loop of the runtime.</summary>
    public static bool RunsOnLoop(IMethodSymbol method)
    {
        var type = method.ContainingType;
        return method.Name switch
        {
            "Post" => KnownTypes.IsEventLoop(type),
            "Spawn" or "RunAsync" => KnownTypes.IsEventLoop(type) || KnownTypes.IsEventLoopGroup(type),
            "Run" or "RunUntilIdle" => KnownTypes.IsEventLoopGroup(type),
            "Listen" => KnownTypes.IsNetExtensions(type),
            _ => false,
        };
    }
}
