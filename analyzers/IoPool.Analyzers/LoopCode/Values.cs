using System.Threading;
using IoPool.Generators.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.LoopCode;

/// <summary>What an expression is, conversions and parentheses aside.</summary>
internal static class Values
{
    /// <summary>How many locals one search follows: in code that is being typed, one may stand for itself.</summary>
    public const int MaxLocals = 8;

    /// <summary>The value itself, without what only converts it.</summary>
    public static IOperation Strip(IOperation value)
    {
        while (true)
        {
            switch (value)
            {
                case IConversionOperation { OperatorMethod: null } conversion:
                    value = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    value = parenthesized.Operand;
                    break;
                default:
                    return value;
            }
        }
    }

    /// <summary>
    /// The variable, parameter, static, or field or property of this object that a value is read from; null when it is
    /// anything else, which no symbol stands for.
    /// </summary>
    public static ISymbol? SymbolOf(IOperation value) => Strip(value) switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field => field.Field,
        IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation, Arguments.IsEmpty: true } read =>
            read.Property,
        IInstanceReferenceOperation instance => instance.Type,
        _ => null,
    };

    /// <summary>Whether the call ends on the loop that it was made on, whatever its awaiter is told.</summary>
    public static bool IsOfRuntime(IMethodSymbol method) =>
        KnownNames.IsPinned(method) || IsInIoPool(method.ContainingType);

    private static bool IsInIoPool(ITypeSymbol? type)
    {
        var space = type?.ContainingNamespace;
        while (space is { IsGlobalNamespace: false, ContainingNamespace.IsGlobalNamespace: false })
            space = space.ContainingNamespace;
        return space?.Name == "IoPool" && type!.ContainingAssembly is { Name: "IoPool" };
    }

    /// <summary>What a local was declared with, if that is written in code which the model knows.</summary>
    public static IOperation? InitializerOf(ILocalSymbol local, SemanticModel model, CancellationToken cancellation)
    {
        if (local.DeclaringSyntaxReferences.IsEmpty)
            return null;
        var syntax = local.DeclaringSyntaxReferences[0].GetSyntax(cancellation);
        return syntax.SyntaxTree == model.SyntaxTree
            && model.FindOperation(syntax, cancellation) is IVariableDeclaratorOperation declarator
            ? (declarator.Initializer ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer)?.Value
            : null;
    }
}
