using System;

namespace IoPool.Catalogue;

/// <summary>A line of <c>blocking-apis.tsv</c>.</summary>
public sealed record Fact(
    string Pattern,
    string Category,
    string Certainty,
    string Replacement,
    string Origin,
    string Note,
    string AsyncCounterpart)
{
    /// <summary>Whether it is of a member; the others are of syntax, which the analyzer knows by code.</summary>
    public bool IsMember => Pattern.StartsWith("M:", StringComparison.Ordinal)
        || Pattern.StartsWith("P:", StringComparison.Ordinal);
}

/// <summary>A line of <c>nonblocking-exemptions.tsv</c>.</summary>
public sealed record Exemption(string Pattern, string Reason, string Source)
{
    /// <summary>Whether it is of a member; the analyzer knows receivers and contexts by code.</summary>
    public bool IsMember => Pattern.StartsWith("M:", StringComparison.Ordinal)
        || Pattern.StartsWith("P:", StringComparison.Ordinal);
}

/// <summary>A fact that the tool does not understand.</summary>
public sealed class FactException(string message) : Exception(message);
