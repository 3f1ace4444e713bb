using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.CodeFixes;

internal static class Durations
{
    /// <summary>On what was made a <c>TimeSpan</c> here, whose namespace is then needed.</summary>
    public static readonly SyntaxAnnotation Mark = new("IoPool.TimeSpan");

    /// <summary>A number of milliseconds as a <c>TimeSpan</c>; anything else as it is.</summary>
    public static ArgumentSyntax OfMilliseconds(ArgumentSyntax argument, FixSite site)
    {
        if (site.TypeOf(argument.Expression) is not { SpecialType: SpecialType.System_Int32 })
            return argument;
        var duration = SyntaxFactory.InvocationExpression(
            SyntaxFactory.MemberAccessExpression(
                SyntaxKind.SimpleMemberAccessExpression,
                SyntaxFactory.IdentifierName("TimeSpan"),
                SyntaxFactory.IdentifierName("FromMilliseconds")),
            SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(
                SyntaxFactory.Argument(argument.Expression.WithoutTrivia()))));
        return SyntaxFactory.Argument(duration.WithTriviaFrom(argument.Expression).WithAdditionalAnnotations(Mark));
    }
}
