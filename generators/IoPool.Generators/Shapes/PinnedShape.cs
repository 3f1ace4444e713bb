using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Generators.Shapes;

/// <summary>
/// Decides what a <c>[Pinned]</c> method is: the generator emits by this verdict, generator and analyzer report by it,
/// and because both ask here they cannot disagree.
/// </summary>
internal static class PinnedShape
{
    public static ShapeVerdict Judge(IMethodSymbol method, Compilation compilation, CancellationToken cancellation)
    {
        var subject = method.PartialImplementationPart ?? method;
        if (FindImpossible(subject) is { } impossible)
            return IsPinnedByHand(subject) ? JudgeByHand(subject, compilation) : ShapeVerdict.Broken(impossible);
        if (subject.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation)
            is not MethodDeclarationSyntax syntax)
        {
            return ShapeVerdict.Of(ShapeOutcome.Unresolved);
        }

        if (subject.IsAbstract && !syntax.Modifiers.Any(SyntaxKind.PartialKeyword))
            return JudgeContract(subject);
        return IsPinnedByHand(subject)
            ? JudgeByHand(subject, compilation)
            : JudgeBody(subject, syntax, compilation);
    }

    private static ShapeVerdict JudgeContract(IMethodSymbol method)
    {
        var problems = ImmutableArray.CreateBuilder<ShapeProblem>();
        AddReturnType(method, problems);
        PinnedParameters.AddProblems(method, problems);
        return Conclude(problems, ShapeOutcome.Contract);
    }

    // Somebody who names the pinned builder where no part can be generated is right to: law 1 holds there as well.
    private static ShapeVerdict JudgeByHand(IMethodSymbol method, Compilation compilation)
    {
        var problems = ImmutableArray.CreateBuilder<ShapeProblem>();
        AddAsync(method, problems);
        AddReturnType(method, problems);
        if (problems.Count == 0)
            AddRuntimeAsync(method, compilation, isGenerated: false, problems);
        return Conclude(problems, ShapeOutcome.AlreadyPinned);
    }

    private static ShapeVerdict JudgeBody(IMethodSymbol method, MethodDeclarationSyntax syntax, Compilation compilation)
    {
        var isPartial = syntax.Modifiers.Any(SyntaxKind.PartialKeyword);
        if (isPartial && (method.PartialDefinitionPart is not null || method.IsPartialDefinition))
        {
            return ShapeVerdict.Broken(new ShapeProblem(
                ShapeRuleIds.Impossible, AtMarkedPart(method), method.Name,
                "its defining part is written by hand, and the generator has to write it; remove that part"));
        }

        var problems = ImmutableArray.CreateBuilder<ShapeProblem>();
        AddAsync(method, problems);
        AddReturnType(method, problems);
        // Whatever else is wrong with it, this is what would build. An iterator is told that it cannot be pinned.
        if (method.IsAsync && !isPartial && !KnownNames.IsAsyncSequence(method.ReturnType))
            problems.Add(new ShapeProblem(ShapeRuleIds.NotPartial, At(method), method.Name));
        AddContainingTypes(method, syntax, problems);
        PinnedParameters.AddProblems(method, problems);
        AddBuilder(method, compilation, problems);
        AddLanguageVersion(method, syntax, problems);
        return Conclude(problems, HasErrorType(method) ? ShapeOutcome.Unresolved : ShapeOutcome.Generate);
    }

    private static ShapeVerdict Conclude(ImmutableArray<ShapeProblem>.Builder problems, ShapeOutcome otherwise) =>
        problems.Count == 0 ? ShapeVerdict.Of(otherwise) : ShapeVerdict.Broken(problems.ToImmutable());

    private static ShapeProblem? FindImpossible(IMethodSymbol method)
    {
        switch (method.MethodKind)
        {
            case MethodKind.LocalFunction:
                return new ShapeProblem(ShapeRuleIds.LocalFunction, At(method), $"local function '{method.Name}'");
            case MethodKind.AnonymousFunction:
                return new ShapeProblem(ShapeRuleIds.LocalFunction, AtAttribute(method), "lambda");
            case MethodKind.PropertyGet or MethodKind.PropertySet or MethodKind.EventAdd or MethodKind.EventRemove:
                return Impossible(method, "an accessor cannot be async");
            case MethodKind.UserDefinedOperator or MethodKind.Conversion:
                return Impossible(method, "an operator cannot be partial");
            case MethodKind.ExplicitInterfaceImplementation when !method.IsAbstract:
                return Impossible(
                    method, "an explicit interface implementation cannot be partial; implement the member implicitly");
            case MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation:
                break;
            default:
                return Impossible(method, "only an ordinary method can be");
        }

        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.IsExtension)
                return Impossible(method, "a member of an extension block cannot be partial; use a 'this' parameter");
            if (type.IsFileLocal)
                return Impossible(method, $"'{type.Name}' is local to its file, where no part can be generated");
        }

        return null;
    }

    private static void AddAsync(IMethodSymbol method, ImmutableArray<ShapeProblem>.Builder problems)
    {
        if (!method.IsAsync)
            problems.Add(new ShapeProblem(ShapeRuleIds.NotAsync, At(method), Describe(method)));
    }

    private static void AddReturnType(IMethodSymbol method, ImmutableArray<ShapeProblem>.Builder problems)
    {
        var type = method.ReturnType;
        if (method.IsAsync && KnownNames.IsAsyncSequence(type))
            problems.Add(Impossible(method, "an async iterator ignores every builder; return ValueTask"));
        else if (type.TypeKind != TypeKind.Error && (!KnownNames.IsValueTask(type) || method.RefKind != RefKind.None))
        {
            var shown = type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
            problems.Add(new ShapeProblem(ShapeRuleIds.ReturnType, At(method), Describe(method), shown));
        }
    }

    private static void AddContainingTypes(
        IMethodSymbol method, MethodDeclarationSyntax syntax, ImmutableArray<ShapeProblem>.Builder problems)
    {
        foreach (var type in syntax.Ancestors().OfType<TypeDeclarationSyntax>())
        {
            if (!type.Modifiers.Any(SyntaxKind.PartialKeyword))
            {
                problems.Add(new ShapeProblem(
                    ShapeRuleIds.ContainingType, At(method), method.Name, type.Identifier.ValueText));
            }
        }
    }

    private static void AddBuilder(
        IMethodSymbol method, Compilation compilation, ImmutableArray<ShapeProblem>.Builder problems)
    {
        if (KnownNames.FindBuilder(method) is not null)
        {
            problems.Add(new ShapeProblem(
                ShapeRuleIds.OtherBuilder, At(method), method.Name,
                "it has an [AsyncMethodBuilder] of its own; remove that, the generator writes the right one"));
        }
        else if (problems.Count == 0)
        {
            AddRuntimeAsync(method, compilation, isGenerated: true, problems);
        }
    }

    private static void AddRuntimeAsync(
        IMethodSymbol method, Compilation compilation, bool isGenerated, ImmutableArray<ShapeProblem>.Builder problems)
    {
        // A symbol without syntax comes from a reference and was judged there.
        if (method.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.Options is not { } options)
            return;
        if (RuntimeAsync.WhyBuilderIsLost(method, compilation, options, isGenerated) is { } why)
            problems.Add(new ShapeProblem(ShapeRuleIds.OtherBuilder, At(method), Describe(method), why));
    }

    private static void AddLanguageVersion(
        IMethodSymbol method, MethodDeclarationSyntax syntax, ImmutableArray<ShapeProblem>.Builder problems)
    {
        if (syntax.SyntaxTree.Options is CSharpParseOptions { LanguageVersion: < LanguageVersion.CSharp10 } options)
        {
            problems.Add(new ShapeProblem(
                ShapeRuleIds.LanguageVersion, At(method), method.Name, options.LanguageVersion.ToDisplayString()));
        }
    }

    private static bool IsPinnedByHand(IMethodSymbol method)
    {
        if (KnownNames.FindBuilder(method)?.ConstructorArguments.FirstOrDefault().Value is not ITypeSymbol builder)
            return false;
        // On an implementing part alone it would meet the same attribute on the generated one.
        var awaitsGeneratedPart = method.PartialDefinitionPart is null && IsPartial(method);
        return KnownNames.IsPinnedBuilder(builder) && !awaitsGeneratedPart;
    }

    private static bool IsPartial(IMethodSymbol method) =>
        method.DeclaringSyntaxReferences.Any(static r =>
            r.GetSyntax() is MethodDeclarationSyntax syntax && syntax.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static bool HasErrorType(IMethodSymbol method) =>
        TypeFacts.Any(method.ReturnType, IsError)
        || method.Parameters.Any(static p => TypeFacts.Any(p.Type, IsError))
        || method.TypeParameters.Any(static t => t.ConstraintTypes.Any(static c => TypeFacts.Any(c, IsError)));

    private static bool IsError(ITypeSymbol type) => type.TypeKind == TypeKind.Error;

    private static ShapeProblem Impossible(IMethodSymbol method, string why) =>
        new(ShapeRuleIds.Impossible, At(method), Describe(method), why);

    private static string Describe(IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.AnonymousFunction => "lambda",
        MethodKind.ExplicitInterfaceImplementation when method.ExplicitInterfaceImplementations.FirstOrDefault()
            is { } member => $"{member.ContainingType.Name}.{member.Name}",
        _ => method.Name,
    };

    // Of two parts, the one that the user marked.
    private static Location AtMarkedPart(IMethodSymbol method) =>
        FindAttributeSyntax(method)?.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { } marked
            ? marked.Identifier.GetLocation()
            : At(method);

    // A lambda has no name to underline, and all of its body would be too much.
    private static Location AtAttribute(IMethodSymbol method) =>
        FindAttributeSyntax(method)?.GetLocation() ?? At(method);

    private static SyntaxNode? FindAttributeSyntax(IMethodSymbol method) =>
        KnownNames.FindPinned(method)?.ApplicationSyntaxReference?.GetSyntax();

    private static Location At(IMethodSymbol method) => method.Locations.FirstOrDefault() ?? Location.None;
}
