using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Analyzers.Tests.Support;

/// <summary>The code of all situations, from the strings of the tests of analyzers, fixes and generator.</summary>
internal static partial class FuzzCorpus
{
    private const int ShortestCode = 25;

    private static readonly string[] s_projects =
        ["IoPool.Analyzers.Tests", "IoPool.CodeFixes.Tests", "IoPool.Generators.Tests"];

    /// <summary>In an order that only the test sources decide.</summary>
    public static ImmutableArray<string> Sources { get; } = Collect();

    private static ImmutableArray<string> Collect([CallerFilePath] string path = "")
    {
        var tests = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../.."));
        return
        [
            .. s_projects
                .SelectMany(project => Directory.GetFiles(Path.Combine(tests, project), "*Tests.cs"))
                .Order(StringComparer.Ordinal)
                .SelectMany(static file => StringsOf(File.ReadAllText(file)))
                .Where(static text => text.Length >= ShortestCode && Code().IsMatch(text))
                .Distinct()
                .Select(static text => Situation.Usings + Whole(Strip(text))),
        ];
    }

    private static IEnumerable<string> StringsOf(string file) =>
        CSharpSyntaxTree.ParseText(file).GetRoot().DescendantNodes().Select(static node => node switch
        {
            LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } literal =>
                literal.Token.ValueText,
            InterpolatedStringExpressionSyntax text =>
                string.Concat(text.Contents.Select(static part => part is InterpolatedStringTextSyntax plain
                    ? plain.TextToken.ValueText
                    : "value")),
            _ => "",
        });

    private static string Strip(string marked)
    {
        while (Markup().IsMatch(marked))
            marked = Markup().Replace(marked, "${code}");
        return marked;
    }

    // Statements become the body of a pinned method; members would too, and are local functions there.
    private static string Whole(string code) =>
        CSharpSyntaxTree.ParseText(code).GetRoot().DescendantNodes().OfType<BaseTypeDeclarationSyntax>().Any()
            ? code
            : $$"""
            partial class Handler
            {
                [Pinned]
                public async partial ValueTask RunAsync(SocketConnection connection, CancellationToken token)
                {
                    await Task.Yield();
                    {{code}}
                }
            }
            """;

    [GeneratedRegex(@"\{\|(?<id>#\d+|IOP\d{4}|CS\d{4}):(?<code>[^{}|]*)\|\}|\[\|(?<code>[^\[\]|]*)\|\]")]
    private static partial Regex Markup();

    [GeneratedRegex(@"[;{}]\s*$")]
    private static partial Regex Code();
}
