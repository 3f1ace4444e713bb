using System.Linq;
using System.Threading;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Affinity;

/// <summary>The calls that run a delegate on another thread than the caller's.</summary>
internal static class ForeignThreads
{
    /// <summary>Whether a call of this simple name is worth a look at its symbol.</summary>
    public static bool MayRunElsewhere(string name) => name is
        "Run" or "StartNew" or "QueueUserWorkItem" or "UnsafeQueueUserWorkItem" or "RegisterWaitForSingleObject"
        or "UnsafeRegisterWaitForSingleObject" or "RunAsync" or "Spawn" or "Post" or "For" or "ForEach" or "ForAsync"
        or "ForEachAsync" or "Invoke" or "ForAll" or "ContinueWith" or "Start" or "UnsafeStart";

    /// <summary>How to name the other thread's work, or null when the call's delegates stay where they are.</summary>
    public static string? Describe(IInvocationOperation call, SemanticModel model, CancellationToken cancellation)
    {
        var (method, type) = (call.TargetMethod, call.TargetMethod.ContainingType);
        var runsElsewhere = method.Name switch
        {
            "Run" => KnownTypes.IsTask(type),
            "StartNew" => KnownTypes.IsInTasks(type, "TaskFactory"),
            "ContinueWith" => KnownTypes.IsTask(type) && !HasScheduler(call),
            "QueueUserWorkItem" or "UnsafeQueueUserWorkItem" or "RegisterWaitForSingleObject"
                or "UnsafeRegisterWaitForSingleObject" => KnownTypes.IsInThreading(type, "ThreadPool"),
            "Start" or "UnsafeStart" => KnownTypes.IsInThreading(type, "Thread"),
            "For" or "ForEach" or "ForAsync" or "ForEachAsync" or "Invoke" => KnownTypes.IsInTasks(type, "Parallel"),
            "ForAll" => type.Name == "ParallelEnumerable",
            "RunAsync" when KnownTypes.IsOffload(type) => true,
            "Post" or "Spawn" or "RunAsync" => IsOtherLoop(call, model, cancellation),
            _ => false,
        };
        return runsElsewhere ? $"{type.Name}.{method.Name}" : null;
    }

    /// <summary>Whether a call hands its delegates to a loop of the runtime.</summary>
    public static bool IsLoop(IInvocationOperation call) => LoopApis.RunsOnLoop(call.TargetMethod);

    private static bool HasScheduler(IInvocationOperation call) =>
        call.Arguments.Any(static argument => argument.Parameter is { } parameter
            && KnownTypes.IsInTasks(parameter.Type, "TaskScheduler")
            && Values.Strip(argument.Value) is not IPropertyReferenceOperation { Property.Name: "Default" });

    private static bool IsOtherLoop(IInvocationOperation call, SemanticModel model, CancellationToken cancellation)
    {
        if (KnownTypes.IsEventLoopGroup(call.TargetMethod.ContainingType))
            return true;
        return KnownTypes.IsEventLoop(call.TargetMethod.ContainingType)
            && call.Instance is { } loop
            && IsAnyLoop(Values.Strip(loop), model, cancellation);
    }

    // One that the group chose, or that was taken by its number: nothing says that it is the owner.
    private static bool IsAnyLoop(
        IOperation loop, SemanticModel model, CancellationToken cancellation, int localsLeft = Values.MaxLocals) => loop switch
        {
            IInvocationOperation { TargetMethod: { Name: "Next" } next } => KnownTypes.IsEventLoopGroup(next.ContainingType),
            IPropertyReferenceOperation { Property: { IsIndexer: true } indexer } =>
                KnownTypes.IsEventLoopGroup(indexer.ContainingType),
            ILocalReferenceOperation local => localsLeft > 0
                && Values.InitializerOf(local.Local, model, cancellation) is { } value
                && IsAnyLoop(Values.Strip(value), model, cancellation, localsLeft - 1),
            _ => false,
        };
}
