using Basic.Reference.Assemblies;
using IoPool.Analyzers.Catalogue;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Tests;

/// <summary>What the catalogue answers for calls as they stand in code.</summary>
public sealed class CatalogueTests
{
    private const string Usings = """
        using System;
        using System.Collections.Concurrent;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        using System.Threading;
        using System.Threading.Tasks;

        """;

    [Theory]
    [InlineData("void M(Task task) => task.Wait();", "task-wait", nameof(Certainty.Always))]
    [InlineData("int M(Task<int> task) => task.Result;", "task-wait", nameof(Certainty.Always))]
    [InlineData("void M() => Thread.Sleep(1);", "sleep", nameof(Certainty.Always))]
    [InlineData("void M() => Thread.Sleep(TimeSpan.Zero);", "sleep", nameof(Certainty.Always))]
    [InlineData("object M() => new FileStream(\"x\", FileMode.Open);", "file", nameof(Certainty.Always))]
    [InlineData("object M(ParallelQuery<int> q) => q.Where(x => x > 1).ToList();", "plinq", nameof(Certainty.Always))]
    [InlineData("void M(BlockingCollection<int> c) => c.Take();", "collection", nameof(Certainty.Always))]
    [InlineData("void M(Lock l) { l.Enter(); }", "lock", nameof(Certainty.May))]
    public void Member_IsFound(string code, string category, string certainty)
    {
        var row = Find(code);

        Assert.NotNull(row);
        Assert.Equal((category, certainty), (row.Category, row.Certainty.ToString()));
    }

    [Theory]
    [InlineData("string M(int x) => x.ToString();")]
    [InlineData("object M() => new object();")]
    [InlineData("class Task { public void Wait() { } } void M(Task task) => task.Wait();")]
    [InlineData("object M(List<int> list) => list.ToArray();")]
    [InlineData("void M(StreamX s) => s.Flush(1); class StreamX : MemoryStream { public void Flush(int x) { } }")]
    [InlineData("void M(StreamX s) => s.Flush(); class StreamX : MemoryStream { public new void Flush() { } }")]
    public void UnknownMember_IsNotFound(string code) => Assert.Null(Find(code));

    [Theory]
    [InlineData("void M(FileStream s) => s.Flush();", "file")]
    [InlineData("void M(Stream s) => s.Flush();", "stream")]
    [InlineData("void M(MemoryStream s) => s.WriteByte(1);", "stream")]
    [InlineData("void M(Own s) => s.Flush(); class Own : FileStream { Own() : base(\"x\", FileMode.Open) { } "
        + "public override void Flush() { } }", "file")]
    [InlineData("void M(Own s) => s.CopyTo(Stream.Null); class Own : FileStream { "
        + "Own() : base(\"x\", FileMode.Open) { } }", "stream")]
    public void MostDerivedRow_Wins(string code, string category) => Assert.Equal(category, Find(code)?.Category);

    [Fact]
    public void RowOfDerivedType_HoldsForAMemberOfItsBase()
    {
        const string Code = """
            class Base { public void Read() { } }
            class Derived : Base;
            class Other : Base;
            void M(Derived derived) => derived.Read();
            """;

        Assert.Equal("user", Find(Code, Create("M:C.Derived.Read"))?.Category);
        Assert.Null(Find(Code, Create("M:C.Other.Read")));
    }

    [Fact]
    public void RowOfOverriddenMember_HoldsForTheOverride()
    {
        const string Code = """
            abstract class Base { public abstract void Read(int x); }
            class Derived : Base { public override void Read(int x) { } }
            void M(Derived derived) => derived.Read(1);
            """;

        Assert.NotNull(Find(Code, Create("M:C.Base.Read(System.Int32)")));
        Assert.Null(Find(Code, Create("M:C.Base.Read(System.Int64)")));
    }

    [Theory]
    [InlineData("class Impl : IContract { public void Read() { } } void M(Impl impl) => impl.Read();")]
    [InlineData("class Impl : IContract { public virtual void Read() { } } "
        + "class Derived : Impl { public override void Read() { } } void M(Derived impl) => impl.Read();")]
    [InlineData("interface IMore : IContract; void M(IMore more) => more.Read();")]
    public void RowOfInterface_HoldsForWhatImplementsIt(string code) => Assert.NotNull(
        Find("interface IContract { void Read(); } " + code, Create("M:C.IContract.Read")));

    [Fact]
    public void RowOfInterface_IsNotForAMethodOfItsNameOnly() => Assert.Null(Find(
        "interface IContract { void Read(); } class Impl : IContract { void IContract.Read() { } "
        + "public void Read() { } } void M(Impl impl) => impl.Read();",
        Create("M:C.IContract.Read")));

