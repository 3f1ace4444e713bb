namespace IoPool.Scheduling;

/// <summary>Names a delegate's method as its author would: <c>Echo.HandleAsync</c>, not the compiler's closure.</summary>
internal static class DisplayName
{
    internal static string Of(Delegate? method)
    {
        if (method is null)
            return "(ended)";

        string name = method.Method.Name;
        Type? type = method.Method.DeclaringType;
        // A lambda is <Outer>b__1_0 in a nested closure class.
        int end = name.IndexOf('>', StringComparison.Ordinal);
        if (name.StartsWith('<') && end > 1)
            name = name[1..end] + " (lambda)";
        while (type is { IsNested: true } && type.Name.StartsWith('<'))
            type = type.DeclaringType;
        return type is null ? name : $"{type.Name}.{name}";
    }
}
