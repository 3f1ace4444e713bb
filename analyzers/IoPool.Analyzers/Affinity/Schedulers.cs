using System;
using System.Linq;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Affinity;

/// <summary>IOP2006 and IOP2008: who runs what comes later.</summary>
internal static class Schedulers
{
    public static void Analyze(IInvocationOperation call, Action<Diagnostic> report)
    {
        if (SetsContext(call))
        {
            report(Diagnostic.Create(AffinityRules.SetsSynchronizationContext, Locations.Of(call.Syntax)));
        }
        else if (TakesAmbientScheduler(call))
        {
            report(Diagnostic.Create(AffinityRules.NoScheduler, Locations.Of(call.Syntax), call.TargetMethod.Name));
        }
    }

    private static bool SetsContext(IInvocationOperation call) =>
        call.TargetMethod.Name == "SetSynchronizationContext"
        && KnownTypes.IsInThreading(call.TargetMethod.ContainingType, "SynchronizationContext")
        && !IsLoopsOwn(Values.Strip(call.Arguments[0].Value));

    private static bool IsLoopsOwn(IOperation context) =>
        context is IPropertyReferenceOperation property && KnownTypes.IsEventLoop(property.Property.ContainingType);

    private static bool TakesAmbientScheduler(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        var mayTake = method.Name switch
        {
            "ContinueWith" => KnownTypes.IsTask(method.ContainingType),
            "StartNew" or "ContinueWhenAll" or "ContinueWhenAny" => IsDefaultFactory(call),
            _ => false,
        };
        return mayTake && !method.Parameters.Any(static p => KnownTypes.IsInTasks(p.Type, "TaskScheduler"));
    }

    // A factory of the user's own may have been made with a scheduler.
    private static bool IsDefaultFactory(IInvocationOperation call) =>
        call.Instance is { } factory
        && Values.Strip(factory) switch
        {
            IPropertyReferenceOperation { Property: { Name: "Factory" } property } => KnownTypes.IsTask(property.ContainingType),
            IObjectCreationOperation creation => creation.Arguments.IsEmpty,
            _ => false,
        };
}
