using System;
using System.Linq;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Affinity;

/// <summary>IOP2004: loop-owned objects that are put where every thread finds them.</summary>
internal static class Statics
{
    public static void Analyze(IOperation operation, Action<Diagnostic> report)
    {
        switch (operation)
        {
            case IAssignmentOperation { Target: { } target } assignment:
                if (Owned(assignment.Value) is { } stored && StaticOf(target) is { } holder)
                    Report(Locations.Of(NameOf(target)), stored, holder, report);
                break;
            case IInvocationOperation call:
                AnalyzeCall(call, report);
                break;
        }
    }

    /// <summary>Whether each thread, and so each loop, has a static of its own.</summary>
    public static bool IsPerThread(ISymbol symbol) =>
        symbol.GetAttributes().Any(static a => a.AttributeClass is { Name: "ThreadStaticAttribute" });

    private static void AnalyzeCall(IInvocationOperation call, Action<Diagnostic> report)
    {
        var holder = IsExchange(call.TargetMethod)
            ? StaticOf(call.Arguments[0].Value)
            : AddsTo(call) is { } collection ? StaticOf(collection) : null;
        if (holder is null)
            return;
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is { RefKind: RefKind.None } && Owned(argument.Value) is { } stored)
            {
                Report(Locations.Of(call.Syntax), stored, holder, report);
                return;
            }
        }
    }

    private static bool IsExchange(IMethodSymbol method) =>
        (method.Name is "Exchange" or "CompareExchange" && KnownTypes.IsInThreading(method.ContainingType, "Interlocked"))
        || (method.Name == "Write" && KnownTypes.IsInThreading(method.ContainingType, "Volatile"));

    // The collection that a call adds to.
    private static IOperation? AddsTo(IInvocationOperation call) => call.TargetMethod.Name switch
    {
        "Add" or "TryAdd" or "Enqueue" or "Push" or "Insert" or "AddFirst" or "AddLast" or "AddOrUpdate" or "GetOrAdd"
            or "TryUpdate" or "TryWrite" or "PushRange" or "Append" => call.Instance,
        _ => null,
    };

    private static ISymbol? StaticOf(IOperation target) => Values.Strip(target) switch
    {
        IFieldReferenceOperation { Field: { IsStatic: true } field } =>
            IsPerThread(field) || IsSafe(field.Type) ? null : field,
        IPropertyReferenceOperation { Property: { IsStatic: true } property } when !IsSafe(property.Type) => property,
        IPropertyReferenceOperation { Instance: { } instance, Arguments.IsEmpty: false } => StaticOf(instance),
        IPropertyReferenceOperation { Property.Name: "Writer", Instance: { } instance } => StaticOf(instance),
        IArrayElementReferenceOperation element => StaticOf(element.ArrayReference),
        _ => null,
    };

    // Made for what belongs to a thread or a loop, or alive only as long as its key.
    private static bool IsSafe(ITypeSymbol type) =>
        type.Name is "LoopRef" or "Sharded" or "ThreadLocal" or "AsyncLocal" or "ConditionalWeakTable"
            or "WeakReference";

    private static ITypeSymbol? Owned(IOperation value)
    {
        value = Values.Strip(value);
        if (value is ITupleOperation tuple)
            return tuple.Elements.Select(Owned).FirstOrDefault(static type => type is not null);
        return KnownTypes.IsLoopOwned(value.Type) ? value.Type : null;
    }

    private static SyntaxNode NameOf(IOperation target) => Values.Strip(target) switch
    {
        IPropertyReferenceOperation { Instance: { } instance, Arguments.IsEmpty: false } => instance.Syntax,
        IArrayElementReferenceOperation element => element.ArrayReference.Syntax,
        var other => other.Syntax,
    };

    private static void Report(Location location, ITypeSymbol stored, ISymbol holder, Action<Diagnostic> report) =>
        report(Diagnostic.Create(AffinityRules.StoredInStatic, location, stored.Name, holder.Name));
}