    [Fact]
    public void RowOfInheritingInterface_HoldsForAnInheritedMember()
    {
        const string Code = "interface IBase { void Read(); } interface IMore : IBase; "
            + "interface IMost : IMore; void M(IMost most) => most.Read();";

        Assert.NotNull(Find(Code, Create("M:C.IMore.Read")));
    }

    [Fact]
    public void NeverRow_StopsTheSearch()
    {
        const string Code = """
            class Base { public virtual void Read() { } }
            class Derived : Base { public override void Read() { } }
            void M(Derived derived) => derived.Read();
            """;

        var row = Find(Code, Create("M:C.Base.Read\nM:C.Derived.Read\tnever"));

        Assert.Equal(Certainty.Never, row?.Certainty);
    }

    [Theory]
    [InlineData("A(int x)", "A(1)", "A(System.Int32)")]
    [InlineData("A(int[] x, int[,] y, int[][] z)", "A(null, null, null)",
        "A(System.Int32[],System.Int32[0:,0:],System.Int32[][])")]
    [InlineData("A(ref int x)", "A(ref n)", "A(System.Int32@)")]
    [InlineData("A(in int x)", "A(n)", "A(System.Int32@)")]
    [InlineData("A<T, U>(T x, List<U> y)", "A(1, new List<int>())", "A``2(``0,System.Collections.Generic.List{``1})")]
    [InlineData("A(Dictionary<string, List<int>>.Enumerator x)", "A(default)", "A(System.Collections.Generic."
        + "Dictionary{System.String,System.Collections.Generic.List{System.Int32}}.Enumerator)")]
    [InlineData("A((int, string) x)", "A(default)", "A(System.ValueTuple{System.Int32,System.String})")]
    [InlineData("A(int? x, nint y, dynamic z)", "A(1, 1, 1)",
        "A(System.Nullable{System.Int32},System.IntPtr,System.Object)")]
    [InlineData("A(params object[] x)", "A()", "A(System.Object[])")]
    [InlineData("A()", "A()", "A")]
    [InlineData("A()", "A()", "A()")]
    [InlineData("A(int x)", "A(1)", "A(*)")]
    [InlineData("A<T>(T x)", "A(1)", "A(*)")]
    public void Signature_IsCompared(string declaration, string call, string pattern)
    {
        var code = $"static void {declaration} {{ }} void M(int n) => {call};";

        Assert.NotNull(Find(code, Create("M:C." + pattern)));
        Assert.Null(Find(code, Create("M:C.A(System.DateTime)")));
        Assert.Null(Find(code, Create("M:C.A``7(*)")));
    }

    [Fact]
    public void PointerParameters_AreCompared() => Assert.NotNull(Find(
        "static unsafe void A(int** x) { } unsafe void M() => A(null);", Create("M:C.A(System.Int32**)")));

    [Fact]
    public void TypeParametersOfOuterTypes_AreCounted() => Assert.NotNull(Find(
        "class Outer<T> { public class Inner<U> { public void A(T t, U u) { } } } "
        + "void M(Outer<int>.Inner<string> inner) => inner.A(1, null);",
        Create("M:C.Outer`1.Inner`1.A(`0,`1)")));

    [Fact]
    public void ExtensionMethod_IsFoundByItsDeclaration()
    {
        var row = Find("object M(IQueryable<int> q) => q.First();");

        Assert.Equal(("ef", Condition.Query, "FirstAsync"), (row?.Category, row?.Condition, row?.AsyncName));
        Assert.Equal("Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions", row?.AsyncType);
    }

    [Fact]
    public void Counterpart_OfTheSameType_HasNoTypeName()
    {
        var row = Find("void M(Stream s) => s.Flush();");

        Assert.Equal(("FlushAsync", null), (row?.AsyncName, row?.AsyncType));
    }

    [Theory]
    [InlineData("void M(Task t) => t.Wait(0);", nameof(Condition.Completed))]
    [InlineData("void M(SemaphoreSlim s) => s.Wait(0);", nameof(Condition.ZeroTimeout))]
    [InlineData("void M(Stream s) => s.Flush();", nameof(Condition.InMemory))]
    [InlineData("void M(System.Net.Sockets.Socket s) => s.Receive(new byte[1]);", nameof(Condition.BlockingSocket))]
    [InlineData("void M(System.Net.Sockets.TcpListener l) => l.AcceptSocket();", nameof(Condition.Pending))]
    [InlineData("object M(Lazy<int> l) => l.Value;", nameof(Condition.ValueCreated))]
    [InlineData("void M(BlockingCollection<int> c) => c.Add(1);", nameof(Condition.Bounded))]
    [InlineData("long M() => GC.GetTotalMemory(true);", nameof(Condition.TrueArgument))]
    [InlineData("bool M() => GC.TryStartNoGCRegion(1, true);", nameof(Condition.None))]
    [InlineData("void M(Stream s) => System.IO.Compression.ZipFile.ExtractToDirectory(s, \"x\");",
        nameof(Condition.None))]
    [InlineData("void M(FileStream s) => s.Flush(true);", nameof(Condition.None))]
    public void Condition_IsThatOfTheNote(string code, string condition) =>
        Assert.Equal(condition, Find(code)?.Condition.ToString());

