using System;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Affinity;

/// <summary>The locks that belong to the thread that took them.</summary>
internal static class Locks
{
    /// <summary>Whether a call takes such a lock, or tries to.</summary>
    public static bool Acquires(IMethodSymbol method) => method.Name switch
    {
        "Enter" or "TryEnter" => IsOneOf(method, "Monitor", "Lock", "SpinLock"),
        "EnterReadLock" or "EnterWriteLock" or "EnterUpgradeableReadLock" or "TryEnterReadLock" or "TryEnterWriteLock"
            or "TryEnterUpgradeableReadLock" => IsOneOf(method, "ReaderWriterLockSlim"),
        "AcquireReaderLock" or "AcquireWriterLock" => IsOneOf(method, "ReaderWriterLock"),
        "WaitOne" => IsMutex(method),
        _ => false,
    };

    public static bool Releases(IMethodSymbol method) => method.Name switch
    {
        "Exit" => IsOneOf(method, "Monitor", "Lock", "SpinLock"),
        "ExitReadLock" or "ExitWriteLock" or "ExitUpgradeableReadLock" => IsOneOf(method, "ReaderWriterLockSlim"),
        "ReleaseReaderLock" or "ReleaseWriterLock" or "ReleaseLock" => IsOneOf(method, "ReaderWriterLock"),
        "ReleaseMutex" => IsOneOf(method, "Mutex"),
        _ => false,
    };

    /// <summary>What a call takes or releases, when a symbol stands for it.</summary>
    public static ISymbol? LockOf(IInvocationOperation call)
    {
        var value = call.Instance ?? (call.Arguments.IsEmpty ? null : call.Arguments[0].Value);
        return value is null ? null : Values.SymbolOf(value);
    }

    /// <summary>The variable that says whether the lock was taken, of an overload that has one.</summary>
    public static ISymbol? TakenOf(IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is { RefKind: RefKind.Ref, Type.SpecialType: SpecialType.System_Boolean })
                return Values.SymbolOf(argument.Value);
        }

        return null;
    }

    private static bool IsOneOf(IMethodSymbol method, params string[] types) =>
        Array.Exists(types, name => KnownTypes.IsInThreading(method.ContainingType, name));

    // WaitOne is declared by WaitHandle; what it is called on says more.
    private static bool IsMutex(IMethodSymbol method) =>
        KnownTypes.IsInThreading(method.ContainingType, "WaitHandle")
        || KnownTypes.IsInThreading(method.ContainingType, "Mutex");
}
