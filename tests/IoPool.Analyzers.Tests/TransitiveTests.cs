using IoPool.Analyzers.Tests.Support;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Tests;

/// <summary>IOP1013: calls of code that surely blocks, reported where the loop's code calls it.</summary>
public sealed class TransitiveTests
{
    [Theory]
    [InlineData("public static void M() => Thread.Sleep(1);")]
    [InlineData("public static void M() { Thread.Sleep(1); }")]
    [InlineData("public static void M() { for (var i = 0; i < 9; i++) Thread.Sleep(i); }")]
    [InlineData("public static void M() { foreach (var i in new[] { 1, 2 }) { Thread.Sleep(i); } }")]
    [InlineData("public static void M() { try { Thread.Sleep(1); } catch (Exception) { } }")]
    [InlineData("public static void M() { try { } finally { Thread.Sleep(1); } }")]
    [InlineData("public static void M() { using (new MemoryStream()) { Thread.Sleep(1); } }")]
    [InlineData("public static void M() { { Thread.Sleep(1); } }")]
    [InlineData("public static void M() { do { Thread.Sleep(1); } while (DateTime.Now.Year > 1); }")]
    [InlineData("public static void M() { lock (typeof(H)) { Thread.Sleep(1); } }")]
    [InlineData("public static int M() { try { return 1; } finally { Thread.Sleep(1); } }")]
    [InlineData("public static void M() { var t = Task.Delay(1); t.Wait(); }")]
    [InlineData("public static void M() => new ManualResetEventSlim().Wait();")]
    [InlineData("public static string M() => File.ReadAllText(\"a\");")]
    [InlineData("public static string M() => $\"{File.ReadAllText(\"a\")}!\";")]
    [InlineData("public static void M() => Parallel.For(0, 1, static i => { });")]
    [InlineData("public static object M() => new FileStream(\"a\", FileMode.Open);")]
    [InlineData("public static bool M() => File.ReadAllText(\"a\") == \"a\" && DateTime.Now.Year > 1;")]
    [InlineData("public static int M() => File.ReadAllText(\"a\") == \"a\" ? 1 : 2;")]
    [InlineData("public static int M() { if (File.ReadAllText(\"a\") == \"a\") return 1; return 2; }")]
    [InlineData("public static int M() { switch (Console.ReadLine()) { case \"a\": return 1; default: return 2; } }")]
    [InlineData("public static void M() { Action wait = () => Thread.Sleep(1); wait(); }")]
    [InlineData("public static void M() { Wait(); static void Wait() => Thread.Sleep(1); }")]
    [InlineData("public static void M() => new List<int> { 1 }.ForEach(x => Thread.Sleep(x));")]
    public Task Helper_IsReported(string helper) =>
        TransitiveSituation.VerifyAsync("H.{|IOP1013:M|}();", "public static class H { " + helper + " }");

    [Theory]
    [InlineData("if (text is null) throw new ArgumentNullException(nameof(text));")]
    [InlineData("ArgumentNullException.ThrowIfNull(text);")]
    [InlineData("_ = text ?? throw new ArgumentNullException(nameof(text));")]
    [InlineData("if (text.Length > 9) { throw new ArgumentException(text); }")]
    public Task AfterAGuardThatThrows_IsStillSure(string guard) => TransitiveSituation.VerifyAsync(
        "H.{|IOP1013:M|}(\"a\");", "public static class H { public static void M(string text) { " + guard + """
         Thread.Sleep(1); } }
        """);

    [Fact]
    public Task PositionInTheLoopsCode_DoesNotMatter() => TransitiveSituation.VerifyAsync(
        """
        if (token.CanBeCanceled)
            H.{|IOP1013:M|}();
        var number = token.CanBeCanceled ? H.{|IOP1013:N|}() : 1;
        """,
        """
        public static class H
        {
            public static void M() => Thread.Sleep(1);
            public static int N() { Thread.Sleep(1); return 1; }
        }
        """);

