using System.Runtime.CompilerServices;
using Basic.Reference.Assemblies;
using IoPool.Analyzers.Blocking;
using IoPool.Analyzers.Blocking.Outlines;
using IoPool.Analyzers.Catalogue;
using IoPool.Analyzers.Tests.Support;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Tests;

/// <summary>
/// Which helpers need not be bound. That what is said of the others is right, every situation of every rule compares:
/// see <see cref="OutlineComparison"/>.
/// </summary>
public sealed class OutlineTests
{
    private const string Members = """
            readonly List<string> _names = [];
            readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);
            readonly Other _other = new();
            int Length => _names.Count + _known.Count;
            static int Sum(int a, int b) => a + b;
            event Action? Changed;
            int _count;
        """;

    private const string Types = """
        sealed class Other : IEquatable<Other>
        {
            public Other? Next { get; set; }
            public string Title { get; init; } = "";
            public int this[int index] => index;
            public static Other operator +(Other a, Other b) => a;
            public static implicit operator int(Other o) => 1;
            public bool Equals(Other? other) => true;
            public override string ToString() => Title;
            public void Deconstruct(out int a, out int b) => (a, b) = (1, 2);
        }

        enum Kind { One, Two }
        record Point(int X, int Y);
        """;

    [Theory]
    [InlineData("return;")]
    [InlineData("foreach (var part in text.Split(',')) { if (int.TryParse(part.AsSpan().Trim(), out var n)) _count += n; }")]
    [InlineData("if (_known.TryGetValue(text, out var known)) _count = known + 1;")]
    [InlineData("var l = _names.Where(n => n.Length > 1).OrderBy(n => n.Length).FirstOrDefault(); if (l is not null) _count = l.Length;")]
    [InlineData("var groups = _names.GroupBy(n => n.Length).ToDictionary(g => g.Key, g => g.Count()); _count = groups.Values.Sum();")]
    [InlineData("var b = new StringBuilder(text.Length); b.Append(text).Append('a'); _names.Add(b.ToString().Trim('-'));")]
    [InlineData("var reader = new StringReader(text); while (reader.ReadLine() is { } line) _names.Add(line);")]
    [InlineData("var stream = new MemoryStream(); stream.Write(Encoding.UTF8.GetBytes(text)); stream.Position = 0; _count = (int)stream.Length;")]
    [InlineData("var queue = new Queue<string>(text.Split(' ')); while (queue.Count > 0) _names.Add(queue.Dequeue()[1..]);")]
    [InlineData("for (var i = 0; i < _names.Count; i++) _count += _names[i].Length;")]
    [InlineData("var i = 0; while (i < 10) i++; do { i--; } while (i > 0);")]
    [InlineData("_count = text switch { \"\" => 0, { Length: < 4 } => 1, _ when _known.ContainsKey(text) => 2, _ => text.Length };")]
    [InlineData("switch (text) { case \"a\": _count++; break; case { Length: > 3 } t: _names.Add(t); break; default: return; }")]
    [InlineData("var both = _other + new Other { Title = text }; _names.Add(both.Title.Replace(\"a\", \"b\"));")]
    [InlineData("_names.Add($\"{text.PadRight(20)}|{Length,8}|{_other}\" + _other);")]
    [InlineData("try { _count = checked(_count + 1); } catch (OverflowException e) when (e.Message.Length > 1) { throw; } finally { _count = 0; }")]
    [InlineData("int Local(int x) { return Twice(x) + 1; } int Twice(int x) => x * 2; _count = Local(3);")]
    [InlineData("Changed?.Invoke(); Changed += () => _count++; Action a = () => _names.Clear(); a();")]
    [InlineData("var (a, b) = (1, 2); (_count, a) = (a, b); var (c, d) = _other;")]
    [InlineData("_count = _other.Next?.Next?.Title.Length ?? 0; _other.Next ??= new Other();")]
    [InlineData("Span<char> buffer = stackalloc char[4]; if (1.TryFormat(buffer, out var w)) foreach (var c in buffer[..w]) _count += c;")]
    [InlineData("var p = new Point(1, 2) with { X = 3 }; _count = p.X + p.Y; _names.Add(nameof(Point));")]
    [InlineData("Kind k = Kind.One; _count = k == Kind.Two ? 1 : (int)k; _ = typeof(string).Name; _ = default(Kind); _ = new int[3];")]
    [InlineData("object o = text; if (o is string { Length: > 2 } s && s.StartsWith('a')) _names.AddRange([s, .. _names]);")]
    [InlineData("_names.Sort(StringComparer.Ordinal); _count = Math.Max(Sum(1, 2), _other[3]) + _names[^1].Length;")]
    [InlineData("using var e = _names.GetEnumerator(); while (e.MoveNext()) _count++;")]
    [InlineData("foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries)) _names.Add(part);")]
    [InlineData("var cells = text.Split(';'); foreach (var cell in cells.Skip(2)) _names.Add(cell);")]
    [InlineData("foreach (var name in _names.Select(n => n.Trim()).Concat([text]).Distinct()) _known.Add(name, 1);")]
    [InlineData("Interlocked.Increment(ref _count); Volatile.Write(ref _count, 2);")]
    public void OrdinaryCode_NeedsNoBinding(string statements) => Assert.False(MayBlock(statements));

