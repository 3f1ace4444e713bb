using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.Analyzers.Blocking.Outlines;

/// <summary>How a member is called: on its own type, or on another one.</summary>
internal enum DeclaredMemberKind
{
    Plain,
    ExtensionMethod,
    InExtensionBlock,
}

/// <summary>A member with a body of its own, by what a use calls it.</summary>
internal readonly struct DeclaredMember(string name, TextSpan span, DeclaredMemberKind kind)
{
    public string Name { get; } = name;

    public TextSpan Span { get; } = span;

    public DeclaredMemberKind Kind { get; } = kind;
}

/// <summary>The members of all types of one file. The compiler's own table of names has no operators.</summary>
internal static class DeclaredMembers
{
    // It grows once for all of the thousands of files that a project has.
    [ThreadStatic]
    private static List<DeclaredMember>? t_found;

    public static DeclaredMember[] In(SyntaxTree tree, CancellationToken cancellation)
    {
        if (tree.GetRoot(cancellation) is not CompilationUnitSyntax unit)
            return [];
        var found = t_found ?? [];
        t_found = null;
        AddAll(unit.Members, found);
        DeclaredMember[] members = [.. found];
        found.Clear();
        t_found = found;
        return members;
    }

    private static void AddAll(SyntaxList<MemberDeclarationSyntax> members, List<DeclaredMember> found)
    {
        foreach (var member in members)
        {
            switch (member)
            {
                case BaseNamespaceDeclarationSyntax space:
                    AddAll(space.Members, found);
                    break;
                case TypeDeclarationSyntax type:
                    if (type is RecordDeclarationSyntax { ParameterList: { } list })
                        AddEach(list.Parameters, found);
                    AddAll(type.Members, found);
                    break;
                case FieldDeclarationSyntax field:
                    AddEach(field.Declaration.Variables, found);
                    break;
                default:
                    Add(member, found);
                    break;
            }
        }
    }

    private static void AddEach<TNode>(SeparatedSyntaxList<TNode> nodes, List<DeclaredMember> found)
        where TNode : SyntaxNode
    {
        foreach (var node in nodes)
            Add(node, found);
    }

    private static void Add(SyntaxNode declaration, List<DeclaredMember> found)
    {
        if (NameOf(declaration) is { } name)
            found.Add(new DeclaredMember(name, declaration.Span, KindOf(declaration)));
    }

    private static DeclaredMemberKind KindOf(SyntaxNode declaration) =>
        declaration.Parent is ExtensionBlockDeclarationSyntax ? DeclaredMemberKind.InExtensionBlock
        : declaration is MethodDeclarationSyntax { ParameterList.Parameters: { Count: > 0 } parameters }
            && parameters[0].Modifiers.Any(SyntaxKind.ThisKeyword) ? DeclaredMemberKind.ExtensionMethod
        : DeclaredMemberKind.Plain;

    private static string? NameOf(SyntaxNode declaration) => declaration switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        EventDeclarationSyntax changed => changed.Identifier.ValueText,
        IndexerDeclarationSyntax => WellKnownMemberNames.Indexer,
        OperatorDeclarationSyntax sign => Operators.NameOf(sign),
        ConversionOperatorDeclarationSyntax => Operators.Conversion,
        VariableDeclaratorSyntax variable when IsFunction(variable) => variable.Identifier.ValueText,
        // A property of a record with a contract.
        ParameterSyntax { AttributeLists.Count: > 0 } parameter => parameter.Identifier.ValueText,
        _ => null,
    };

    // A delegate that is called by the name of the field, and that nothing else is given.
    private static bool IsFunction(VariableDeclaratorSyntax variable) =>
        variable is
        {
            Initializer.Value: AnonymousFunctionExpressionSyntax or SimpleNameSyntax or MemberAccessExpressionSyntax
                or BaseObjectCreationExpressionSyntax or CastExpressionSyntax,
            Parent.Parent: FieldDeclarationSyntax { Modifiers: var modifiers },
        }
        && modifiers.Any(SyntaxKind.ReadOnlyKeyword);
}