    [Theory]
    [InlineData("var v = h.{|IOP1013:Value|};")]
    [InlineData("h.{|IOP1013:Target|} = 1;")]
    [InlineData("var v = {|IOP1013:h[1]|};")]
    [InlineData("{|IOP1013:h[1]|} = 2;")]
    [InlineData("if (h is { {|IOP1013:Value|}: 1 }) { }")]
    [InlineData("var other = new H { {|IOP1013:Target|} = 1 };")]
    [InlineData("h.{|IOP1013:Both|}++;")]
    [InlineData("var v = h?.{|IOP1013:Value|} ?? 0;")]
    public Task Accessor_IsReported(string statement) => TransitiveSituation.VerifyAsync(
        "var h = new H(); " + statement,
        """
        public sealed class H
        {
            private int _value;
            public int Value { get { Thread.Sleep(1); return _value; } }
            public int Target { get => _value; set { Thread.Sleep(1); _value = value; } }
            public int Both { get { Thread.Sleep(1); return 1; } set { Thread.Sleep(1); } }
            public int this[int index]
            {
                get { Thread.Sleep(1); return index; }
                set { Thread.Sleep(1); }
            }
        }
        """);

    [Theory]
    [InlineData("public sealed class H { public H() => Thread.Sleep(1); }")]
    [InlineData("public sealed class H { private readonly string _text = File.ReadAllText(\"a\"); "
        + "public string Text => _text; }")]
    [InlineData("public sealed class H { public string Text { get; } = File.ReadAllText(\"a\"); }")]
    [InlineData("public class B { protected B() => Thread.Sleep(1); } public sealed class H : B;")]
    [InlineData("public class B { protected B() => Thread.Sleep(1); } public sealed class H : B { public H() { } }")]
    [InlineData("public sealed class H { public H() : this(1) { } public H(int i) => Thread.Sleep(i); }")]
    [InlineData("public class B(string text) { public string Text => text; } "
        + "public sealed class H() : B(File.ReadAllText(\"a\"));")]
    [InlineData("public sealed record H { public string Text { get; } = File.ReadAllText(\"a\"); }")]
    [InlineData("public struct H { public H() => Thread.Sleep(1); }")]
    [InlineData("public sealed class H(int i = 1) { private readonly string _text = File.ReadAllText(\"a\" + i); "
        + "public string Text => _text; }")]
    public Task Constructor_IsReported(string helper) => TransitiveSituation.VerifyAsync(
        """
        var one = new {|IOP1013:H|}();
        H two = {|IOP1013:new|}();
        """,
        helper);

    [Theory]
    [InlineData("var sum = {|IOP1013:h + h|};")]
    [InlineData("var negative = {|IOP1013:-h|};")]
    [InlineData("if ({|IOP1013:h == h|}) { }")]
    [InlineData("{|IOP1013:h += h|};")]
    [InlineData("string text = {|IOP1013:h|};")]
    [InlineData("var number = {|IOP1013:(int)h|};")]
    public Task OperatorOrConversion_IsReported(string statement) => TransitiveSituation.VerifyAsync(
        "var h = new H(); " + statement,
        """
        #pragma warning disable CS0660, CS0661
        public sealed class H
        {
            public static H operator +(H left, H right) { Thread.Sleep(1); return left; }
            public static H operator -(H value) { Thread.Sleep(1); return value; }
            public static bool operator ==(H left, H right) { Thread.Sleep(1); return true; }
            public static bool operator !=(H left, H right) => false;
            public static implicit operator string(H value) { Thread.Sleep(1); return ""; }
            public static explicit operator int(H value) { Thread.Sleep(1); return 1; }
        }
        """);

    [Fact]
    public Task IteratorInAForeach_IsReported() => TransitiveSituation.VerifyAsync(
        "foreach (var line in H.{|IOP1013:Lines|}()) { }",
        """
        public static class H
        {
            public static IEnumerable<string> Lines()
            {
                var text = File.ReadAllText("a");
                yield return text;
            }
        }
        """);

    [Fact]
    public Task IteratorPassedOnToWhatEnumeratesIt_IsReported() => TransitiveSituation.VerifyAsync(
        "var lines = H.{|IOP1013:Lines|}().ToList();",
        """
        public static class H
        {
            public static IEnumerable<string> Lines()
            {
                Thread.Sleep(1);
                yield return "a";
            }
        }
        """);

