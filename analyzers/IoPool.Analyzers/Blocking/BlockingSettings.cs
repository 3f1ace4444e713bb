using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Blocking;

/// <summary>What the <c>.editorconfig</c> of a file says of the blocking rules.</summary>
internal sealed class BlockingSettings
{
    private const int DefaultCallDepth = 8;

    private BlockingSettings(AnalyzerConfigOptions options)
    {
        MaxCallDepth = options.TryGetValue("iopool.max_call_depth", out var depth)
            && int.TryParse(depth, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : DefaultCallDepth;
        ReportsLocks = IsOn(options, "iopool.report_locks");
        ReportsConsole = IsOn(options, "iopool.report_console");
        OffloadMethods = options.TryGetValue("iopool.offload_methods", out var names)
            ? names.Split(',').Select(static name => name.Trim()).ToImmutableHashSet(StringComparer.Ordinal)
            : ImmutableHashSet<string>.Empty;
    }

    /// <summary>How many calls lie at most between the analysed body and what blocks.</summary>
    public int MaxCallDepth { get; }

    public bool ReportsLocks { get; }

    public bool ReportsConsole { get; }

    /// <summary>Full names of methods that run the delegates they are given elsewhere.</summary>
    public ImmutableHashSet<string> OffloadMethods { get; }

    public static BlockingSettings Of(Microsoft.CodeAnalysis.SyntaxTree tree, AnalyzerOptions options) =>
        new(options.AnalyzerConfigOptionsProvider.GetOptions(tree));

    private static bool IsOn(AnalyzerConfigOptions options, string key) =>
        !options.TryGetValue(key, out var value)
        || !string.Equals(value.Trim(), "false", StringComparison.OrdinalIgnoreCase);
}
