using System.Linq;
using System.Threading;
using IoPool.Generators.Helpers;
using IoPool.Generators.Models;
using IoPool.Generators.Shapes;
using IoPool.Generators.Signatures;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Generators;

/// <summary>Turns a method into a model, the last place where the generator sees symbols.</summary>
internal static class PinnedMethodParser
{
    private const string Builder = "IoPool.CompilerServices.PinnedValueTaskMethodBuilder";

    private static readonly SymbolDisplayFormat s_namespaceFormat = SymbolDisplayFormat.FullyQualifiedFormat
        .WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted);

    public static ParsedMethod Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        if (context.TargetSymbol is not IMethodSymbol method || !IsMarkedAt(context.TargetNode, method))
            return new ParsedMethod(null, EquatableArray<ReportedProblem>.Empty);
        var compilation = context.SemanticModel.Compilation;
        var verdict = PinnedShape.Judge(method, compilation, cancellation);
        var model = verdict.Outcome == ShapeOutcome.Generate && !IsCopy(method)
            ? CreateModel(method, (MethodDeclarationSyntax)context.TargetNode, context, cancellation)
            : null;
        var problems = verdict.Problems
            .Where(static problem => ShapeRuleIds.BelongsToGenerator(problem.RuleId))
            .Select(ReportedProblem.From);
        return new ParsedMethod(model, problems.ToEquatableArray());
    }

    // Where both parts of a method are marked, which does not compile either, it is judged once.
    private static bool IsMarkedAt(SyntaxNode node, IMethodSymbol method) =>
        KnownNames.FindPinned(method)?.ApplicationSyntaxReference is { } attribute
        && attribute.SyntaxTree == node.SyntaxTree
        && node.FullSpan.Contains(attribute.Span);

    // Copied and not yet renamed. The compiler says so; a second file of one name would discard all that is generated.
    private static bool IsCopy(IMethodSymbol method)
    {
        var first = method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>()
            .FirstOrDefault(other => KnownNames.IsPinned(other) && HaveOneSignature(other, method));
        return first is not null && !SymbolEqualityComparer.Default.Equals(first, method);
    }

    private static bool HaveOneSignature(IMethodSymbol one, IMethodSymbol other)
    {
        if (one.Arity != other.Arity || one.Parameters.Length != other.Parameters.Length)
            return false;
        if (one.Arity > 0)
            one = one.Construct(other.TypeArguments.ToArray());
        return one.Parameters.Zip(other.Parameters, static (a, b) => (a, b))
            .All(static pair => SymbolEqualityComparer.Default.Equals(pair.a.Type, pair.b.Type));
    }

    private static PinnedMethodModel CreateModel(
        IMethodSymbol method,
        MethodDeclarationSyntax syntax,
        GeneratorAttributeSyntaxContext context,
        CancellationToken cancellation)
    {
        var compilation = context.SemanticModel.Compilation;
        var types = new TypeNames(compilation);
        var root = types.RootOf(context.Attributes[0].AttributeClass!.ContainingAssembly);
        var declaration = MethodDeclarations.Write(method, syntax, types);
        cancellation.ThrowIfCancellationRequested();

        return new PinnedMethodModel(
            HintNames.Create(method, declaration),
            types.Aliases.ToEquatableArray(),
            context.SemanticModel.GetNullableContext(syntax.SpanStart).AnnotationsEnabled(),
            WriteNamespace(method.ContainingNamespace),
            ContainingTypeHeaders.Write(syntax).ToEquatableArray(),
            $"{root}::{Builder}{(((INamedTypeSymbol)method.ReturnType).Arity == 0 ? "" : "<>")}",
            RuntimeAsync.CanBeSwitchedOff(compilation) && KnownNames.FindRuntimeAsync(method) is null,
            declaration);
    }

    private static string? WriteNamespace(INamespaceSymbol symbol) =>
        symbol.IsGlobalNamespace ? null : symbol.ToDisplayString(s_namespaceFormat);
}
