using System;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Blocking;

/// <summary>Clients that gRPC's compiler writes: every call once blocking, and once as <c>NameAsync</c>.</summary>
internal static class GrpcClients
{
    private static readonly string[] s_core = ["Grpc", "Core"];

    public static bool IsBlockingCall(IMethodSymbol method) =>
        method.MethodKind == MethodKind.Ordinary
        && !method.Name.EndsWith("Async", StringComparison.Ordinal)
        && IsClient(method.ContainingType)
        && !method.ContainingType.GetMembers(method.Name + "Async").IsEmpty;

    private static bool IsClient(INamedTypeSymbol? type)
    {
        for (var current = type?.BaseType; current is not null; current = current.BaseType)
        {
            if (KnownNames.Is(current, "ClientBase", s_core))
                return true;
        }

        return false;
    }
}
