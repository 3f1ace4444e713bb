namespace IoPool.Analyzers;

/// <summary>Keys of what diagnostics carry for the code fixes, in <c>Diagnostic.Properties</c>.</summary>
internal static class DiagnosticFacts
{
    /// <summary>The simple name of the asynchronous counterpart on the same type, as <c>ReadAsync</c>; absent without one.</summary>
    public const string AsyncName = "AsyncName";

    /// <summary>The full name of the type that has the counterpart, where it is not the type of the call.</summary>
    public const string AsyncType = "AsyncType";

    /// <summary>The category of the catalogue row, as <c>task-wait</c>, <c>sleep</c>, <c>file</c>.</summary>
    public const string Category = "Category";
}
