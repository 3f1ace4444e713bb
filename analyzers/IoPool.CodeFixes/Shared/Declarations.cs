using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.CodeFixes;

/// <summary>Modifiers and attributes of declarations, with the space and the comments around them kept.</summary>
internal static class Declarations
{
    private static readonly SyntaxKind[] s_accessibilities =
    [
        SyntaxKind.PublicKeyword, SyntaxKind.PrivateKeyword, SyntaxKind.ProtectedKeyword, SyntaxKind.InternalKeyword,
    ];

    /// <summary>The root with a method changed, and the types around it made partial.</summary>
    public static SyntaxNode Change(
        SyntaxNode root,
        MethodDeclarationSyntax method,
        Func<MethodDeclarationSyntax, MethodDeclarationSyntax> change) =>
        root.ReplaceNodes(
            method.AncestorsAndSelf().Where(static node => node is TypeDeclarationSyntax).Append(method),
            (old, rewritten) => old == method
                ? change((MethodDeclarationSyntax)rewritten)
                : MakePartial((TypeDeclarationSyntax)rewritten));

    public static TypeDeclarationSyntax MakePartial(TypeDeclarationSyntax type)
    {
        if (type.Modifiers.Any(SyntaxKind.PartialKeyword))
            return type;
        var isFirst = type.Modifiers.Count == 0;
        var token = Keyword(SyntaxKind.PartialKeyword, isFirst ? type.Keyword.LeadingTrivia : default);
        if (isFirst)
            type = type.WithKeyword(type.Keyword.WithLeadingTrivia());
        return type.WithModifiers(type.Modifiers.Add(token));
    }

    /// <summary>Partial, and with the accessibility that the language wants on such a method.</summary>
    public static MethodDeclarationSyntax MakePartial(MethodDeclarationSyntax method)
    {
        if (!method.Modifiers.Any(modifier => s_accessibilities.Contains(modifier.Kind())))
        {
            var isOfInterface = method.Parent is InterfaceDeclarationSyntax;
            method = Insert(method, 0, isOfInterface ? SyntaxKind.PublicKeyword : SyntaxKind.PrivateKeyword);
        }

        return method.Modifiers.Any(SyntaxKind.PartialKeyword)
            ? method
            : Insert(method, method.Modifiers.Count, SyntaxKind.PartialKeyword);
    }

    public static MethodDeclarationSyntax MakeAsync(MethodDeclarationSyntax method)
    {
        if (method.Modifiers.Any(SyntaxKind.AsyncKeyword))
            return method;
        var partial = method.Modifiers.IndexOf(SyntaxKind.PartialKeyword);
        return Insert(method, partial < 0 ? method.Modifiers.Count : partial, SyntaxKind.AsyncKeyword);
    }

    /// <summary>With an attribute on a line of its own above it.</summary>
    public static TNode AddAttribute<TNode>(TNode member, string name, string indent, SyntaxTrivia newLine)
        where TNode : SyntaxNode
    {
        var list = SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(
                SyntaxFactory.Attribute(SyntaxFactory.IdentifierName(name))))
            .WithLeadingTrivia(member.GetLeadingTrivia())
            .WithTrailingTrivia(newLine);
        var bare = member.WithLeadingTrivia(SyntaxFactory.Whitespace(indent));
        return (TNode)(SyntaxNode)(bare switch
        {
            MemberDeclarationSyntax declaration =>
                declaration.WithAttributeLists(declaration.AttributeLists.Insert(0, list)),
            LocalFunctionStatementSyntax function =>
                function.WithAttributeLists(function.AttributeLists.Insert(0, list)),
            _ => throw new ArgumentException("Has no attributes.", nameof(member)),
        });
    }

    public static bool HasAttribute(SyntaxList<AttributeListSyntax> lists, string name) => lists
        .SelectMany(static list => list.Attributes)
        .Any(attribute => attribute.Name.ToString().Split('.').Last() is var found
            && (found == name || found == name + "Attribute"));

    private static MethodDeclarationSyntax Insert(MethodDeclarationSyntax method, int index, SyntaxKind kind)
    {
        var modifiers = method.Modifiers;
        if (index < modifiers.Count)
        {
            var next = modifiers[index];
            modifiers = modifiers.Replace(next, next.WithLeadingTrivia());
            return method.WithModifiers(modifiers.Insert(index, Keyword(kind, next.LeadingTrivia)));
        }

        var leading = index == 0 ? method.ReturnType.GetLeadingTrivia() : default;
        if (index == 0)
            method = method.WithReturnType(method.ReturnType.WithoutLeadingTrivia());
        return method.WithModifiers(modifiers.Add(Keyword(kind, leading)));
    }

    private static SyntaxToken Keyword(SyntaxKind kind, SyntaxTriviaList leading) =>
        SyntaxFactory.Token(leading, kind, Trivia.Space);
}
