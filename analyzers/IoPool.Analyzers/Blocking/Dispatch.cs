using IoPool.Analyzers.Blocking.Evidence;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Blocking;

/// <summary>Which body a call of a virtual or an interface member reaches.</summary>
internal static class Dispatch
{
    /// <summary>The method that is called, and whether it is surely that one.</summary>
    public static (IMethodSymbol Target, bool IsExact) Resolve(IMethodSymbol method, IOperation use) =>
        ResolveFor(method, ReceiverOf(use));

    /// <summary>The same, for a receiver that is written.</summary>
    public static (IMethodSymbol Target, bool IsExact) ResolveFor(IMethodSymbol method, IOperation? receiver)
    {
        var isVirtual = !method.IsStatic && (method.IsVirtual || method.IsAbstract || method.IsOverride);
        if (!isVirtual || method.IsSealed || method.ContainingType.IsSealed)
            return (method, true);
        if (receiver?.Syntax is BaseExpressionSyntax)
            return (method, true);
        if (ValueKey.Unwrap(LocalValues.Resolve(receiver)) is IObjectCreationOperation { Type: INamedTypeSymbol exact })
            return (Find(method, exact), true);
        return receiver?.Type is { IsSealed: true } type ? (Find(method, type), true) : (method, false);
    }

    private static IOperation? ReceiverOf(IOperation use) => use switch
    {
        IInvocationOperation call => call.Instance,
        IPropertyReferenceOperation property => property.Instance,
        IMethodReferenceOperation reference => reference.Instance,
        IUsingOperation { Resources: IVariableDeclarationGroupOperation group } => ValueOf(group),
        IUsingOperation resource => resource.Resources,
        IUsingDeclarationOperation declaration => ValueOf(declaration.DeclarationGroup),
        _ => null,
    };

    private static IOperation? ValueOf(IVariableDeclarationGroupOperation group) =>
        group.Declarations.Length == 1 && group.Declarations[0].Declarators.Length == 1
            ? group.Declarations[0].Declarators[0].GetVariableInitializer()?.Value
            : null;

    private static IMethodSymbol Find(IMethodSymbol method, ITypeSymbol type)
    {
        if (method.ContainingType.TypeKind == TypeKind.Interface)
        {
            // The implementation is where the interface is; what runs may be an override of it.
            return type.FindImplementationForInterfaceMember(method) is IMethodSymbol implementation
                ? implementation.ContainingType.TypeKind != TypeKind.Interface
                    && (implementation.IsVirtual || implementation.IsAbstract || implementation.IsOverride)
                    ? Find(implementation, type)
                    : implementation
                : method;
        }

        for (var current = type; current is not null; current = current.BaseType)
        {
            foreach (var member in current.GetMembers(method.Name))
            {
                for (var candidate = member as IMethodSymbol; candidate is not null; candidate = candidate.OverriddenMethod)
                {
                    if (SymbolEqualityComparer.Default.Equals(candidate.OriginalDefinition, method.OriginalDefinition))
                        return (IMethodSymbol)member;
                }
            }
        }

        return method;
    }
}
