using IoPool.Analyzers.Tests.Support;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Tests;

/// <summary>IOP1020: calls of code that blocks only sometimes, or only on some of its paths.</summary>
public sealed class TransitiveMaybeTests
{
    [Theory]
    [InlineData("if (n > 1) Thread.Sleep(n);")]
    [InlineData("if (n > 1) { } else { Thread.Sleep(n); }")]
    [InlineData("switch (n) { case 1: Thread.Sleep(n); break; }")]
    [InlineData("var text = n > 1 ? File.ReadAllText(\"a\") : \"\";")]
    [InlineData("var read = n > 1 && Console.ReadLine() is null;")]
    [InlineData("var read = n > 1 || Console.ReadLine() is null;")]
    [InlineData("string? known = n > 1 ? \"\" : null; var text = known ?? File.ReadAllText(\"a\");")]
    [InlineData("var text = n switch { 1 => File.ReadAllText(\"a\"), _ => \"\" };")]
    [InlineData("try { Int32.Parse(\"a\"); } catch (FormatException) { Thread.Sleep(n); }")]
    [InlineData("if (n > 1) return; Thread.Sleep(n);")]
    [InlineData("switch (n) { case 1: return; } Thread.Sleep(n);")]
    [InlineData("if (n > 1) Deep();")]
    public Task BlockingOnSomePath_IsReported(string body) => TransitiveSituation.VerifyAsync(
        "H.{|IOP1020:M|}(1);",
        $$"""
        public static class H
        {
            public static void M(int n) { {{body}} }
            private static void Deep() => Thread.Sleep(1);
        }
        """);

    [Theory]
    [InlineData("Console.WriteLine(n);")]
    [InlineData("if (File.Exists(\"a\")) { }")]
    [InlineData("lock (s_gate) { s_count++; }")]
    [InlineData("s_stream.Flush();")]
    [InlineData("s_items.Add(n);")]
    [InlineData("Deep();")]
    [InlineData("foreach (var item in s_query) { }")]
    public Task MaybeAtTheEnd_IsReported(string body) => TransitiveSituation.VerifyAsync(
        "H.{|IOP1020:M|}(1);",
        $$"""
        #pragma warning disable CS0414
        public static class H
        {
            private static readonly object s_gate = new();
            private static int s_count;
            private static Stream s_stream = null!;
            private static BlockingCollection<int> s_items = null!;
            private static IQueryable<int> s_query = null!;
            public static void Set(Stream stream, BlockingCollection<int> items) =>
                (s_stream, s_items) = (stream, items);
            public static void M(int n) { {{body}} }
            private static void Deep() => Console.WriteLine("a");
        }
        """);

    [Fact]
    public Task WeakestLinkDecides() => TransitiveSituation.VerifyAsync(
        "H.{|IOP1020:One|}(1);",
        """
        public static class H
        {
            public static void One(int n) => Two(n);
            private static void Two(int n) { if (n > 1) Three(n); }
            private static void Three(int n) => Thread.Sleep(n);
        }
        """);

    [Fact]
    public Task SureChainBesideAMaybe_IsSure() => TransitiveSituation.VerifyAsync(
        "H.{|IOP1013:M|}(1);",
        """
        public static class H
        {
            public static void M(int n)
            {
                if (n > 1)
                    Thread.Sleep(n);
                Console.WriteLine(n);
                File.Delete("a");
            }
        }
        """);

    [Fact]
    public Task VirtualMethodOfAnOpenType_IsReported() => TransitiveSituation.VerifyAsync(
        """
        _base.{|IOP1020:M|}();
        var value = _base.{|IOP1020:Value|};
        """,
        """
        public class B
        {
            public virtual void M() => Thread.Sleep(1);
            public virtual string Value => File.ReadAllText("a");
        }

        public class D : B
        {
            public override void M() { }
        }
        """,
        "private B _base = null!;");

    [Fact]
    public Task PropertyThatLoadsOnce_IsReported() => TransitiveSituation.VerifyAsync(
        "var text = H.{|IOP1020:Text|};",
        """
        public static class H
        {
            private static string? s_text;
            public static string Text => s_text ??= File.ReadAllText("a");
        }
        """);

    [Theory]
    [InlineData("var number = H.{|IOP1020:Number|};")]
    [InlineData("H.{|IOP1020:M|}();")]
    public Task StaticConstructorThatBlocks_IsReportedWhereItMayRun(string statement) =>
        TransitiveSituation.VerifyAsync(statement,
        """
        public static class H
        {
            public static int Number = 1;
            static H() => Thread.Sleep(1);
            public static void M() { }
        }
        """);

    [Fact]
    public Task AsyncHelperThatBlocksOnSomePath_IsReported() => TransitiveSituation.VerifyAsync(
        "await H.{|IOP1020:MAsync|}(1);",
        """
        public static class H
        {
            public static async Task MAsync(int n)
            {
                await Task.Yield();
                if (n > 1)
                    File.Delete("a");
            }
        }
        """);

