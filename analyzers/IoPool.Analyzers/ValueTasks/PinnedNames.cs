using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Analyzers.ValueTasks;

/// <summary>The names of a compilation's pinned methods: calls of all others need no look at symbols.</summary>
internal sealed class PinnedNames(Compilation compilation)
{
    // By tree, so that a keystroke in one file leaves the names of the others.
    private static readonly ConditionalWeakTable<SyntaxTree, string[]> s_byTree = new();

    private HashSet<string>? _names;

    public bool Contains(string name, CancellationToken cancellation)
    {
        if (_names is { } known)
            return known.Contains(name);
        var names = new HashSet<string>();
        foreach (var tree in compilation.SyntaxTrees)
        {
            cancellation.ThrowIfCancellationRequested();
            names.UnionWith(OfTree(tree, cancellation));
        }

        // Two threads may both get here; they find the same.
        _names = names;
        return names.Contains(name);
    }

    private static string[] OfTree(SyntaxTree tree, CancellationToken cancellation)
    {
        if (s_byTree.TryGetValue(tree, out var known))
            return known;
        var root = tree.GetRoot(cancellation);
        var names = root
            .DescendantNodes(static node =>
                node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)
            .OfType<MethodDeclarationSyntax>()
            .Where(static method => method.AttributeLists.Any(static list => list.Attributes.Any(IsPinned)))
            .Select(static method => method.Identifier.ValueText)
            .Distinct()
            .ToArray();
        return s_byTree.GetValue(tree, _ => names);
    }

    private static bool IsPinned(AttributeSyntax attribute) =>
        Names.NameOf(attribute.Name) is "Pinned" or "PinnedAttribute";
}
