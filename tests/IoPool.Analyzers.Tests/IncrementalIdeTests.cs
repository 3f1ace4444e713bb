using System.Collections.Immutable;
using Basic.Reference.Assemblies;
using IoPool.Analyzers.Tests.Support;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.Analyzers.Tests;

/// <summary>
/// Projects as an IDE holds them: referenced as compilations, with files that are shared, generated, double or in the
/// middle of an edit. What is remembered of a file never shows.
/// </summary>
public sealed class IncrementalIdeTests
{
    private const string Handler = """
        partial class Handler
        {
            [Pinned]
            public async partial ValueTask RunAsync(SocketConnection connection)
            {
                await Task.Yield();
                Helper.Run();
            }
        }
        """;

    private const string BlockingHelper = "public static class Helper { public static void Run() => Thread.Sleep(1); }";
    private const string FastHelper = "public static class Helper { public static void Run() => _ = 1; }";

    [Fact]
    public async Task HelpersOfAnotherProject_AreSilentInEveryForm()
    {
        var library = Project("Library", Tree("""
            public class Base
            {
                static Base() => Thread.Sleep(1);
                public Base() => Thread.Sleep(1);
                public int Value { get { Thread.Sleep(1); return 1; } }
                public int this[int index] { get { Thread.Sleep(1); return index; } }
                public event Action Changed { add { Thread.Sleep(1); } remove { } }
                public virtual void Do() => Thread.Sleep(1);
                public void Apply(Action action) { action(); Thread.Sleep(1); }
                public static Base operator +(Base left, Base right) { Thread.Sleep(1); return left; }
                public static implicit operator int(Base value) { Thread.Sleep(1); return 1; }
                public void Deconstruct(out int a, out int b) { Thread.Sleep(1); a = b = 1; }
                public IEnumerable<int> Items() { Thread.Sleep(1); yield return 1; }
                public async Task SlowAsync() { Thread.Sleep(1); await Task.Yield(); }
            }

            public class Owner<T> : IDisposable { public T? Item; public void Dispose() => Thread.Sleep(1); }

            public static class Extensions
            {
                public static void Twice(this Base value) { Thread.Sleep(1); }
                extension(Base value) { public int Half { get { Thread.Sleep(1); return 1; } } }
            }
            """));
        var found = await AnalyzeAsync(Project("Sample", [library.ToMetadataReference()], Tree("""
            class Derived : Base
            {
                public override void Do() => base.Do();
            }

            partial class Handler
            {
                private readonly Base _field = new();

                [Pinned]
                public async partial ValueTask RunAsync(SocketConnection connection)
                {
                    await Task.Yield();
                    var value = new Base();
                    var derived = new Derived();
                    value.Changed += () => { };
                    derived.Do();
                    value.Do();
                    value.Apply(() => { });
                    value.Apply(value.Do);
                    value.Twice();
                    int number = value + derived;
                    var (a, b) = value;
                    foreach (var item in value.Items())
                        number += value[item] + value.Value + value.Half;
                    if (value is { Value: 1 } && _field.Value == number + a + b)
                        await value.SlowAsync();
                    using var owner = new Owner<Base>();
                }
            }
            """)));

        Assert.Empty(found);
    }

    [Fact]
    public async Task AttributesOfAnotherProject_AreBelieved()
    {
        var library = Project("Library", Tree("""
            public static class Helper
            {
                [Blocking("RunAsync")] public static void Run() { }
                [NonBlocking("quick")] public static void Quick() => Thread.Sleep(1);
                [Pinned] public static ValueTask PinnedAsync() => default;
            }
            """));
        var handler = Handler.Replace("Helper.Run();", "Helper.Run(); Helper.Quick();", StringComparison.Ordinal);

        var found = await AnalyzeAsync(Project("Sample", [library.ToMetadataReference()], Tree(handler)));

        Assert.StartsWith("IOP1014 ", Assert.Single(found), StringComparison.Ordinal);
    }

