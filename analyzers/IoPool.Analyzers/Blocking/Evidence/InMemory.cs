using System.Collections.Generic;
using System.Linq;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Blocking.Evidence;

/// <summary>Whether a stream, reader or writer is known to be over memory.</summary>
internal static class InMemory
{
    private const int MaxDepth = 6;

    /// <summary>Whether all streams, readers and writers that a call is about are in memory, and it has at least one.</summary>
    public static bool IsAllOf(IOperation call)
    {
        var any = false;
        foreach (var operand in OperandsOf(call))
        {
            if (!IsMedium(operand.Type) && !IsKnown(operand.Type))
                continue;
            if (!IsIt(operand, MaxDepth))
                return false;
            any = true;
        }

        return any;
    }

    /// <summary>Whether one value is in memory.</summary>
    public static bool IsKnownToBe(IOperation value) => IsIt(value, MaxDepth);

    private static IEnumerable<IOperation> OperandsOf(IOperation call)
    {
        var (instance, arguments) = call switch
        {
            IInvocationOperation invocation => (invocation.Instance, invocation.Arguments),
            IObjectCreationOperation creation => (null, creation.Arguments),
            IPropertyReferenceOperation property => (property.Instance, property.Arguments),
            _ => (null, default),
        };
        if (instance is not null)
            yield return instance;
        if (arguments.IsDefault)
            yield break;
        foreach (var argument in arguments)
            yield return argument.Value;
    }

    private static bool IsIt(IOperation operation, int depth)
    {
        if (depth == 0)
            return false;
        var value = LocalValues.Resolve(operation);
        if (value is null)
            return false;
        if (IsKnown(value.Type) || IsKnown(operation.Type))
            return true;
        switch (value)
        {
            case IFieldReferenceOperation { Field: { Name: "Null", IsStatic: true } field }:
                return IsMedium(field.ContainingType);
            case IFieldReferenceOperation { Field: { IsReadOnly: true } field }:
                return FieldValues.InitializerOf(field, value.SemanticModel) is { } initializer && IsIt(initializer, depth - 1);
            case IObjectCreationOperation creation:
                return IsOverMemory(creation.Arguments.Select(static a => a.Value), depth);
            case IInvocationOperation { TargetMethod: { IsStatic: true, Name: "Create" or "Synchronized" } } creation:
                return IsOverMemory(creation.Arguments.Select(static a => a.Value), depth);
            case IConditionalOperation { WhenFalse: { } other } choice:
                return IsIt(choice.WhenTrue, depth - 1) && IsIt(other, depth - 1);
            default:
                return false;
        }
    }

    // A wrapper is where what it wraps is; its other arguments are options.
    private static bool IsOverMemory(IEnumerable<IOperation> arguments, int depth)
    {
        foreach (var argument in arguments.Select(static a => ValueKey.Unwrap(a)!))
        {
            if (KnownNames.Is(argument.Type, "StringBuilder", ["System", "Text"]) || IsBufferWriter(argument.Type))
                return true;
            if (IsMedium(argument.Type) || IsKnown(argument.Type))
                return IsIt(argument, depth - 1);
        }

        return false;
    }

    private static bool IsBufferWriter(ITypeSymbol? type) => type is not null
        && !IsMedium(type)
        && (type.Name == "IBufferWriter" || type.AllInterfaces.Any(static i => i.Name == "IBufferWriter"));

    public static bool IsKnown(ITypeSymbol? type) => BasesOf(type).Any(static current =>
        current.Name is "MemoryStream" or "UnmanagedMemoryStream" or "StringReader" or "StringWriter"
            or "MemoryDistributedCache");

    public static bool IsMedium(ITypeSymbol? type) => BasesOf(type).Any(static current =>
        current.Name is "Stream" or "TextReader" or "TextWriter" or "XmlReader" or "XmlWriter" or "BinaryReader"
            or "BinaryWriter" or "Utf8JsonWriter" or "XmlDictionaryWriter" or "IDistributedCache")
        || type?.AllInterfaces.Any(static i => i.Name == "IDistributedCache") == true;

    private static IEnumerable<ITypeSymbol> BasesOf(ITypeSymbol? type)
    {
        for (var current = type; current is not null; current = current.BaseType)
            yield return current;
    }
}
