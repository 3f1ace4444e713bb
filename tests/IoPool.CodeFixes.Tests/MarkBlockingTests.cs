using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.CodeFixes.Tests;

/// <summary>IOP1013 and IOP1020: the helper says itself that it blocks.</summary>
public sealed class MarkBlockingTests
{
    [Theory]
    [InlineData(
        """
        /// <summary>Loads.</summary>
        public static int {|declared:Load|}() => 1; // all
        """,
        """
        /// <summary>Loads.</summary>
        [Blocking]
        public static int Load() => 1; // all
        """,
        "Load")]
    [InlineData(
        """
        [Obsolete]
        public static int {|declared:Load|}() { return 1; }
        """,
        """
        [Blocking]
        [Obsolete]
        public static int Load() { return 1; }
        """,
        "Load")]
    [InlineData("static int {|declared:Load|} => 1;", "[Blocking]\nstatic int Load => 1;", "Load")]
    public Task Helper_IsMarked(string before, string after, string name)
    {
        var call = after.Contains("()", StringComparison.Ordinal) ? "()" : "";
        return new FixTest { Title = $"Mark '{name}' as [Blocking]" }.VerifyAsync(
            Source(before, "{|IOP1013:Load|}" + call), Source(after, "Load" + call));
    }

    [Fact]
    public Task HelperThatIsCalledTwice_IsMarkedOnce() => new FixTest
    {
        Title = "Mark 'Load' as [Blocking]",
    }.VerifyAsync(
        Source("static int {|declared:Load|}() => 1;", "{|IOP1013:Load|}() + {|IOP1020:Load|}()"),
        Source("[Blocking]\nstatic int Load() => 1;", "Load() + Load()"));

    [Theory]
    [InlineData("[Blocking] static int {|declared:Load|}() => 1;")]
    [InlineData("[NonBlocking(\"why\")] static int {|declared:Load|}() => 1;")]
    [InlineData("static int Load() => 1;")]
    public Task HelperThatIsMarkedAlreadyOrElsewhere_IsLeft(string helper) =>
        new FixTest { Title = "Mark 'Load' as [Blocking]" }.VerifyNotOfferedAsync(Source(helper, "{|IOP1013:Load|}()"));

    [Fact]
    public async Task HelperInAnotherDocument_IsMarkedThere()
    {
        var project = FixRunner.CreateProject(
            "partial class C { static int M() => Helper.Load() + Helper.Load(); }");
        project = project.AddDocument(
            "Helper.cs", "static class Helper\n{\n    public static int Load() => 1;\n}").Project;
        var document = project.Documents.First();
        var (tree, helper) = (
            (await document.GetSyntaxTreeAsync())!, (await project.Documents.Last().GetSyntaxTreeAsync())!);
        var declaration = At(helper, helper.ToString().IndexOf("Load", StringComparison.Ordinal));
        var text = tree.ToString();
        var rule = FixTest.Rule("IOP1013");
        Diagnostic[] diagnostics =
        [
            Diagnostic.Create(rule, At(tree, text.IndexOf("Load", StringComparison.Ordinal)), [declaration]),
            Diagnostic.Create(rule, At(tree, text.LastIndexOf("Load", StringComparison.Ordinal)), [declaration]),
        ];

        var changed = await FixRunner.ApplyToAllAsync(
            document, new MarkBlockingCodeFixProvider(), "MarkBlocking", diagnostics, FixAllScope.Solution);

        Assert.Equal(
            "using IoPool;\n\nstatic class Helper\n{\n    [Blocking]\n    public static int Load() => 1;\n}",
            (await changed.Projects.Single().Documents.Last().GetTextAsync()).ToString());
        Assert.Equal(text, (await changed.GetDocument(document.Id)!.GetTextAsync()).ToString());
    }

    private static Location At(SyntaxTree tree, int start) => Location.Create(tree, new TextSpan(start, "Load".Length));

    private static string Source(string helper, string call) =>
        $$"""
        {{FixTest.Usings}}#pragma warning disable CS0612
        partial class C
        {
            {{helper.Replace("\n", "\n    ", StringComparison.Ordinal)}}

            [Pinned]
            public static async partial ValueTask<int> M()
            {
                await Task.Yield();
                return {{call}};
            }
        }
        """;
}
