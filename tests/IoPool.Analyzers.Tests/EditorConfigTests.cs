using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Tests;

/// <summary>What a project's options change, and that nothing else than code of a loop is looked at.</summary>
public sealed class EditorConfigTests
{
    private const string DeepChain = """
        static void One() => Two();
        static void Two() => Three();
        static void Three() => Four();
        static void Four() => Thread.Sleep(1);
        """;

    [Theory]
    [InlineData("", "IOP1006")]
    [InlineData("iopool.report_console = true", "IOP1006")]
    [InlineData("iopool.report_console = false")]
    [InlineData("iopool.report_console = FALSE")]
    [InlineData("IOPOOL.Report_Console = false")]
    [InlineData("iopool.report_console = nonsense", "IOP1006")]
    public Task ReportConsole_SilencesWriting(string option, params string[] ids) =>
        AssertAsync("Console.WriteLine(\"a\");", "", option, ids);

    [Fact]
    public Task ReportConsole_SilencesHelpersToo() =>
        AssertAsync("M();", "static void M() => Console.WriteLine(1);", "iopool.report_console = false");

    [Fact]
    public Task ReportConsole_DoesNotSilenceReading() =>
        AssertAsync("Console.ReadLine();", "", "iopool.report_console = false", "IOP1005");

    [Theory]
    [InlineData("", "IOP1007")]
    [InlineData("iopool.report_locks = true", "IOP1007")]
    [InlineData("iopool.report_locks = false")]
    public Task ReportLocks_SilencesLocks(string option, params string[] ids) =>
        AssertAsync("lock (this) { }", "", option, ids);

    [Fact]
    public Task ReportLocks_SilencesHelpersToo() =>
        AssertAsync("M();", "void M() { lock (this) { } }", "iopool.report_locks = false");

    [Fact]
    public Task ReportLocks_DoesNotSilenceWaits() =>
        AssertAsync("new SemaphoreSlim(1).Wait();", "", "iopool.report_locks = false", "IOP1003");

    [Theory]
    [InlineData("", "IOP1013")]
    [InlineData("iopool.max_call_depth = 10", "IOP1013")]
    [InlineData("iopool.max_call_depth = 2")]
    [InlineData("iopool.max_call_depth = 0")]
    [InlineData("iopool.max_call_depth = many", "IOP1013")]
    [InlineData("iopool.max_call_depth = -1", "IOP1013")]
    public Task MaxCallDepth_EndsTheWalk(string option, params string[] ids) =>
        AssertAsync("One();", DeepChain, option, ids);

    [Fact]
    public Task MaxCallDepth_StillSeesWhatIsNearer() =>
        AssertAsync("Three();", DeepChain, "iopool.max_call_depth = 2", "IOP1013");

    [Fact]
    public Task MaxCallDepth_DoesNotTouchDirectCalls() =>
        AssertAsync("Thread.Sleep(1);", "", "iopool.max_call_depth = 0", "IOP1002");

    [Theory]
    [InlineData("", "IOP1016")]
    [InlineData("iopool.offload_methods = Workers.Queue")]
    [InlineData("iopool.offload_methods = Other.Thing, Workers.Queue")]
    [InlineData("iopool.offload_methods = Other.Thing", "IOP1016")]
    public Task OffloadMethods_AreSilent(string option, params string[] ids) => AssertAsync(
        "Workers.Queue(() => Thread.Sleep(1));",
        "} static class Workers { public static void Queue(Action action) => action();",
        option,
        ids);

    [Fact]
    public Task OffloadMethods_AreSilentForMethodGroups() => AssertAsync(
        "Workers.Queue(Workers.Wait);",
        """
        }
        static class Workers
        {
            public static void Queue(Action action) => action();
            public static void Wait() => Thread.Sleep(1);
        """,
        "iopool.offload_methods = Workers.Queue");

    [Fact]
    public async Task Keys_AreReadPerTree()
    {
        var compilation = Compile("Console.WriteLine(1);", "").AddSyntaxTrees(CSharpSyntaxTree.ParseText(
            """
            partial class Other
            {
                [IoPool.Pinned]
                public async partial System.Threading.Tasks.ValueTask RunAsync()
                {
                    await System.Threading.Tasks.Task.Yield();
                    System.Console.WriteLine(2);
                }
            }
            """,
            TestCompilation.Options(),
            "/src/Quiet.cs"));

        var found = await Situation.AnalyzeAsync(
            compilation, mustCompile: true, Options("iopool.report_console = false", "/src/Quiet.cs"));

        Assert.Equal(TestCompilation.Path, Assert.Single(found).Location.GetLineSpan().Path);
    }

    [Theory]
    [InlineData("IOP1002", "Thread.Sleep(1);")]
    [InlineData("IOP1004", "File.ReadAllText(\"a\");")]
    [InlineData("IOP1013", "M();")]
    public async Task SeverityNone_IsSilent(string id, string statement)
    {
        var compilation = Compile(statement, "static void M() => Thread.Sleep(1);");
        compilation = compilation.WithOptions(compilation.Options.WithSpecificDiagnosticOptions(
            [KeyValuePair.Create(id, ReportDiagnostic.Suppress)]));

        Assert.Empty(await Situation.AnalyzeAsync(compilation, mustCompile: true));
    }