    // A type of this project behind another one, which has a metadata view of it.
    [Fact]
    public async Task ProjectsInARing_AreAnalyzed()
    {
        var old = Project("Sample", Tree(FastHelper));
        var library = Project("Library", [old.ToMetadataReference()], Tree(
            "public class Middle { public virtual void Go() => Helper.Run(); }"));
        var handler = Handler.Replace("Helper.Run()", "new Outer().Go()", StringComparison.Ordinal);

        var found = await AnalyzeAsync(Project(
            "Sample",
            [library.ToMetadataReference()],
            Tree(handler),
            Tree("class Outer : Middle { public override void Go() { base.Go(); Helper.Run(); } }", "Outer.cs"),
            Tree(BlockingHelper, "Helper.cs")));

        Assert.StartsWith("IOP1013 ", Assert.Single(found), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Helper.g.cs", "")]
    [InlineData("Helper.cs", "// <auto-generated/>\n")]
    public async Task HelperInAGeneratedFile_IsReportedWhereItIsCalled(string path, string header)
    {
        var helper = CSharpSyntaxTree.ParseText(
            header + Situation.Usings + BlockingHelper, TestCompilation.Options(), path);

        var report = Assert.Single(await AnalyzeAsync(Project("Sample", Tree(Handler), helper)));

        Assert.StartsWith("IOP1013 Handler.cs", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PinnedMethodInAGeneratedFile_IsSilent() =>
        Assert.Empty(await AnalyzeAsync(
            Project("Sample", Tree(Handler, "Handler.g.cs"), Tree(BlockingHelper, "H.cs"))));

    // One file in two projects, and so one tree: what is remembered of it holds for both only as far as syntax goes.
    [Fact]
    public async Task LinkedFile_IsJudgedInEachProject()
    {
        var linked = Tree(Handler);
        var slow = Project("Slow", linked, Tree(BlockingHelper, "Helper.cs"));
        var fast = Project("Fast", linked, Tree(FastHelper, "Helper.cs"));
        for (var round = 0; round < 2; round++)
        {
            var both = await Task.WhenAll(AnalyzeAsync(slow), AnalyzeAsync(fast));
            Assert.StartsWith("IOP1013 Handler.cs", Assert.Single(both[0]), StringComparison.Ordinal);
            Assert.Empty(both[1]);
        }
    }

    [Fact]
    public async Task LinkedHelper_MeansWhatItsProjectMakesOfItsNames()
    {
        var linked = Tree("public static class Helper { public static void Run() => Wait(); " + """
            static void Wait() => Waiter.Sleep(1); }
            """, "Helper.cs");
        var slow = Project(
            "Slow", Tree(Handler), linked, Tree("global using Waiter = System.Threading.Thread;", "U.cs"));
        var fast = Project(
            "Fast", Tree(Handler), linked, Tree("static class Waiter { public static void Sleep(int i) { } }", "U.cs"));

        Assert.Single(await AnalyzeAsync(slow));
        Assert.Empty(await AnalyzeAsync(fast));
        Assert.Single(await AnalyzeAsync(slow));
    }

    [Fact]
    public async Task FileThatIsThereTwice_DoesNoHarm()
    {
        var project = Project(
            "Sample",
            Tree(Handler),
            Tree(Handler),
            Tree(BlockingHelper, "Helper.cs"),
            Tree(BlockingHelper, "Helper.cs"));

        await AnalyzeAsync(project);
    }

    [Fact]
    public async Task TypeOfTheFrameworkInSourceToo_IsTheProjectsOwn()
    {
        var own = Tree(
            "namespace System.Threading { public static class Thread { public static void Sleep(int i) { } } }", "T.cs");

        var found = await AnalyzeAsync(Project("Sample", Tree(Handler), Tree(BlockingHelper, "Helper.cs"), own));

        Assert.All(found, static report => Assert.StartsWith("IOP1013 ", report, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AttributesInSourceToo_StillCount()
    {
        var own = Tree("namespace IoPool { internal sealed class PinnedAttribute : Attribute; }", "P.cs");

        Assert.Contains(
            await AnalyzeAsync(Project("Sample", Tree(Handler), Tree(BlockingHelper, "Helper.cs"), own)),
            static report => report.StartsWith("IOP1013 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TypingAHelper_GivesAtEveryKeystrokeWhatAFreshProjectGives()
    {
        const string Before = "public static class Helper { public static void Run() { ";
        const string Typed = "new Timer(null!); Thread.Sleep(1); T.Wait();";
        const string After = " } }";
        var editor = new Editor(Project("Sample", Tree(Handler), Tree(Before + After, "Helper.cs")), "Helper.cs");
        for (var length = 0; length <= Typed.Length; length++)
        {
            var text = Situation.Usings + Before + Typed[..length] + After;
            Assert.Equal(await editor.ScratchAsync(text), await editor.TypeAsync(text));
        }
    }

    [Fact]
    public async Task TypingThePinnedMethod_GivesAtEveryKeystrokeWhatAFreshProjectGives()
    {
        const string Typed = "await Task.Yield(); Helper.Run(); Thread.Sleep(Helper.Run); lock (this) { } ";
        var editor = new Editor(Project("Sample", Tree(Handler), Tree(BlockingHelper, "Helper.cs")), "Handler.cs");
        for (var length = 0; length <= Typed.Length; length++)
        {
            var text = Situation.Usings + Handler.Replace("Helper.Run();", Typed[..length], StringComparison.Ordinal);
            Assert.Equal(await editor.ScratchAsync(text), await editor.TypeAsync(text));
        }
    }

    // Every piece of code that the tests have, broken and repaired.
    [Fact]
    public async Task EditTakenBack_LeavesNoTrace()
    {
        for (var index = 0; index < FuzzCorpus.Sources.Length; index += 25)
        {
            var source = FuzzCorpus.Sources[index];
            var tree = CSharpSyntaxTree.ParseText(source, TestCompilation.Options(), "Handler.cs");
            var editor = new Editor(Project("Sample", tree), "Handler.cs");
            var before = await editor.TypeAsync(source);

            await editor.TypeAsync(FuzzCase.Create(index, [source]));

            Assert.Equal(before, await editor.TypeAsync(source));
        }
    }

    private static SyntaxTree Tree(string source, string path = "Handler.cs") =>
        CSharpSyntaxTree.ParseText(Situation.Usings + source, TestCompilation.Options(), path);

    private static CSharpCompilation Project(string name, params SyntaxTree[] trees) => Project(name, [], trees);

    private static CSharpCompilation Project(
        string name, ImmutableArray<MetadataReference> references, params SyntaxTree[] trees) =>
        CSharpCompilation.Create(
            name,
            trees,
            [.. Net100.References.All, RuntimeReference.Instance, .. references],
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    private static async Task<string[]> AnalyzeAsync(Compilation project) =>
        [.. (await Situation.AnalyzeAsync(project)).Select(Show)];

    private static string Show(Diagnostic diagnostic) =>
        $"{diagnostic.Id} {Show(diagnostic.Location)} {diagnostic.GetMessage()} "
        + string.Join(' ', diagnostic.AdditionalLocations.Select(Show));

    private static string Show(Location location) =>
        $"{location.GetLineSpan().Path}{location.SourceSpan}";

    /// <summary>One file of a project, edited again and again; the others stay as they are.</summary>
    private sealed class Editor(Compilation project, string path)
    {
        private Compilation _project = project;

        public Task<string[]> TypeAsync(string text)
        {
            var tree = _project.SyntaxTrees.Single(t => t.FilePath == path);
            _project = _project.ReplaceSyntaxTree(tree, tree.WithChangedText(Changed(tree.GetText(), text)));
            return AnalyzeAsync(_project);
        }

        public Task<string[]> ScratchAsync(string text) => AnalyzeAsync(CSharpCompilation.Create(
            "Sample",
            _project.SyntaxTrees.Select(tree => CSharpSyntaxTree.ParseText(
                tree.FilePath == path ? text : tree.ToString(), TestCompilation.Options(), tree.FilePath)),
            _project.References,
            (CSharpCompilationOptions)_project.Options));

        // What differs, and no more: the parser keeps the rest, as it does while somebody types.
        private static SourceText Changed(SourceText before, string after)
        {
            var old = before.ToString();
            var start = old.Zip(after).TakeWhile(static pair => pair.First == pair.Second).Count();
            var rest = Math.Min(old.Length, after.Length) - start;
            var end = old.Reverse().Zip(after.Reverse())
                .Take(rest).TakeWhile(static pair => pair.First == pair.Second).Count();
            return before.WithChanges(new TextChange(
                TextSpan.FromBounds(start, old.Length - end), after[start..^end]));
        }
    }
}
