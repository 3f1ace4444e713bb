namespace IoPool;

/// <summary>
/// Pins an async method to the event loop that it is started on: its body and every continuation run on that loop.
/// </summary>
/// <remarks>
/// <para>
/// Put it on an <see langword="async"/> <see langword="partial"/> method that returns
/// <see cref="System.Threading.Tasks.ValueTask"/> or <see cref="System.Threading.Tasks.ValueTask{TResult}"/>. The
/// source generator writes the defining part of the method and names
/// <see cref="CompilerServices.PinnedValueTaskMethodBuilder"/> on it, so that the C# compiler builds the state machine
/// on the loop's own builder.
/// </para>
/// <para>
/// On an interface member or an abstract method without a body it is a contract: nothing is generated, and every
/// implementation and override has to be pinned too.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class PinnedAttribute : Attribute;
