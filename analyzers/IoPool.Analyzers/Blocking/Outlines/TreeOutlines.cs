using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
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
    private static readonly ConditionalWeakTable<SyntaxTree, TreeOutlines> s_known = new();

    private readonly ConcurrentDictionary<TextSpan, Outline> _outlines = new();
    private readonly ConcurrentDictionary<string, OutlineScope> _scopes = new();
    private ImmutableArray<HiddenMember> _hidden;

    /// <summary>The members of a file that the compiler's table of names does not have.</summary>
    public static ImmutableArray<HiddenMember> HiddenIn(SyntaxTree tree, CancellationToken cancellation) =>
        s_known.GetValue(tree, static _ => new TreeOutlines()).FindHidden(tree, cancellation);

    public static Outline Of(SyntaxReference declaration, CancellationToken cancellation) =>
        s_known.GetValue(declaration.SyntaxTree, static _ => new TreeOutlines()).Find(declaration, cancellation);

    /// <summary>Of the value of a field or property, whose declaration it is.</summary>
    public static Outline Of(EqualsValueClauseSyntax initializer) =>
        s_known.GetValue(initializer.SyntaxTree, static _ => new TreeOutlines()).Find(initializer);

    private Outline Find(SyntaxReference declaration, CancellationToken cancellation) =>
        _outlines.TryGetValue(declaration.Span, out var known)
            ? known
            : _outlines.GetOrAdd(declaration.Span, Read(declaration.GetSyntax(cancellation)));

    private ImmutableArray<HiddenMember> FindHidden(SyntaxTree tree, CancellationToken cancellation)
    {
        if (!_hidden.IsDefault)
            return _hidden;
        var found = ImmutableArray.CreateBuilder<HiddenMember>();
        var declarations = tree.GetRoot(cancellation).DescendantNodes(static node =>
            node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax);
        foreach (var declaration in declarations)
        {
            var name = declaration switch
            {
                OperatorDeclarationSyntax sign => Operators.NameOf(sign),
                ConversionOperatorDeclarationSyntax => Operators.Conversion,
                MethodDeclarationSyntax { Parent: ExtensionBlockDeclarationSyntax } method => method.Identifier.ValueText,
                PropertyDeclarationSyntax { Parent: ExtensionBlockDeclarationSyntax } property => property.Identifier.ValueText,
                _ => null,
            };
            if (name is not null)
                found.Add(new HiddenMember(name, tree, declaration.Span, declaration.Parent is ExtensionBlockDeclarationSyntax));
        }

        // An array is one word: who reads it sees none, or all.
        return _hidden = found.ToImmutable();
    }

    private Outline Find(EqualsValueClauseSyntax initializer) => _outlines.TryGetValue(initializer.Span, out var known)
        ? known
        : _outlines.GetOrAdd(initializer.Span, Read(initializer));

    private Outline Read(SyntaxNode declaration) => OutlineReader.Read(declaration, ScopeOf(declaration));

    private OutlineScope ScopeOf(SyntaxNode declaration)
    {
        var type = (SyntaxNode?)declaration.AncestorsAndSelf().OfType<BaseTypeDeclarationSyntax>().LastOrDefault() ?? declaration;
        var key = new StringBuilder();
        foreach (var around in type.Ancestors())
        {
            switch (around)
            {
                case BaseNamespaceDeclarationSyntax space:
                    key.Append("namespace ").Append(space.Name).Append(';');
                    Append(space.Usings, key);
                    break;
                case CompilationUnitSyntax unit:
                    Append(unit.Usings, key);
                    break;
            }
        }

        return _scopes.GetOrAdd(key.ToString(), text => new OutlineScope(type.SyntaxTree, text, type.SpanStart));
    }

    private static void Append(SyntaxList<UsingDirectiveSyntax> directives, StringBuilder key)
    {
        foreach (var directive in directives)
        {
            if (directive.StaticKeyword.IsKind(SyntaxKind.StaticKeyword))
                continue;
            if (directive.Alias is { } alias)
                key.Append(alias.Name).Append('=');
            key.Append(directive.NamespaceOrType).Append(';');
        }
    }
}

/// <summary>An operator, a conversion, or a member of an extension block, by what uses call it.</summary>
internal sealed class HiddenMember(string name, SyntaxTree tree, TextSpan span, bool isExtension)
{
    public string Name { get; } = name;

    public SyntaxTree Tree { get; } = tree;

    public TextSpan Span { get; } = span;

    public bool IsExtension { get; } = isExtension;
}
