namespace IoPool;

/// <summary>
/// Marks a type whose instances belong to one event loop: only that loop may touch them (the third threading law).
/// </summary>
/// <remarks>
/// <see cref="Net.SocketConnection"/> is such a type. Put it on your own classes and structs whose state is shared among
/// the tasks of one loop without a lock; the analyzer then reports code that would hand an instance to another thread.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = true)]
public sealed class LoopOwnedAttribute : Attribute;
