namespace IoPool.Diagnostics;

/// <summary>Where the library says what no caller asked for.</summary>
internal static class Log
{
    internal static void Write(EventLoopGroupOptions options, string message)
    {
        if (options.Log is { } log)
            log(message);
        else
            Console.Error.WriteLine("IoPool: " + message);
    }
}