    [Theory]
    [InlineData("void M(ConcurrentDictionary<int, int> d) => d.Clear();")]
    [InlineData("bool M() => System.Text.RegularExpressions.Regex.IsMatch(\"a\", \"b\");")]
    [InlineData("void M(System.Data.Common.DbDataReader r) => r.IsDBNull(1);")]
    public void RowThatIsOffByDefault_IsNotFound(string code) => Assert.Null(Find(code));

    [Fact]
    public void RowOfWhichOnlyOthersAreOff_IsFound() =>
        Assert.NotNull(Find("void M(System.Data.Common.DbDataReader r) => r.Close();"));

    [Theory]
    [InlineData("task-wait", nameof(Certainty.Always), null, "IOP1001")]
    [InlineData("spin", nameof(Certainty.Always), null, "IOP1002")]
    [InlineData("lock", nameof(Certainty.Always), null, "IOP1003")]
    [InlineData("lock", nameof(Certainty.May), null, "IOP1007")]
    [InlineData("plinq", nameof(Certainty.Always), null, "IOP1009")]
    [InlineData("file", nameof(Certainty.Always), "ReadAsync", "IOP1004")]
    [InlineData("file", nameof(Certainty.Always), null, "IOP1005")]
    [InlineData("file", nameof(Certainty.May), "ReadAsync", "IOP1006")]
    [InlineData("db", nameof(Certainty.May), "DisposeAsync", "IOP1008")]
    [InlineData("task-wait", nameof(Certainty.May), null, "IOP1006")]
    [InlineData("crypto", nameof(Certainty.Cpu), null, "IOP1010")]
    [InlineData("user", nameof(Certainty.Always), null, "IOP1014")]
    [InlineData("user", nameof(Certainty.May), null, "IOP1006")]
    public void Category_DecidesTheRule(string category, string certainty, string? asyncName, string rule) =>
        Assert.Equal(rule, CategoryRules.RuleOf(
            new CatalogueRow(category, Enum.Parse<Certainty>(certainty), Condition.None, null, asyncName, null)));

    [Theory]
    [InlineData("Wait", true)]
    [InlineData("Result", true)]
    [InlineData("FileStream", true)]
    [InlineData("#ctor", false)]
    [InlineData("ToUpperInvariant", false)]
    [InlineData("", false)]
    public void Name_IsKnownBeforeAnySymbol(string name, bool isKnown) =>
        Assert.Equal(isKnown, Create().MayKnow(name));

    internal static BlockingCatalogue Create(params string[] files) => BlockingCatalogue.Create(
        new AnalyzerOptions([.. files.Select(static text => new CatalogueText(text))]), CancellationToken.None);

    /// <summary>Every row that ships.</summary>
    internal static IEnumerable<CatalogueEntry> Rows() => ShippedCatalogue.Table.All();

    /// <summary>The row of the only call, creation or property in the method M of a class C.</summary>
    internal static CatalogueRow? Find(string members, BlockingCatalogue? catalogue = null)
    {
        var tree = CSharpSyntaxTree.ParseText($"{Usings}class C {{ {members} }}");
        var compilation = CSharpCompilation.Create(
            "Code",
            [tree],
            Net100.References.All,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        Assert.Empty(compilation.GetDiagnostics().Where(static d => d.Severity == DiagnosticSeverity.Error));
        var expression = tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()
            .Single(static method => method.Identifier.ValueText == "M")
            .DescendantNodes()
            .First(static node => node is InvocationExpressionSyntax or ObjectCreationExpressionSyntax
                || (node is MemberAccessExpressionSyntax && node.Parent is ArrowExpressionClauseSyntax));
        var model = compilation.GetSemanticModel(tree);
        var receiver = (expression as InvocationExpressionSyntax)?.Expression ?? expression;
        return (catalogue ?? Create()).Find(
            model.GetSymbolInfo(expression).Symbol!,
            receiver is MemberAccessExpressionSyntax access ? model.GetTypeInfo(access.Expression).Type : null);
    }
}
