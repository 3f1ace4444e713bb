using System.Collections.Concurrent;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.Analyzers.Blocking.Outlines;

/// <summary>
/// The outlines of one file, made when they are asked for. They live as long as the file does: a letter that is typed
/// makes a new file of one, and keeps what is known of the others.
/// </summary>
internal sealed class TreeOutlines
{
    private const int OutsideOfNamespaces = -1;

    private static readonly ConditionalWeakTable<SyntaxTree, TreeOutlines> s_known = new();

    private readonly ConcurrentDictionary<TextSpan, Outline> _outlines = new(concurrencyLevel: 1, capacity: 11);

    // Of the namespace that was asked for last; nearly every file has one.
    private KnownScope? _scope;
    private DeclaredMember[]? _members;

    /// <summary>The members that a file declares.</summary>
    public static DeclaredMember[] MembersOf(SyntaxTree tree, CancellationToken cancellation)
    {
        var outlines = s_known.GetValue(tree, static _ => new TreeOutlines());
        return outlines._members ??= DeclaredMembers.In(tree, cancellation);
    }

    public static Outline Of(SyntaxReference declaration, CancellationToken cancellation) =>
        s_known.GetValue(declaration.SyntaxTree, static _ => new TreeOutlines()).Find(declaration, cancellation);

    /// <summary>Of the value of a field or property, whose declaration it is.</summary>
    public static Outline Of(EqualsValueClauseSyntax initializer) =>
        s_known.GetValue(initializer.SyntaxTree, static _ => new TreeOutlines()).Find(initializer);

    private Outline Find(SyntaxReference declaration, CancellationToken cancellation) =>
        _outlines.TryGetValue(declaration.Span, out var known)
            ? known
            : _outlines.GetOrAdd(declaration.Span, Read(declaration.GetSyntax(cancellation)));

    private Outline Find(EqualsValueClauseSyntax initializer) => _outlines.TryGetValue(initializer.Span, out var known)
        ? known
        : _outlines.GetOrAdd(initializer.Span, Read(initializer));

    private Outline Read(SyntaxNode declaration) => OutlineReader.Read(declaration, ScopeOf(declaration));

    private OutlineScope ScopeOf(SyntaxNode declaration)
    {
        var type = declaration;
        for (var around = declaration; around is not null; around = around.Parent)
        {
            if (around is BaseTypeDeclarationSyntax)
                type = around;
        }

        // The file itself may begin where its first namespace does.
        var start = type.Parent is BaseNamespaceDeclarationSyntax space ? space.SpanStart : OutsideOfNamespaces;
        if (Volatile.Read(ref _scope) is { } known && known.NamespaceStart == start)
            return known.Scope;
        var scope = ReadScope(type);
        // Statements of the file see more than a type beside them.
        if (type is BaseTypeDeclarationSyntax)
            Volatile.Write(ref _scope, new KnownScope(start, scope));
        return scope;
    }

    private static OutlineScope ReadScope(SyntaxNode type)
    {
        var key = "";
        foreach (var around in type.Ancestors())
        {
            switch (around)
            {
                case BaseNamespaceDeclarationSyntax space:
                    key += $"namespace {space.Name};{space.Usings}";
                    break;
                case CompilationUnitSyntax unit:
                    key += unit.Usings.ToString();
                    // Its own types are seen by nobody else.
                    if (HasFileTypes(unit.Members))
                        key += $"file {type.SyntaxTree.FilePath}";
                    break;
            }
        }

        return new OutlineScope(type.SyntaxTree, key, PositionOf(type));
    }

    // Within an attribute of a type, it is in the type.
    private static int PositionOf(SyntaxNode type) => type is BaseTypeDeclarationSyntax { AttributeLists: { Count: > 0 } attributes }
        ? attributes[attributes.Count - 1].GetLastToken().GetNextToken().SpanStart
        : type.SpanStart;

    private static bool HasFileTypes(SyntaxList<MemberDeclarationSyntax> members) => members.Any(static member => member switch
    {
        BaseNamespaceDeclarationSyntax space => HasFileTypes(space.Members),
        BaseTypeDeclarationSyntax type => type.Modifiers.Any(SyntaxKind.FileKeyword),
        _ => false,
    });

    private sealed record KnownScope(int NamespaceStart, OutlineScope Scope);
}