    [Fact]
    public Task CustomEnumerator_IsReported() => TransitiveSituation.VerifyAsync(
        """
        var numbers = new Numbers();
        foreach (var number in {|IOP1013:numbers|}) { }
        """,
        """
        public sealed class Numbers
        {
            public Enumerator GetEnumerator() => new();

            public struct Enumerator
            {
                public int Current => 1;
                public bool MoveNext()
                {
                    Thread.Sleep(1);
                    return false;
                }
            }
        }
        """);

    [Fact]
    public Task DisposeByUsing_IsReported() => TransitiveSituation.VerifyAsync(
        """
        {|IOP1013:using|} var one = new H();
        {|IOP1013:using|} (new H()) { }
        new H().{|IOP1013:Dispose|}();
        """,
        "public sealed class H : IDisposable { public void Dispose() => Thread.Sleep(1); }");

    [Fact]
    public Task LocalFunctionAndLambda_AreReportedAtTheCall() => Situation.VerifyInPinnedAsync("""
        Action lambda = () => Thread.Sleep(1);
        Func<int> constant = static () => { Thread.Sleep(1); return 1; };
        {|IOP1013:lambda|}();
        var number = {|IOP1013:constant|}();
        {|IOP1013:Local|}();
        {|IOP1013:Outer|}();
        await {|IOP1013:LocalAsync|}();

        void Local() => Thread.Sleep(1);
        void Outer()
        {
            Inner();
            static void Inner() => Thread.Sleep(1);
        }
        async Task LocalAsync()
        {
            await Task.Yield();
            Thread.Sleep(1);
        }
        """);

    [Fact]
    public Task LambdaCalledByInvoke_IsReported() => Situation.VerifyInPinnedAsync("""
        var lambda = (int x) => Thread.Sleep(x);
        lambda.{|IOP1013:Invoke|}(1);
        """);

    [Theory]
    [InlineData("h++;", "h++")]
    [InlineData("if (h) { }", "h")]
    [InlineData("H Other = 1;", "1")]
    [InlineData("var all = new H() { 1 };", "1")]
    [InlineData("(h.Target, var x) = (1, 2);", "Target")]
    [InlineData("var o = new H { Inner = { Target = 1 } };", "Target")]
    [InlineData("H.Take(h.Value);", "Value")]
    [InlineData("var text = $\"{h.Value}\";", "Value")]
    public async Task EveryFormOfACall_IsReported(string statement, string place)
    {
        var found = await TransitiveSituation.AnalyzeAsync("var h = new H(); " + statement, """
            public sealed class H : System.Collections.IEnumerable
            {
                private H? _inner;
                public H Inner => _inner ??= new H();
                public int Value { get { Thread.Sleep(1); return 1; } }
                public int Target { get => 1; set => Thread.Sleep(value); }
                public void Add(int item) => Thread.Sleep(item);
                public System.Collections.IEnumerator GetEnumerator() => throw new NotSupportedException();
                public static void Take(int value) { }
                public static H operator ++(H value) { Thread.Sleep(1); return value; }
                public static bool operator true(H value) { Thread.Sleep(1); return true; }
                public static bool operator false(H value) => false;
                public static implicit operator H(int value) { Thread.Sleep(value); return new H(); }
            }
            """);

        Assert.Equal(("IOP1013", place), (Assert.Single(found).Id, Text(found[0].Location)));
    }

    [Theory]
    [InlineData("var text = $\"{new H()}\";", "H")]
    [InlineData("var text = $\"{h}, {h.Name}\";", "h")]
    [InlineData("var text = \"a\" + h;", "h")]
    [InlineData("object o = new H(); var text = o + \"a\";", "o")]
    [InlineData("await new Slow();", "await")]
    [InlineData("_ = h[^1];", "h[^1]")]
    [InlineData("var rest = h[1..];", "h[1..]")]
    [InlineData("if (h is [1, ..]) return;", "[1, ..]")]
    [InlineData("Held.Read(\"a\");", "Read")]
    [InlineData("Held.Read.Invoke(\"a\");", "Invoke")]
    public async Task WhatIsCalledWithoutBeingWritten_IsReported(string statement, string place)
    {
        var found = await TransitiveSituation.AnalyzeAsync("var h = new H(); " + statement, """
            public class H
            {
                public string Name => "h";
                public int Length { get { Thread.Sleep(1); return 1; } }
                public int this[int index] => index;
                public H Slice(int start, int length) => this;
                public override string ToString() { Thread.Sleep(1); return "h"; }
            }

            public sealed class Slow
            {
                public TaskAwaiter GetAwaiter() { Thread.Sleep(1); return default; }
            }

            public static class Held
            {
                public static readonly Func<string, string> Read = path => File.ReadAllText(path);
            }
            """);

        Assert.Equal(("IOP1013", place), (Assert.Single(found).Id, Text(found[0].Location)));
    }

