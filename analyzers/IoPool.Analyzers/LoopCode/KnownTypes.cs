using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.LoopCode;

/// <summary>Types that rules know, compared by name: a reference may hold them twice.</summary>
internal static class KnownTypes
{
    private static readonly string[] s_ioPool = ["IoPool"];
    private static readonly string[] s_net = ["IoPool", "Net"];
    private static readonly string[] s_system = ["System"];
    private static readonly string[] s_threading = ["System", "Threading"];
    private static readonly string[] s_tasks = ["System", "Threading", "Tasks"];

    public static bool IsEventLoop(ITypeSymbol? type) => KnownNames.Is(type, "EventLoop", s_ioPool);

    public static bool IsEventLoopGroup(ITypeSymbol? type) => KnownNames.Is(type, "EventLoopGroup", s_ioPool);

    public static bool IsNetExtensions(ITypeSymbol? type) => KnownNames.Is(type, "EventLoopGroupNetExtensions", s_net);

    public static bool IsOffload(ITypeSymbol? type) => KnownNames.Is(type, "Offload", s_ioPool);

    public static bool IsBlockingAttribute(ITypeSymbol? type) => type is { Name: "BlockingAttribute" };

    public static bool IsNonBlockingAttribute(ITypeSymbol? type) => type is { Name: "NonBlockingAttribute" };

    public static bool IsLoopOwnedAttribute(ITypeSymbol? type) => KnownNames.Is(type, "LoopOwnedAttribute", s_ioPool);

    /// <summary>Task or Task of T.</summary>
    public static bool IsTask(ITypeSymbol? type) => KnownNames.Is(type, "Task", s_tasks);

    /// <summary>ValueTask or ValueTask of T.</summary>
    public static bool IsValueTask(ITypeSymbol? type) => KnownNames.Is(type, "ValueTask", s_tasks);

    public static bool IsInSystem(ITypeSymbol? type, string name) => KnownNames.Is(type, name, s_system);

    public static bool IsInThreading(ITypeSymbol? type, string name) => KnownNames.Is(type, name, s_threading);

    public static bool IsInTasks(ITypeSymbol? type, string name) => KnownNames.Is(type, name, s_tasks);

    /// <summary>Whether a type or one of its bases is loop-owned.</summary>
    public static bool IsLoopOwned(ITypeSymbol? type)
    {
        for (var current = type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            foreach (var attribute in current.OriginalDefinition.GetAttributes())
            {
                if (IsLoopOwnedAttribute(attribute.AttributeClass))
                    return true;
            }
        }

        return false;
    }
}
