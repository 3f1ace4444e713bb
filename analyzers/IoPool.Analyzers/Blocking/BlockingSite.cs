using System.Collections.Immutable;
using IoPool.Analyzers.Catalogue;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Blocking;

/// <summary>One place in a body that blocks, or may, for itself or by way of what it calls.</summary>
internal sealed class BlockingSite(
    IOperation operation, SyntaxNode syntax, DiagnosticDescriptor rule, Certainty certainty, string name, string advice)
{
    public IOperation Operation { get; } = operation;

    /// <summary>What diagnostics point at.</summary>
    public SyntaxNode Syntax { get; } = syntax;

    /// <summary>The rule when the place is in the analysed body itself.</summary>
    public DiagnosticDescriptor Rule { get; } = rule;

    public Certainty Certainty { get; } = certainty;

    /// <summary>What blocks, as a user knows it: <c>File.ReadAllText</c>.</summary>
    public string Name { get; } = name;

    public string Advice { get; } = advice;

    /// <summary>The row of the catalogue, where the place is a call of a catalogued member.</summary>
    public CatalogueRow? Row { get; init; }

    /// <summary>What the call leads to, where it blocks by way of a helper.</summary>
    public BlockingChain? Chain { get; init; }

    /// <summary>The member that runs the delegate which this place is in, on the loop.</summary>
    public string? DelegateRunner { get; init; }
}

/// <summary>How a helper leads to what blocks.</summary>
internal sealed class BlockingChain(
    ISymbol helper, bool isSure, ImmutableArray<string> names, ImmutableArray<Location> locations)
{
    public ISymbol Helper { get; } = helper;

    /// <summary>Whether every link is certain.</summary>
    public bool IsSure { get; } = isSure;

    /// <summary>The helper, what it calls, and so on to what blocks.</summary>
    public ImmutableArray<string> Names { get; } = names;

    /// <summary>The helper's declaration, and then the place of each call, the blocking one last.</summary>
    public ImmutableArray<Location> Locations { get; } = locations;

    /// <summary>Whether it ends at a task that is waited for.</summary>
    public bool IsTaskWait { get; init; }

    public int Depth => Names.Length - 1;
}
