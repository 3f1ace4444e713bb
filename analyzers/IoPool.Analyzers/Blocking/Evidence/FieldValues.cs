using System.Linq;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Analyzers.Blocking.Evidence;

internal static class FieldValues
{
    /// <summary>What a read-only field is initialised with where it is declared, if that is in this compilation.</summary>
    public static IOperation? InitializerOf(IFieldSymbol field, SemanticModel? model)
    {
        if (model is null
            || field.DeclaringSyntaxReferences.FirstOrDefault() is not { } reference
            || !model.Compilation.ContainsSyntaxTree(reference.SyntaxTree)
            || IsAssignedByConstructor(field)
            || reference.GetSyntax() is not VariableDeclaratorSyntax { Initializer.Value: { } value })
        {
            return null;
        }

#pragma warning disable RS1030 // The field may be declared in another file.
        var owner = reference.SyntaxTree == model.SyntaxTree ? model : model.Compilation.GetSemanticModel(reference.SyntaxTree);
#pragma warning restore RS1030
        return owner.FindOperation(value);
    }

    private static bool IsAssignedByConstructor(IFieldSymbol field) => field.ContainingType.Constructors
        .SelectMany(static constructor => constructor.DeclaringSyntaxReferences)
        .Select(static reference => reference.GetSyntax())
        .OfType<ConstructorDeclarationSyntax>()
        .SelectMany(static constructor => constructor.DescendantNodes().OfType<AssignmentExpressionSyntax>())
        .Any(assignment => Names.NameOf(assignment.Left) == field.Name);
}
