namespace IoPool.Scheduling;

/// <summary>The result of a call that has none, so that one source serves both kinds of value task.</summary>
internal readonly struct VoidResult;