    [Theory]
    [InlineData("Thread.Sleep(1);")]
    [InlineData("_ = File.ReadAllText(text);")]
    [InlineData("Task.Delay(1).Wait();")]
    [InlineData("_names.ForEach(n => File.Delete(n));")]
    [InlineData("lock (_names) { }")]
    [InlineData("while (true) { }")]
    [InlineData("while (_count == 0) { }")]
    [InlineData("while (!Volatile.Read(ref _done)) { }")]
    [InlineData("for (; ; ) _count++;")]
    [InlineData("_names.Select(File.ReadAllText).ToList();")]
    [InlineData("dynamic d = text; d.Wait();")]
    [InlineData("Blocked.Of(text);")]
    [InlineData("IDisposable d = new Closer(); d.Dispose();")]
    [InlineData("using (var d = new Closer()) { }")]
    [InlineData("_ = from n in _names select n;")]
    [InlineData("foreach (var n in _names.AsQueryable()) { }")]
    [InlineData("IEnumerable<string> all = _names.AsQueryable(); all.ToList();")]
    public void WhatMayBlock_IsBound(string statements) => Assert.True(MayBlock(statements));

    [Fact]
    public void NestedTypes_AreNotSeenByOtherTypesOfTheirNamespace()
    {
        // The first type that looks a name up has one of its own: what it finds is not kept for the second.
        const string Source = """
            class First { class Worker { public static void Run() { } } public void Go() => Worker.Run(); }
            class Second { public void Go() => Worker.Run(); }
            class Worker { public static void Run() => Thread.Sleep(1); }
            """;
        var (graph, filter, compilation) = Analyze(Source);

        Assert.False(filter.MayBlock(MethodOf(compilation, "First", "Go"), graph, Budget()));
        Assert.True(filter.MayBlock(MethodOf(compilation, "Second", "Go"), graph, Budget()));
    }

    [Fact]
    public void OutlinesOfAFile_OutliveAChangeOfAnother()
    {
        var compilation = TestCompilation.Create("class A { void M() => B.N(); }")
            .AddSyntaxTrees(CSharpSyntaxTree.ParseText("class B { public static void N() { } }", TestCompilation.Options(), "/src/B.cs"));
        var before = OutlineOf(compilation, "A", "M");
        var other = OutlineOf(compilation, "B", "N");
        var changed = compilation.ReplaceSyntaxTree(
            compilation.SyntaxTrees[1],
            CSharpSyntaxTree.ParseText("class B { public static void N() => Thread.Sleep(1); }", TestCompilation.Options(), "/src/B.cs"));

        Assert.Same(before, OutlineOf(changed, "A", "M"));
        Assert.NotSame(other, OutlineOf(changed, "B", "N"));
    }

