using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace IoPool.Generators.Tests.Helpers;

/// <summary>
/// Walks everything that a pipeline step holds on to and fails on what must not be cached: it would keep a whole old
/// compilation alive and never compare equal.
/// </summary>
internal static class ModelGuard
{
    private static readonly Type[] s_forbidden =
    [
        typeof(ISymbol), typeof(SyntaxNode), typeof(SyntaxTree), typeof(Location), typeof(Compilation),
        typeof(SemanticModel),
    ];

    public static void AssertNothingForbidden(object? root)
    {
        if (Find(root, "output", new HashSet<object>(ReferenceEqualityComparer.Instance)) is { } path)
            Assert.Fail($"A cached model holds {path}");
    }

    private static string? Find(object? value, string path, HashSet<object> seen)
    {
        if (value is null)
            return null;
        var type = value.GetType();
        // By assignability: what is planted is never exactly the interface.
        if (s_forbidden.FirstOrDefault(f => f.IsAssignableFrom(type)) is { } forbidden)
            return $"{path}: {type.Name} is a {forbidden.Name}";
        if (type.IsPrimitive || type.IsEnum || value is string || (!type.IsValueType && !seen.Add(value)))
            return null;
        if (value is IEnumerable items and not string)
        {
            var index = 0;
            foreach (var item in items)
            {
                if (Find(item, $"{path}[{index++}]", seen) is { } inItem)
                    return inItem;
            }
        }

        return FindInFields(value, type, path, seen);
    }

    private static string? FindInFields(object value, Type type, string path, HashSet<object> seen)
    {
        const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.DeclaredOnly;
        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            foreach (var field in level.GetFields(Fields))
            {
                // A field that could hold a symbol is as bad as one that does.
                if (s_forbidden.FirstOrDefault(f => f.IsAssignableFrom(field.FieldType)) is { } forbidden)
                    return $"{path}.{field.Name}: declared as a {forbidden.Name}";
                if (Find(field.GetValue(value), $"{path}.{field.Name}", seen) is { } inField)
                    return inField;
            }
        }

        return null;
    }
}