    [Fact]
    public async Task SeverityError_IsTaken()
    {
        var compilation = Compile("M();", "static void M() { if (DateTime.Now.Year > 1) Thread.Sleep(1); }");
        compilation = compilation.WithOptions(compilation.Options.WithSpecificDiagnosticOptions(
            [KeyValuePair.Create("IOP1020", ReportDiagnostic.Error)]));

        var found = Assert.Single(await Situation.AnalyzeAsync(compilation, mustCompile: true));
        Assert.Equal(DiagnosticSeverity.Error, found.Severity);
    }

    [Fact]
    public Task PragmaAndSuppressMessage_AreHonoured() => AssertAsync(
        """
        #pragma warning disable IOP1002
        Thread.Sleep(1);
        #pragma warning restore IOP1002
        """,
        "",
        "");

    [Fact]
    public Task CodeThatIsNotOnALoop_IsSilent() => Situation.VerifyAsync("""
        class Program
        {
            static void Main()
            {
                Thread.Sleep(1);
                Task.Delay(1).Wait();
                File.ReadAllText("a");
                Console.WriteLine("a");
                lock (typeof(Program)) { }
                new List<int>().ForEach(Thread.Sleep);
            }

            static async Task OtherAsync()
            {
                await Task.Yield();
                Thread.Sleep(1);
            }
        }
        """);

    [Fact]
    public async Task GeneratedCode_IsSilent()
    {
        var compilation = Compile("Thread.Sleep(1);", "");
        var written = compilation.SyntaxTrees.Single();
        var generated = CSharpSyntaxTree.ParseText(
            "// <auto-generated/>\n" + written.GetText(), TestCompilation.Options(), "/src/Handler.g.cs");

        Assert.Empty(
            await Situation.AnalyzeAsync(compilation.ReplaceSyntaxTree(written, generated), mustCompile: true));
    }

    [Theory]
    [InlineData("Thread.Sleep(")]
    [InlineData("Thread.Sleep(1, 2, 3);")]
    [InlineData("missing.Result.Wait();")]
    [InlineData("File.ReadAllText(missing).Missing();")]
    [InlineData("new Missing(() => Thread.Sleep(1));")]
    [InlineData("foreach (var x in missing) { Thread. }")]
    [InlineData("using var x = ")]
    [InlineData("M(M(M(")]
    [InlineData("Action a = () => a(); a();")]
    [InlineData("void L() => L(); L();")]
    [InlineData("var x = x.Result;")]
    [InlineData("lock () { }")]
    [InlineData("await await await;")]
    [InlineData("_ = this switch { { Result: ")]
    [InlineData("(a, b) = M(); M() = 1; -M(); M()++;")]
    [InlineData("goto nowhere; label: Thread.Sleep(1);")]
    public async Task BrokenStatement_DoesNotCrash(string statement)
    {
        var compilation = Compile(
            statement, "static int M(int a = M()) => M(); int P => P; Handler H => new() { H = H };");
        await Situation.AnalyzeAsync(compilation);
    }

    [Fact]
    public async Task TruncationAtTokens_DoesNotCrash()
    {
        var text = (await Compile(
            """
            using var stream = File.OpenRead("a");
            foreach (var item in Items().Select(x => File.ReadAllText(x))) { Console.WriteLine(item); }
            var t = Task.FromResult(1); if (t is { IsCompleted: true }) _ = t.Result + t.GetAwaiter().GetResult();
            lock (this) { M(P, this[1], () => Thread.Sleep(1)); }
            """,
            """
            string P { get => File.ReadAllText("a"); }
            int this[int i] { get { Thread.Sleep(i); return i; } }
            static IEnumerable<string> Items() { Thread.Sleep(1); yield return "a"; }
            static void M(string a, int b, Action c) { if (b > 1) c(); else M(a, b - 1, c); }
            """).SyntaxTrees.Single().GetRootAsync()).GetText();
        var body = text.ToString().IndexOf("partial class", StringComparison.Ordinal);
        var tokens = (await CSharpSyntaxTree.ParseText(text).GetRootAsync()).DescendantTokens();
        foreach (var token in tokens.Where(t => t.SpanStart > body).Where(static (_, index) => index % 5 == 0))
            await Situation.AnalyzeAsync(TestCompilation.Create(text.ToString()[..token.SpanStart]));
    }

    private static async Task AssertAsync(
        string statement, string members, string option, params string[] ids)
    {
        var found = await Situation.AnalyzeAsync(
            Compile(statement, members), mustCompile: true, Options(option, TestCompilation.Path));
        Assert.Equal(ids, found.Select(static d => d.Id));
    }

    private static CSharpCompilation Compile(string statement, string members) => TestCompilation.Create(
        $$"""
        {{Situation.Usings}}
        partial class Handler
        {
            [Pinned]
            public async partial ValueTask RunAsync()
            {
                await Task.Yield();
        {{statement}}
            }

            {{members}}
        }
        """);

    private static AnalyzerOptions Options(string option, string path)
    {
        var parts = option.Split('=', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var values = ImmutableDictionary.Create<string, string>(AnalyzerConfigOptions.KeyComparer);
        if (parts is [var key, var value])
            values = values.Add(key, value);
        return new AnalyzerOptions([], new OptionsOfOneTree(path, new Values(values)));
    }

    private sealed class OptionsOfOneTree(string path, Values values) : AnalyzerConfigOptionsProvider
    {
        private static readonly Values s_none = new(ImmutableDictionary<string, string>.Empty);

        public override AnalyzerConfigOptions GlobalOptions => s_none;

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => tree.FilePath == path ? values : s_none;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => s_none;
    }

    private sealed class Values(ImmutableDictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) =>
            values.TryGetValue(key, out value);
    }
}