    [Fact]
    public Task ToStringOfAnUnknownObject_AndTypesThatFormatThemselves_AreSilent() => TransitiveSituation.VerifyAsync(
        """
        object o = connection;
        var text = $"{o} {1} {"a"} {new F()}" + o + 1;
        """,
        """
        public sealed class F : IFormattable
        {
            public override string ToString() { Thread.Sleep(1); return ""; }
            public string ToString(string? format, IFormatProvider? provider) => "";
        }
        """);

    [Fact]
    public Task AwaiterThatWrapsAnother_IsSilentWhereItIsAwaited() => TransitiveSituation.VerifyAsync(
        """
        await new Wrapper();
        new Wrapper().GetAwaiter().{|IOP1013:GetResult|}();
        """,
        """
        public readonly struct Wrapper
        {
            public Awaiter GetAwaiter() => default;

            public readonly struct Awaiter(TaskAwaiter inner) : INotifyCompletion
            {
                public bool IsCompleted => inner.IsCompleted;
                public void OnCompleted(Action continuation) => inner.OnCompleted(continuation);
                public void GetResult() => inner.GetResult();
            }
        }
        """);

    [Fact]
    public Task GenericAndExtensionMethods_AreReported() => TransitiveSituation.VerifyAsync(
        """
        H.{|IOP1013:M|}<int>();
        H.{|IOP1013:M|}(1);
        "a".{|IOP1013:Load|}();
        var text = "a"?.{|IOP1013:Load|}();
        new G<int>().{|IOP1013:Wait|}("a");
        """,
        """
        public static class H
        {
            public static void M<T>() => Thread.Sleep(1);
            public static void M<T>(T value) => Thread.Sleep(1);
            public static string Load(this string path) => File.ReadAllText(path);
        }

        public sealed class G<T>
        {
            public void Wait<TOther>(TOther other) => Thread.Sleep(1);
        }
        """);

    [Theory]
    [InlineData("public static async Task M() { Thread.Sleep(1); await Task.Yield(); }")]
    [InlineData("public static async Task M() { await Task.Yield(); Thread.Sleep(1); }")]
    [InlineData("public static async ValueTask M() { await Task.Delay(1); Thread.Sleep(1); }")]
    [InlineData("public static async Task M() { await Task.Delay(1).ConfigureAwait(true); Thread.Sleep(1); }")]
    [InlineData("public static Task M() { Thread.Sleep(1); return Task.CompletedTask; }")]
    [InlineData("public static Task M() => Task.FromResult(File.ReadAllText(\"a\"));")]
    [InlineData("public static async Task M() { Thread.Sleep(1); await Task.Delay(1).ConfigureAwait(false); }")]
    [InlineData("public static async Task M() { await N(); } "
        + "static async Task N() { await Task.Yield(); Thread.Sleep(1); }")]
    public Task TaskReturningHelper_IsBlockingWhereverItBlocksOnTheLoop(string helper) =>
        TransitiveSituation.VerifyAsync("await H.{|IOP1013:M|}();", "public static class H { " + helper + " }");

    [Fact]
    public Task AsyncHelperThatIsNotAwaited_IsReported() => TransitiveSituation.VerifyAsync(
        "var task = H.{|IOP1013:M|}();",
        "public static class H { public static async Task M() { Thread.Sleep(1); await Task.Yield(); } }");

    [Fact]
    public Task Recursion_IsReported() => TransitiveSituation.VerifyAsync(
        """
        H.{|IOP1013:Self|}(3);
        H.{|IOP1013:Ping|}(3);
        """,
        """
        public static class H
        {
            public static void Self(int n) { Thread.Sleep(1); if (n > 0) Self(n - 1); }
            public static void Ping(int n) { Pong(n); }
            private static void Pong(int n) { Thread.Sleep(1); if (n > 0) Ping(n - 1); }
        }
        """);

