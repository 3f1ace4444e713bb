using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using IoPool.Analyzers.LoopCode;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.CodeFixes;

/// <summary>Gives a pinned method the shape that it has to have (IOP4001 to IOP4004, IOP4010).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PinnedShapeCodeFixProvider))]
public sealed class PinnedShapeCodeFixProvider : LoopCodeFixProvider
{
    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(
        ShapeRuleIds.NotPartial, ShapeRuleIds.NotAsync, ShapeRuleIds.ReturnType, ShapeRuleIds.ContainingType,
        ShapeRuleIds.UnpinnedImplementation);

    /// <inheritdoc />
    private protected override ImmutableArray<Fix> Fixes { get; } = ImmutableArray.Create(
        new Fix("Make the method partial", "MakePartial", MakePartial, ShapeRuleIds.NotPartial),
        new Fix("Make the method async", "MakeAsync", MakeAsync, ShapeRuleIds.NotAsync),
        new Fix("Return ValueTask", "ReturnValueTask", ReturnValueTask, ShapeRuleIds.ReturnType),
        new Fix("Make the types around it partial", "MakeTypesPartial", MakeTypesPartial, ShapeRuleIds.ContainingType),
        new Fix("Make it [Pinned]", "MakePinned", MakePinned, ShapeRuleIds.UnpinnedImplementation));

    private static IEnumerable<SyntaxNode> MakePartial(FixSite site)
    {
        if (site.Node is MethodDeclarationSyntax method && CanBePartial(method))
            yield return Declarations.Change(site.Root, method, Declarations.MakePartial);
    }

    private static IEnumerable<SyntaxNode> MakeTypesPartial(FixSite site)
    {
        if (site.Node is MethodDeclarationSyntax method)
            yield return Declarations.Change(site.Root, method, static m => m);
    }

    private static IEnumerable<SyntaxNode> MakeAsync(FixSite site)
    {
        if (site.Node is not MethodDeclarationSyntax method || !CanBePartial(method) || !HasBody(method))
            yield break;
        var rewritten = Declarations.MakePartial(Declarations.MakeAsync(AsyncBody.Of(method, site.Model)));
        yield return Declarations.Change(site.Root, method, _ => rewritten);
    }

    private static IEnumerable<SyntaxNode> ReturnValueTask(FixSite site)
    {
        // What an override returns is not its own to say.
        if (site.Node is not MethodDeclarationSyntax { ReturnType: var type } method
            || method.Modifiers.Any(SyntaxKind.OverrideKeyword)
            || AsValueTask(type, site) is not { } changed)
        {
            yield break;
        }

        var root = site.Root.ReplaceNode(type, changed.WithTriviaFrom(type));
        yield return type is PredefinedTypeSyntax
            ? site.WithType(root, "ValueTask", "System", "Threading", "Tasks")
            : root;
    }

    private static IEnumerable<SyntaxNode> MakePinned(FixSite site)
    {
        if (site.Node is not MethodDeclarationSyntax { ExplicitInterfaceSpecifier: null } method)
            yield break;
        var indent = Layout.IndentOf(method);
        var newLine = Trivia.EndOfLine(site.Root);
        if (!HasBody(method))
        {
            var contract = Declarations.AddAttribute(method, "Pinned", indent, newLine);
            yield return site.WithType(site.Root.ReplaceNode(method, contract), "PinnedAttribute", "IoPool");
        }
        else if (CanBePartial(method))
        {
            var body = method.Modifiers.Any(SyntaxKind.AsyncKeyword) ? method : AsyncBody.Of(method, site.Model);
            var shaped = Declarations.MakePartial(Declarations.MakeAsync(body));
            var pinned = Declarations.AddAttribute(shaped, "Pinned", indent, newLine);
            var root = Declarations.Change(site.Root, method, _ => pinned);
            yield return site.WithType(root, "PinnedAttribute", "IoPool");
        }
    }

    // An explicit implementation cannot be, and nothing can be added to a type that is local to its file.
    private static bool CanBePartial(MethodDeclarationSyntax method) =>
        method.ExplicitInterfaceSpecifier is null
        && !method.Modifiers.Any(SyntaxKind.ExternKeyword)
        && method.Ancestors().OfType<TypeDeclarationSyntax>().All(static type =>
            !type.Modifiers.Any(SyntaxKind.FileKeyword) && !type.IsKind(SyntaxKind.ExtensionBlockDeclaration));

    private static bool HasBody(MethodDeclarationSyntax method) =>
        method.Body is not null || method.ExpressionBody is not null;

    private static TypeSyntax? AsValueTask(TypeSyntax type, FixSite site)
    {
        if (type is PredefinedTypeSyntax predefined && predefined.Keyword.IsKind(SyntaxKind.VoidKeyword))
            return SyntaxFactory.IdentifierName("ValueTask");
        return KnownTypes.IsTask(site.TypeOf(type)) ? Rename(type) : null;
    }

    private static TypeSyntax? Rename(TypeSyntax type) => type switch
    {
        SimpleNameSyntax { Identifier.ValueText: "Task" } name =>
            name.WithIdentifier(SyntaxFactory.Identifier("ValueTask").WithTriviaFrom(name.Identifier)),
        QualifiedNameSyntax qualified when Rename(qualified.Right) is SimpleNameSyntax right =>
            qualified.WithRight(right),
        _ => null,
    };
}