    [Fact]
    public Task LocalFunctionThatMayBlock_IsReportedAtTheCall() => Situation.VerifyInPinnedAsync("""
        {|IOP1020:Local|}();
        void Local() => Console.WriteLine("a");
        """);

    [Fact]
    public Task DefaultMethodOfAnInterface_IsReported() => TransitiveSituation.VerifyAsync(
        "_port.{|IOP1020:Read|}();",
        "public interface IPort { void Read() => Thread.Sleep(1); }",
        "private IPort _port = null!;");

    [Fact]
    public async Task Maybe_IsOnlyAnInfo_AndNamesTheChain()
    {
        var found = Assert.Single(await TransitiveSituation.AnalyzeAsync(
            "H.First(1);",
            """
            public static class H
            {
                public static void First(int n) { if (n > 1) Second(); }
                private static void Second() => Thread.Sleep(1);
            }
            """));

        Assert.Equal("IOP1020", found.Id);
        Assert.Equal(DiagnosticSeverity.Info, found.Severity);
        Assert.Contains("Second", found.GetMessage(), StringComparison.Ordinal);
        Assert.Contains("Thread.Sleep", found.GetMessage(), StringComparison.Ordinal);
        var end = found.AdditionalLocations[^1];
        Assert.Equal("Sleep", end.SourceTree!.GetText().ToString(end.SourceSpan));
    }

    [Theory]
    [InlineData("if (n > 1) Fine();")]
    [InlineData("if (n > 1) Task.Run(() => Thread.Sleep(n));")]
    [InlineData("var memory = new MemoryStream(); memory.Flush();")]
    [InlineData("using var writer = new StringWriter(); writer.WriteLine(n);")]
    [InlineData("System.Diagnostics.Debug.WriteLine(n);")]
    [InlineData("var items = new BlockingCollection<int>(); items.Add(n);")]
    [InlineData("foreach (var item in new[] { 1 }.AsQueryable()) { }")]
    [InlineData("var count = s_map.Count;")]
    [InlineData("if (n > 1) Quick();")]
    [InlineData("var value = s_lazy.IsValueCreated ? s_lazy.Value : 0;")]
    [InlineData("if (s_task.IsCompleted) s_task.Wait();")]
    [InlineData("var text = new StringReader(\"a\").ReadToEnd();")]
    public Task HelperThatDoesNotBlock_IsSilent(string body) => TransitiveSituation.VerifyAsync(
        "H.M(1);",
        $$"""
        public static class H
        {
            private static readonly ConcurrentDictionary<int, int> s_map = new();
            private static readonly Lazy<int> s_lazy = new(static () => 1);
            private static readonly Task s_task = Task.CompletedTask;
            public static void M(int n) { {{body}} }
            private static void Fine() { }
            [NonBlocking("the console is redirected to memory")] private static void Quick() => Console.WriteLine("a");
        }
        """);

    [Fact]
    public Task VirtualMethodThatDoesNotBlock_IsSilent_WhateverOverridesDo() => TransitiveSituation.VerifyAsync(
        "_base.M();",
        """
        public class B { public virtual void M() { } }
        public class D : B { public override void M() => Thread.Sleep(1); }
        """,
        "private B _base = null!;");

    [Fact]
    public Task OverrideOfASealedTypeThatDoesNotBlock_IsSilent() => TransitiveSituation.VerifyAsync(
        """
        var derived = new D();
        derived.M();
        """,
        """
        public class B { public virtual void M() => Thread.Sleep(1); }
        public sealed class D : B { public override void M() { } }
        """);

    [Fact]
    public Task StaticConstructorThatDoesNotBlock_IsSilent() => TransitiveSituation.VerifyAsync(
        """
        var number = H.Number;
        H.M();
        """,
        """
        public static class H
        {
            public static int Number;
            static H() => Number = 1;
            public static void M() { }
        }
        """);

    [Fact]
    public Task ConstantOfATypeWithABlockingStaticConstructor_IsSilent() => TransitiveSituation.VerifyAsync(
        "var number = H.Number + nameof(H.Text).Length;",
        """
        public static class H
        {
            public const int Number = 1;
            public static string Text = "";
            static H() => Thread.Sleep(1);
        }
        """);

    [Fact]
    public Task AsyncHelperThatLeftTheLoop_IsSilent() => TransitiveSituation.VerifyAsync(
        "await H.MAsync(1);",
        """
        public static class H
        {
            public static async Task MAsync(int n)
            {
                await Task.Delay(1).ConfigureAwait(false);
                if (n > 1)
                    File.Delete("a");
                Console.WriteLine(n);
            }
        }
        """);

    [Theory]
    [InlineData("await Offload.RunAsync(() => H.M(1));")]
    [InlineData("Action<int> later = H.M;")]
    [InlineData("var name = nameof(H.M);")]
    public Task MaybeThatDoesNotRunHere_IsSilent(string statement) => TransitiveSituation.VerifyAsync(
        statement, "public static class H { public static void M(int n) { if (n > 1) Thread.Sleep(n); } }");
}