    [Fact]
    public Task MemberOfASealedTypeOrOfTheBase_IsReported() => TransitiveSituation.VerifyAsync(
        """
        S sealedType = new();
        sealedType.{|IOP1013:M|}();
        I local = new S();
        local.{|IOP1013:M|}();
        """,
        """
        public interface I { void M(); }
        public abstract class B : I { public abstract void M(); }
        public sealed class S : B { public override void M() => Thread.Sleep(1); }
        """);

    [Fact]
    public Task InterfaceWhoseObjectIsEvident_IsReported() => TransitiveSituation.VerifyAsync(
        """
        IPort port = new Port();
        port.{|IOP1013:Read|}();
        """,
        """
        public interface IPort { void Read(); }
        public sealed class Port : IPort { public void Read() => Thread.Sleep(1); }
        """);

    [Fact]
    public Task CallOfTheBase_IsReported() => Situation.VerifyAsync("""
        class B { protected virtual void M() => Thread.Sleep(1); }

        partial class Handler : B
        {
            protected override void M() { }

            [Pinned]
            public async partial ValueTask RunAsync()
            {
                await Task.Yield();
                base.{|IOP1013:M|}();
                M();
            }
        }
        """);

    [Fact]
    public Task BlockingMemberInAHelper_IsReportedAtTheHelper() => Situation.VerifyInPinnedAsync(
        "{|IOP1013:M|}();",
        """
        private static void M() => Slow();
        [Blocking] private static void Slow() { }
        """);

    [Fact]
    public Task HelperWithSeveralBlockingCalls_IsOneReportACall() => TransitiveSituation.VerifyAsync(
        """
        H.{|IOP1013:M|}(H.{|IOP1013:N|}());
        H.{|IOP1013:M|}(1);
        """,
        """
        public static class H
        {
            public static void M(int n) { Thread.Sleep(n); Thread.Sleep(n); File.Delete("a"); Console.WriteLine(n); }
            public static int N() { Thread.Sleep(1); return 1; }
        }
        """);

    [Fact]
    public Task LambdaForALoop_IsReportedLikeAPinnedMethod() => Situation.VerifyAsync("""
        static class Program
        {
            public static void Start(EventLoop loop) => loop.Post(() => {|IOP1013:Wait|}());
            private static void Wait() => Thread.Sleep(1);
        }
        """);

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Chain_IsInTheMessageAndInTheLocations(int depth)
    {
        var helpers = string.Join("\n", Enumerable.Range(1, depth).Select(i =>
            $"public static class H{i} {{ public static void Step{i}() => "
            + (i == depth ? "Thread.Sleep(1);" : $"H{i + 1}.Step{i + 1}();") + " }"));

        var found = Assert.Single(await TransitiveSituation.AnalyzeAsync("H1.Step1();", helpers));

        Assert.Equal("IOP1013", found.Id);
        Assert.Equal(DiagnosticSeverity.Warning, found.Severity);
        Assert.Equal("Step1", Text(found.Location));
        var message = found.GetMessage();
        Assert.All(Enumerable.Range(1, depth), i => Assert.Contains($"Step{i}", message, StringComparison.Ordinal));
        Assert.Contains("Thread.Sleep", message, StringComparison.Ordinal);
        Assert.True(
            message.IndexOf("Step2", StringComparison.Ordinal)
            < message.IndexOf("Thread.Sleep", StringComparison.Ordinal));
        Assert.Equal(
            [.. Enumerable.Range(2, depth - 1).Select(static i => $"Step{i}"), "Sleep"],
            found.AdditionalLocations.Select(Text).TakeLast(depth));
    }

    [Fact]
    public async Task ShortestChain_EndsAtTheBlockingCall()
    {
        var found = Assert.Single(await TransitiveSituation.AnalyzeAsync(
            "var text = H.Text;", "public static class H { public static string Text => File.ReadAllText(\"a\"); }"));

        Assert.Contains("File.ReadAllText", found.GetMessage(), StringComparison.Ordinal);
        Assert.Equal("ReadAllText", Text(found.AdditionalLocations[^1]));
    }

    private static string Text(Location location) =>
        location.SourceTree!.GetText().ToString(location.SourceSpan);
}
