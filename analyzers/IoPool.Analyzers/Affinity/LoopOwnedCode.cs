using System.Linq;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Affinity;

/// <summary>IOP2004 in members of loop-owned types, whoever calls them, and in what statics start with.</summary>
internal static class LoopOwnedCode
{
    public static void Register(CompilationStartAnalysisContext start)
    {
        start.RegisterCodeBlockAction(static block => AnalyzeBlock(block));
        start.RegisterSymbolAction(static type => AnalyzeInitializers(type), SymbolKind.NamedType);
    }

    /// <summary>Whether a body is looked at here, pinned or not.</summary>
    public static bool Covers(IMethodSymbol method) => KnownTypes.IsLoopOwned(method.ContainingType);

    private static void AnalyzeBlock(CodeBlockAnalysisContext context)
    {
        if (context.OwningSymbol is not IMethodSymbol method
            || !Covers(method)
            || context.SemanticModel.FindOperation(context.CodeBlock, context.CancellationToken) is not { } body)
        {
            return;
        }

        foreach (var operation in body.DescendantsAndSelf())
            Statics.Analyze(operation, context.ReportDiagnostic);
    }

    private static void AnalyzeInitializers(SymbolAnalysisContext context)
    {
        foreach (var member in ((INamedTypeSymbol)context.Symbol).GetMembers())
        {
            if (member.IsStatic)
                AnalyzeInitializer(member, context);
        }
    }

    private static void AnalyzeInitializer(ISymbol member, SymbolAnalysisContext context)
    {
        var type = member switch
        {
            IFieldSymbol { IsImplicitlyDeclared: false } field => field.Type,
            IPropertySymbol property => property.Type,
            _ => null,
        };
        if (!KnownTypes.IsLoopOwned(type)
            || Statics.IsPerThread(member)
            || !member.DeclaringSyntaxReferences.Any(r => HasValue(r.GetSyntax(context.CancellationToken))))
        {
            return;
        }

        context.ReportDiagnostic(Diagnostic.Create(
            AffinityRules.StoredInStatic, member.Locations[0], type!.Name, member.Name));
    }

    private static bool HasValue(SyntaxNode declaration)
    {
        var value = declaration switch
        {
            VariableDeclaratorSyntax variable => variable.Initializer?.Value,
            PropertyDeclarationSyntax property => property.Initializer?.Value,
            _ => null,
        };
        if (value is PostfixUnaryExpressionSyntax suppressed)
            value = suppressed.Operand;
        return value is not null
            && !value.IsKind(SyntaxKind.NullLiteralExpression)
            && !value.IsKind(SyntaxKind.DefaultLiteralExpression);
    }
}
