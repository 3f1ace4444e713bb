using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Blocking;

/// <summary>The bodies of the compilation's own members.</summary>
internal sealed class HelperBodies(Compilation compilation)
{
    public bool HasSource(IMethodSymbol method)
    {
        if (method.MethodKind == MethodKind.Constructor)
            return HasSource(method.ContainingType);
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        method = method.PartialImplementationPart ?? method;
        return IsOwn(method.DeclaringSyntaxReferences);
    }

    public bool HasSource(INamedTypeSymbol type) => IsOwn(type.OriginalDefinition.DeclaringSyntaxReferences);

    /// <summary>What runs when a member is called: its body, and a constructor's initializers.</summary>
    public IEnumerable<IOperation> BodiesOf(IMethodSymbol method)
    {
        foreach (var initializer in InitializersBefore(method))
        {
            if (ModelOf(initializer.Syntax.SyntaxTree).FindOperation(initializer.Syntax) is { } operation)
                yield return operation;
        }

        foreach (var reference in method.DeclaringSyntaxReferences)
        {
            if (IsOwn(reference) && BodyOf(method, reference.GetSyntax()) is { } syntax
                && ModelOf(reference.SyntaxTree).FindOperation(syntax) is { } body)
            {
                yield return body;
            }
        }
    }

    /// <summary>The initializers that run before the body of a constructor.</summary>
    public IEnumerable<(EqualsValueClauseSyntax Syntax, ITypeSymbol Type)> InitializersBefore(IMethodSymbol method) =>
        method.MethodKind == MethodKind.Constructor && !NamesAnotherConstructor(method, SyntaxKind.ThisConstructorInitializer)
            ? InitializersOf(method.ContainingType, isStatic: false)
            : [];

    // A primary constructor has no body, only the arguments of its base's; what a record has by itself has none at all.
    private static SyntaxNode? BodyOf(IMethodSymbol method, SyntaxNode declaration) => declaration is not TypeDeclarationSyntax type
        ? declaration
        : method.MethodKind == MethodKind.Constructor
            ? type.BaseList?.Types.OfType<PrimaryConstructorBaseTypeSyntax>().FirstOrDefault()
            : null;

    /// <summary>What runs before the first use of a type.</summary>
    public IEnumerable<(IOperation Operation, IMethodSymbol? Method)> StaticInitializersOf(INamedTypeSymbol type)
    {
        foreach (var initializer in InitializersOf(type, isStatic: true))
        {
            if (ModelOf(initializer.Syntax.SyntaxTree).FindOperation(initializer.Syntax) is { } operation)
                yield return (operation, null);
        }

        foreach (var constructor in type.StaticConstructors)
        {
            foreach (var reference in constructor.DeclaringSyntaxReferences)
            {
                if (IsOwn(reference) && ModelOf(reference.SyntaxTree).FindOperation(reference.GetSyntax()) is { } body)
                    yield return (body, constructor);
            }
        }
    }

    public static bool NamesAnotherConstructor(IMethodSymbol constructor) =>
        constructor.DeclaringSyntaxReferences.Any(static reference =>
            reference.GetSyntax() is ConstructorDeclarationSyntax { Initializer: not null });

    public static bool IsIterator(IMethodSymbol method)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        method = method.PartialImplementationPart ?? method;
        return method.ReturnType.Name is "IEnumerable" or "IEnumerator" or "IAsyncEnumerable" or "IAsyncEnumerator"
            && method.DeclaringSyntaxReferences.Any(static reference =>
                OwnNodes(reference.GetSyntax()).Any(static node => node is YieldStatementSyntax));
    }

    /// <summary>Whether a body calls the parameter of a name itself, outside of lambdas and local functions.</summary>
    public static bool Invokes(IMethodSymbol method, string parameterName) =>
        method.DeclaringSyntaxReferences.Any(reference => OwnNodes(reference.GetSyntax()).Any(node => node switch
        {
            InvocationExpressionSyntax { Expression: IdentifierNameSyntax name } => name.Identifier.ValueText == parameterName,
            InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Invoke", Expression: IdentifierNameSyntax name },
            } => name.Identifier.ValueText == parameterName,
            ConditionalAccessExpressionSyntax
            {
                Expression: IdentifierNameSyntax name,
                WhenNotNull: InvocationExpressionSyntax { Expression: MemberBindingExpressionSyntax { Name.Identifier.ValueText: "Invoke" } },
            } => name.Identifier.ValueText == parameterName,
            _ => false,
        }));

    /// <summary>The calls, outside of lambdas and local functions, that a parameter is an argument of.</summary>
    public IEnumerable<IArgumentOperation> HandOversOf(IMethodSymbol method, string parameterName)
    {
        foreach (var reference in method.DeclaringSyntaxReferences.Where(IsOwn))
        {
            foreach (var node in OwnNodes(reference.GetSyntax()))
            {
                if (node is ArgumentSyntax { Expression: IdentifierNameSyntax name } && name.Identifier.ValueText == parameterName
                    && ModelOf(reference.SyntaxTree).FindOperation(node) is IArgumentOperation argument)
                {
                    yield return argument;
                }
            }
        }
    }

    private static bool NamesAnotherConstructor(IMethodSymbol constructor, SyntaxKind kind) =>
        constructor.DeclaringSyntaxReferences.Any(reference =>
            reference.GetSyntax() is ConstructorDeclarationSyntax { Initializer: { } initializer } && initializer.IsKind(kind));

    // What a function does itself, without the functions inside of it.
    private static IEnumerable<SyntaxNode> OwnNodes(SyntaxNode function) => function.DescendantNodes(node =>
        node == function || node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax));

    /// <summary>The values that fields and properties start with, where these may call something.</summary>
    public IEnumerable<(EqualsValueClauseSyntax Syntax, ITypeSymbol Type)> InitializersOf(INamedTypeSymbol type, bool isStatic)
    {
        foreach (var member in type.GetMembers())
        {
            if (member.IsStatic != isStatic || member is not (IFieldSymbol { IsConst: false } or IPropertySymbol))
                continue;
            foreach (var reference in member.DeclaringSyntaxReferences)
            {
                if (IsOwn(reference) && InitializerOf(reference.GetSyntax()) is { } syntax && MayCall(syntax))
                    yield return (syntax, member is IFieldSymbol variable ? variable.Type : ((IPropertySymbol)member).Type);
            }
        }
    }

    private static EqualsValueClauseSyntax? InitializerOf(SyntaxNode member) => member switch
    {
        VariableDeclaratorSyntax variable => variable.Initializer,
        PropertyDeclarationSyntax property => property.Initializer,
        _ => null,
    };

    private static bool MayCall(EqualsValueClauseSyntax initializer) => initializer.Value.DescendantNodesAndSelf().Any(static node =>
        node is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax or MemberAccessExpressionSyntax);

    private bool IsOwn(ImmutableArray<SyntaxReference> references)
    {
        foreach (var reference in references)
        {
            if (IsOwn(reference))
                return true;
        }

        return false;
    }

    private bool IsOwn(SyntaxReference reference) => compilation.ContainsSyntaxTree(reference.SyntaxTree);

    // The model of the analysed file is not enough for a helper in another one; this one is shared by all analyzers.
#pragma warning disable RS1030
    private SemanticModel ModelOf(SyntaxTree tree) => compilation.GetSemanticModel(tree);
#pragma warning restore RS1030
}
