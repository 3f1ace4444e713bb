using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Blocking.Evidence;

internal enum QueryKind
{
    /// <summary>No query, or one over a collection in memory.</summary>
    InMemory,

    /// <summary>A query of an unknown provider.</summary>
    Unknown,

    /// <summary>A query of Entity Framework.</summary>
    Database,
}

/// <summary>What stands behind an <c>IQueryable</c>.</summary>
internal static class QuerySource
{
    public static QueryKind KindOf(IOperation? source)
    {
        for (var steps = 0; steps < 64; steps++)
        {
            source = LocalValues.Resolve(source);
            if (source is null || !IsQueryable(source.Type))
                return QueryKind.InMemory;
            if (IsDatabaseType(source.Type))
                return QueryKind.Database;
            if (source is not IInvocationOperation call)
                return IsMemberOfContext(source) ? QueryKind.Database : QueryKind.Unknown;
            if (IsDatabaseType(call.TargetMethod.ContainingType) || IsContext(call.TargetMethod.ContainingType))
                return QueryKind.Database;
            if (ValueKey.SourceOf(call) is not { } next)
                return QueryKind.Unknown;
            source = next;
        }

        return QueryKind.Unknown;
    }

    public static bool IsQueryable(ITypeSymbol? type) => type is not null
        && (type.Name == "IQueryable" || type.AllInterfaces.Any(static i => i.Name == "IQueryable"));

    private static bool IsDatabaseType(ITypeSymbol? type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.Name is "DbSet" or "IncludableQueryable" or "DbQuery"
                or "EntityFrameworkQueryableExtensions" or "RelationalQueryableExtensions")
            {
                return true;
            }
        }

        return type?.Name == "IIncludableQueryable";
    }

    private static bool IsContext(ITypeSymbol? type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.Name == "DbContext")
                return true;
        }

        return false;
    }

    private static bool IsMemberOfContext(IOperation source) =>
        source is IMemberReferenceOperation { Member.ContainingType: { } type } && IsContext(type);
}
