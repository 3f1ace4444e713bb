using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Blocking;

/// <summary>Members outside of the project that call the delegates they are given before they return.</summary>
internal static class DelegateInvokers
{
    // Of a chain, through locals; in code that does not compile, one may lead back to itself.
    private const int MaxLinks = 32;

    private static readonly string[] s_list =
    [
        "ForEach", "Find", "FindAll", "FindIndex", "FindLast", "FindLastIndex", "Exists", "TrueForAll", "RemoveAll",
        "ConvertAll", "Sort", "BinarySearch",
    ];

    // By the full name of the type; an empty list is all of its members.
    private static readonly Dictionary<string, string[]> s_invokers = new(StringComparer.Ordinal)
    {
        ["System.Collections.Generic.List"] = s_list,
        ["System.Collections.Immutable.ImmutableList"] = s_list,
        ["System.Array"] = s_list,
        ["System.Linq.Enumerable"] = [],
        ["System.Linq.AsyncEnumerable"] = [],
        ["System.MemoryExtensions"] = ["Sort"],
        ["System.String"] = ["Create"],
        ["System.Collections.Generic.HashSet"] = ["RemoveWhere"],
        ["System.Collections.Generic.SortedSet"] = ["RemoveWhere"],
        ["System.Collections.Concurrent.ConcurrentDictionary"] = ["GetOrAdd", "AddOrUpdate"],
        ["System.Collections.Immutable.ImmutableInterlocked"] = ["Update", "GetOrAdd", "AddOrUpdate"],
        ["System.Runtime.CompilerServices.ConditionalWeakTable"] = ["GetValue"],
        ["System.Threading.LazyInitializer"] = ["EnsureInitialized"],
        ["System.Threading.ExecutionContext"] = ["Run"],
        ["System.Security.Principal.WindowsIdentity"] = ["RunImpersonated"],
        ["Microsoft.Extensions.Caching.Memory.CacheExtensions"] = ["GetOrCreate"],
    };

    // What these return runs the delegate later, when it is enumerated.
    private static readonly HashSet<string> s_deferred = new(StringComparer.Ordinal)
    {
        "Where", "Select", "SelectMany", "TakeWhile", "SkipWhile", "OrderBy", "OrderByDescending", "ThenBy",
        "ThenByDescending", "GroupBy", "Join", "GroupJoin", "LeftJoin", "RightJoin", "Zip", "DistinctBy", "ExceptBy",
        "IntersectBy", "UnionBy", "Cast", "OfType", "Append", "Prepend", "Concat", "Distinct", "Take", "Skip", "Reverse",
        "AsEnumerable", "DefaultIfEmpty", "Chunk", "Index", "CountBy", "AggregateBy", "Union", "Except", "Intersect",
        "Order", "OrderDescending", "SkipLast", "TakeLast",
    };

    /// <summary>Whether a call runs the delegates among its arguments on the calling thread, and now.</summary>
    public static bool RunsNow(IInvocationOperation call)
    {
        var type = call.TargetMethod.ContainingType;
        if (type is null || !s_invokers.TryGetValue(FullNameOf(type), out var members))
            return false;
        if (members.Length > 0)
            return members.Contains(call.TargetMethod.Name);
        return !s_deferred.Contains(call.TargetMethod.Name) || IsEnumerated(call);
    }

    /// <summary>Whether what a call returns is enumerated in the same body: by a later link, a loop, an argument.</summary>
    public static bool IsEnumerated(IOperation sequence) => IsEnumerated(sequence, MaxLinks);

    private static bool IsEnumerated(IOperation sequence, int linksLeft)
    {
        if (linksLeft == 0)
            return false;
        var (child, parent) = (sequence, sequence.Parent);
        while (parent is IConversionOperation or IParenthesizedOperation or IArgumentOperation
            or ITranslatedQueryOperation)
            (child, parent) = (parent, parent.Parent);
        switch (parent)
        {
            case IForEachLoopOperation or ISpreadOperation:
                return true;
            // A collection that copies what it is made from.
            case IObjectCreationOperation { Type: INamedTypeSymbol made }:
                return FullNameOf(made).StartsWith("System.Collections.", StringComparison.Ordinal);
            case IInvocationOperation outer:
                return !IsDeferredLink(outer) ? IsEnumerator(outer, child) : IsEnumerated(outer, linksLeft - 1);
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                return UsesOf(declarator.Symbol, sequence).Any(use => IsEnumerated(use, linksLeft - 1));
            default:
                return false;
        }
    }

    private static bool IsDeferredLink(IInvocationOperation call) =>
        call.TargetMethod.ContainingType is { } type
        && FullNameOf(type) == "System.Linq.Enumerable"
        && s_deferred.Contains(call.TargetMethod.Name);

    // An eager link of LINQ, a collection that copies what it is given, a string that joins it.
    private static bool IsEnumerator(IInvocationOperation call, IOperation child)
    {
        var type = call.TargetMethod.ContainingType;
        return type is not null && (FullNameOf(type) == "System.Linq.Enumerable"
            || type.SpecialType == SpecialType.System_String
            || (child is IArgumentOperation && call.TargetMethod.Name is "AddRange" or "UnionWith" or "InsertRange"
                or "CreateRange" or "WhenAll" or "WhenAny" or "WaitAll" or "ToHashSet" or "ToImmutableArray" or "ToImmutableList"
                or "ToFrozenSet" or "ToFrozenDictionary"));
    }

    private static IEnumerable<IOperation> UsesOf(ILocalSymbol local, IOperation inside)
    {
        while (inside.Parent is { } parent)
            inside = parent;
        return Outside(inside).Where(operation => operation is ILocalReferenceOperation reference
            && SymbolEqualityComparer.Default.Equals(reference.Local, local));
    }

    // Lambdas may run elsewhere.
    private static IEnumerable<IOperation> Outside(IOperation operation)
    {
        foreach (var child in operation.ChildOperations)
        {
            if (child is IAnonymousFunctionOperation or ILocalFunctionOperation)
                continue;
            yield return child;
            foreach (var inner in Outside(child))
                yield return inner;
        }
    }

    public static string FullNameOf(INamedTypeSymbol type) => type.ContainingType is { } outer
        ? FullNameOf(outer) + "." + type.Name
        : type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() + "." + type.Name : type.Name;
}
