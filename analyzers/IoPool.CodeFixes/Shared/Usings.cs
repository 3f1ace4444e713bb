using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.CodeFixes;

/// <summary>Adds using directives where those of the file are, in their order.</summary>
internal static class Usings
{
    public static SyntaxNode Add(SyntaxNode root, string name)
    {
        if (root is not CompilationUnitSyntax unit)
            return root;
        if (unit.Usings.Count == 0
            && unit.Members.FirstOrDefault() is BaseNamespaceDeclarationSyntax { Usings.Count: > 0 } scope)
        {
            return unit.ReplaceNode(scope, scope.WithUsings(Insert(scope.Usings, name, unit)));
        }

        return unit.Usings.Count > 0
            ? unit.WithUsings(Insert(unit.Usings, name, unit))
            : AddFirst(unit, name);
    }

    private static SyntaxList<UsingDirectiveSyntax> Insert(
        SyntaxList<UsingDirectiveSyntax> usings, string name, CompilationUnitSyntax unit)
    {
        if (usings.Any(directive => IsPlain(directive) && directive.Name!.ToString() == name))
            return usings;
        var index = usings
            .TakeWhile(directive => IsPlain(directive) && IsBefore(directive.Name!.ToString(), name))
            .Count();
        if (index > 0)
        {
            var indent = usings[index - 1].GetLeadingTrivia().Where(static t => t.IsKind(SyntaxKind.WhitespaceTrivia));
            return usings.Insert(index, Directive(name, unit).WithLeadingTrivia(indent));
        }

        // What stands above the first one, such as a license, stays on top.
        var first = usings[0];
        return usings
            .Replace(first, first.WithLeadingTrivia(first.GetLeadingTrivia().Where(
                static t => t.IsKind(SyntaxKind.WhitespaceTrivia))))
            .Insert(0, Directive(name, unit).WithLeadingTrivia(first.GetLeadingTrivia()));
    }

    private static CompilationUnitSyntax AddFirst(CompilationUnitSyntax unit, string name)
    {
        var top = unit.GetLeadingTrivia();
        var newLine = Trivia.EndOfLine(unit);
        var hasHeader = top.Any(Trivia.IsComment);
        var directive = Directive(name, unit).WithTrailingTrivia(newLine, newLine);
        return hasHeader
            ? unit.WithoutLeadingTrivia().AddUsings(directive.WithLeadingTrivia(top))
            : unit.AddUsings(directive);
    }

    private static UsingDirectiveSyntax Directive(string name, SyntaxNode root) =>
        SyntaxFactory.UsingDirective(SyntaxFactory.ParseName(name))
            .WithUsingKeyword(SyntaxFactory.Token(default, SyntaxKind.UsingKeyword, Trivia.Space))
            .WithTrailingTrivia(Trivia.EndOfLine(root));

    private static bool IsPlain(UsingDirectiveSyntax directive) =>
        directive.Alias is null && directive.StaticKeyword == default && directive.Name is not null;

    private static bool IsBefore(string left, string right)
    {
        var (leftRank, rightRank) = (IsSystem(left) ? 0 : 1, IsSystem(right) ? 0 : 1);
        return leftRank != rightRank ? leftRank < rightRank : string.CompareOrdinal(left, right) < 0;
    }

    private static bool IsSystem(string name) =>
        name == "System" || name.StartsWith("System.", StringComparison.Ordinal);
}
