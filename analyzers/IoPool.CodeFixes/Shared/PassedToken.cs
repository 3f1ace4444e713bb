using System.Collections.Generic;
using System.Linq;
using System.Threading;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.CodeFixes;

/// <summary>A cancellation token that a fix passes on.</summary>
internal static class PassedToken
{
    private static readonly SyntaxAnnotation s_mark = new("IoPool.PassedToken");
    private static readonly string[] s_usualNames = ["cancellationToken", "token", "ct", "cancellation"];

    /// <summary>The name of the token that is meant for the code at a place, if there is one.</summary>
    public static string? NameAt(FixSite site)
    {
        var position = site.Node.SpanStart;
        var tokens = site.Model.LookupSymbols(position)
            .Where(symbol => IsToken(symbol) && symbol.Locations.All(at => at.SourceSpan.Start < position))
            .ToArray();
        return s_usualNames.FirstOrDefault(name => tokens.Any(token => token.Name == name))
            ?? tokens.FirstOrDefault(static token => token is IParameterSymbol)?.Name;
    }

    public static ArgumentSyntax Argument(string name, string? parameterName = null) =>
        SyntaxFactory.Argument(
            parameterName is null ? null : NameColon(parameterName),
            default,
            SyntaxFactory.IdentifierName(name).WithAdditionalAnnotations(s_mark));

    /// <summary>The arguments with the token behind them, by position and by name, and then without.</summary>
    public static IEnumerable<ArgumentListSyntax> AddTo(
        ArgumentListSyntax arguments, ArgumentListSyntax? original, IEnumerable<string> parameterNames, FixSite site)
    {
        var hasToken = original?.Arguments.Any(argument =>
            KnownTypes.IsInThreading(site.TypeOf(argument.Expression), "CancellationToken"));
        if (hasToken != true && NameAt(site) is { } name)
        {
            yield return arguments.AddAligned(Argument(name));
            foreach (var parameterName in parameterNames)
                yield return arguments.AddAligned(Argument(name, parameterName));
        }

        yield return arguments;
    }

    /// <summary>Whether every token that was passed arrives as one, and not as a value of another kind.</summary>
    public static bool IsTaken(SyntaxNode root, SemanticModel model, CancellationToken cancellation) =>
        root.GetAnnotatedNodes(s_mark).All(token =>
            token.Parent is ArgumentSyntax argument
            && model.GetOperation(argument, cancellation) is IArgumentOperation operation
            && KnownTypes.IsInThreading(operation.Parameter?.Type, "CancellationToken"));

    private static bool IsToken(ISymbol symbol) => symbol switch
    {
        IParameterSymbol parameter => KnownTypes.IsInThreading(parameter.Type, "CancellationToken"),
        ILocalSymbol local => KnownTypes.IsInThreading(local.Type, "CancellationToken"),
        _ => false,
    };

    private static NameColonSyntax NameColon(string name) => SyntaxFactory.NameColon(
        SyntaxFactory.IdentifierName(name), SyntaxFactory.Token(default, SyntaxKind.ColonToken, Trivia.Space));

    private static ArgumentListSyntax AddAligned(this ArgumentListSyntax list, ArgumentSyntax argument)
    {
        var nodes = list.Arguments.GetWithSeparators();
        if (nodes.Count > 0)
            nodes = nodes.Add(SyntaxFactory.Token(default, SyntaxKind.CommaToken, Trivia.Space));
        return list.WithArguments(SyntaxFactory.SeparatedList<ArgumentSyntax>(nodes.Add(argument)));
    }
}
