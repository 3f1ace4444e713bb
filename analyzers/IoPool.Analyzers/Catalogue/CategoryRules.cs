using System;
using System.Collections.Generic;
using System.Linq;

namespace IoPool.Analyzers.Catalogue;

/// <summary>Which rule a row of the catalogue is reported by: one table from category and certainty.</summary>
internal static class CategoryRules
{
    /// <summary>The category of what a user's catalogue file adds.</summary>
    public const string User = "user";

    private const string SyncIo = "I/O";
    private const string Parallel = "IOP1009";

    /// <summary>The rule of what surely blocks; of I/O, the counterpart decides.</summary>
    private static readonly Dictionary<string, string> s_sure = new Dictionary<string, string[]>
    {
        ["IOP1001"] = ["task-wait"],
        ["IOP1002"] = ["sleep", "thread-wait", "spin"],
        ["IOP1003"] =
        [
            "wait-handle", "primitive", "lock", "collection", "gc", "dataflow", "sync-context", "nito", "rx",
        ],
        [Parallel] = ["parallel", "plinq"],
        ["IOP1014"] = [User],
        [SyncIo] =
        [
            "aspnet", "cache", "callback", "cloud", "compression", "console", "crypto", "db", "dispose", "dns", "ef",
            "file", "file-metadata", "grpc", "hosting", "http", "kafka", "ldap", "loader", "mail", "mongo", "mq", "net",
            "pipe", "process", "redis", "registry", "regex", "resilience", "serial", "serialization", "service",
            "socket", "ssh", "stream", "text", "tls", "trace", "vs", "wmi", "xml",
        ],
    }
    .SelectMany(static rule => rule.Value.Select(category => (Category: category, Rule: rule.Key)))
    .ToDictionary(static pair => pair.Category, static pair => pair.Rule, StringComparer.Ordinal);

    public static bool Has(string category) => s_sure.ContainsKey(category);

    /// <summary>The id of the rule that reports a row which is not of something that never blocks.</summary>
    public static string RuleOf(CatalogueRow row) => row.Certainty switch
    {
        Certainty.Cpu => "IOP1010",
        Certainty.May => RuleOfMaybe(row),
        _ => RuleOfSure(row),
    };

    private static string RuleOfMaybe(CatalogueRow row) =>
        row.Category == "lock" ? "IOP1007"
        : row.Category == "dispose" || row.AsyncName == "DisposeAsync" ? "IOP1008"
        : "IOP1006";

    private static string RuleOfSure(CatalogueRow row)
    {
        if (s_sure.TryGetValue(row.Category, out var rule) && rule != SyncIo)
            return rule;
        return row.AsyncName is not null ? "IOP1004" : "IOP1005";
    }
}