    [Fact]
    public void DeepExpression_IsGivenUp()
    {
        var deep = string.Concat(Enumerable.Repeat("(", 5_000)) + "1" + string.Concat(Enumerable.Repeat(")", 5_000));
        var method = (MethodDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration($"int M() => {deep};")!;
        var sum = (MethodDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration(
            $"int M() => {string.Join('+', Enumerable.Repeat("1", 5_000))};")!;

        Assert.False(OutlineReader.Read(method, null!).IsClear);
        Assert.True(OutlineReader.Read(sum, null!).IsClear);
    }

    [Theory]
    [InlineData("src/IoPool")]
    [InlineData("analyzers/IoPool.Analyzers")]
    public void RealCode_IsJudgedAsItIsWhenItIsBound_AndMostOfItIsNot(string folder)
    {
        var compilation = Compile(folder);
        OutlineComparison.Verify(compilation, new AnalyzerOptions([]));

        var (graph, filter) = FilterOf(compilation);
        var harmless = OutlineComparison.MethodsOf(compilation).Where(method => graph.ChainOf(method, Budget()) is null).ToArray();
        var bound = harmless.Count(method => filter.MayBlock(method, graph, Budget()));
        Assert.True(bound < harmless.Length / 10, $"{bound} of {harmless.Length} harmless members are bound.");
    }

    [Theory]
    [InlineData("MemoryBarrier()", "Sleep(1)")]
    [InlineData("Sleep(1)", "MemoryBarrier()")]
    public void ANamespaceAtTheStartOfAFile_IsNotTheScopeOfTheTypesBehindIt(string inside, string outside) => VerifyBothWays($$"""
        namespace N
        {
            static class Worker { public static void Go() => System.Threading.Thread.{{inside}}; }
            class First { void Run() => Worker.Go(); }
        }
        static class Worker { public static void Go() => System.Threading.Thread.{{outside}}; }
        class Second { void Run() => Worker.Go(); }
        """);

    [Theory]
    [InlineData("MemoryBarrier()", "Sleep(1)")]
    [InlineData("Sleep(1)", "MemoryBarrier()")]
    public void TheUsingsOfANamespace_AreOnlyThoseOfItsTypes(string one, string other) => VerifyBothWays($$"""
        namespace A { static class Worker { public static void Go() => System.Threading.Thread.{{one}}; } }
        namespace B { static class Worker { public static void Go() => System.Threading.Thread.{{other}}; } }
        namespace N { using A; class First { void Run() => Worker.Go(); } }
        namespace N { using B; class Second { void Run() => Worker.Go(); } class Third { void Run() => Worker.Go(); } }
        namespace N { using A; class Fourth { void Run() => Worker.Go(); } }
        """);

    private static void VerifyBothWays(string file)
    {
        var compilation = TestCompilation.Create(file);
        Assert.DoesNotContain(compilation.GetDiagnostics(), static found => found.Severity == DiagnosticSeverity.Error);
        OutlineComparison.Verify(compilation, new AnalyzerOptions([]));
        var (graph, _) = FilterOf(compilation);
        Assert.Contains(OutlineComparison.MethodsOf(compilation), method => method.Name == "Run" && graph.ChainOf(method, Budget()) is not null);
        Assert.Contains(OutlineComparison.MethodsOf(compilation), method => method.Name == "Run" && graph.ChainOf(method, Budget()) is null);
    }

    // Without what generators would add, and the references that only some of it needs.
    private static CSharpCompilation Compile(string folder, [CallerFilePath] string path = "")
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../..", folder));
        var files = Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        var references = new[] { typeof(Compilation), typeof(CSharpCompilation) }
            .Select(static type => MetadataReference.CreateFromFile(type.Assembly.Location));
        return TestCompilation.Create(
                "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
                + "global using System.Threading; global using System.Threading.Tasks;")
            .WithReferences([.. Net100.References.All, .. references])
            .AddSyntaxTrees(files.Select(static file =>
                CSharpSyntaxTree.ParseText(File.ReadAllText(file), TestCompilation.Options(), file)));
    }

    private static bool MayBlock(string statements)
    {
        var (graph, filter, compilation) = Analyze($$"""
            class Handler
            {
            {{Members}}
                bool _done;
                void Run(string text)
                {
                    {{statements}}
                }
            }

            {{Types}}

            static class Blocked { [Blocking] public static void Of(string text) { } }
            sealed class Closer : IDisposable { void IDisposable.Dispose() => Thread.Sleep(1); }
            """);
        return filter.MayBlock(MethodOf(compilation, "Handler", "Run"), graph, Budget());
    }

    private static (BlockingGraph Graph, OutlineFilter Filter, Compilation Compilation) Analyze(string source)
    {
        var compilation = TestCompilation.Create(Situation.Usings + source);
        var (graph, filter) = FilterOf(compilation);
        return (graph, filter, compilation);
    }

    private static (BlockingGraph Graph, OutlineFilter Filter) FilterOf(Compilation compilation)
    {
        var options = new AnalyzerOptions([]);
        var catalogue = BlockingCatalogue.Create(options, CancellationToken.None);
        var filter = new OutlineFilter(compilation, catalogue);
        return (new BlockingGraph(compilation, options, catalogue, filter), filter);
    }

    private static Outline OutlineOf(Compilation compilation, string type, string method) =>
        TreeOutlines.Of(MethodOf(compilation, type, method).DeclaringSyntaxReferences.Single(), CancellationToken.None);

    private static IMethodSymbol MethodOf(Compilation compilation, string type, string method) =>
        compilation.GetTypeByMetadataName(type)!.GetMembers(method).OfType<IMethodSymbol>().Single();

    private static ScanBudget Budget() => new(CancellationToken.None);
}
