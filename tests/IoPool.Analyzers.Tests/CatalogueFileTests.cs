using IoPool.Analyzers.Catalogue;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.Analyzers.Tests;

/// <summary>IOP1019, and what a user's catalogue files add, change and exclude.</summary>
public sealed class CatalogueFileTests
{
    private const string Call = "static void Read(int x) { } static void Read(string x) { } void M() => Read(1);";
    private const string Flush = "void M(FileStream s) => s.Flush();";
    private const string Clear = "void M(ConcurrentDictionary<int, int> d) => d.Clear();";
    private const string ClearId = "M:System.Collections.Concurrent.ConcurrentDictionary`2.Clear";

    [Fact]
    public void MemberOnly_BlocksSurely()
    {
        var row = Find(Call, "M:C.Read(System.Int32)");

        Assert.Equal(("user", Certainty.Always, Condition.None), (row?.Category, row?.Certainty, row?.Condition));
        Assert.Null(row?.Replacement);
    }

    [Fact]
    public void Columns_SayHowSurelyAndWhatInstead()
    {
        var row = Find(Call, "M:C.Read(*)\tmay\tawait ReadAsync(...)");

        Assert.Equal((Certainty.May, "await ReadAsync(...)"), (row?.Certainty, row?.Replacement));
    }

    [Fact]
    public void EmptyCertainty_IsTheUsualOne()
    {
        var row = Find(Call, "M:C.Read(*)\t\tread ahead");

        Assert.Equal((Certainty.Always, "read ahead"), (row?.Certainty, row?.Replacement));
    }

    [Fact]
    public void OtherOverload_IsNotMeant() => Assert.Null(Find(Call, "M:C.Read(System.String)"));

    [Fact]
    public void ExactOverload_GoesBeforeEveryOverload() =>
        Assert.Equal(Certainty.Cpu, Find(Call, "M:C.Read(*)\nM:C.Read(System.Int32)\tcpu")?.Certainty);

    [Fact]
    public void Comments_BlankLinesAndLineEndsOfWindows_AreFine()
    {
        const string Text = "# ours\r\n\r\nM:C.Read(*)\tmay\r\n   \r\n#M:C.Other\r\n";

        Assert.Empty(CatalogueFile.Of(SourceText.From(Text)).BadLines);
        Assert.Equal(Certainty.May, Find(Call, Text)?.Certainty);
    }

    [Fact]
    public void Name_IsKnownBeforeAnySymbol()
    {
        Assert.False(CatalogueTests.Create().MayKnow("ReadOurThing"));
        Assert.True(CatalogueTests.Create("M:C.ReadOurThing").MayKnow("ReadOurThing"));
        Assert.True(CatalogueTests.Create("M:Ns.OurThing`1.#ctor").MayKnow("OurThing"));
    }

    [Fact]
    public void ConstructorAndProperty_CanBeListed()
    {
        Assert.NotNull(Find("class A { } object M() => new A();", "M:C.A.#ctor"));
        Assert.NotNull(Find("class A { public int X { get; } } int M(A a) => a.X;", "P:C.A.X"));
        Assert.Null(Find("class A { public int X { get; } } int M(A a) => a.X;", "M:C.A.X"));
    }

    [Fact]
    public void Exclusion_SilencesAShippedRow()
    {
        Assert.NotNull(Find(Flush));
        Assert.Null(Find(Flush, "!M:System.IO.FileStream.Flush"));
        Assert.Null(Find(Flush, "!M:System.IO.FileStream.Flush(*)"));
    }

    [Fact]
    public void ExclusionOfTheBase_LeavesTheRowOfTheDerivedType() =>
        Assert.NotNull(Find(Flush, "!M:System.IO.Stream.Flush"));

    [Fact]
    public void ExclusionOfADerivedType_SilencesTheRowOfItsBase()
    {
        const string Code = "class Own : MemoryStream { } void M(Own s) => s.Flush();";

        Assert.NotNull(Find(Code));
        Assert.Null(Find(Code, "!M:C.Own.Flush"));
    }

    [Fact]
    public void RowThatIsOffByDefault_IsTurnedOnAsItIs()
    {
        var row = Find(Clear, ClearId);

        Assert.Equal(("collection", Certainty.May, "loop-confined Dictionary"),
            (row?.Category, row?.Certainty, row?.Replacement));
    }

    [Fact]
    public void ShippedRow_IsChangedInWhatTheLineSays()
    {
        var row = Find(Flush, "M:System.IO.FileStream.Flush\tmay\tdo not flush");

        Assert.Equal(("file", Certainty.May, "do not flush", "FlushAsync"),
            (row?.Category, row?.Certainty, row?.Replacement, row?.AsyncName));
    }

    [Fact]
    public void ShippedRowOfWhatNeverBlocks_CanBeOverruled()
    {
        const string Code = "void M(SemaphoreSlim s) => s.Release();";

        Assert.Equal(Certainty.Never, Find(Code)?.Certainty);
        Assert.Equal(Certainty.Always, Find(Code, "M:System.Threading.SemaphoreSlim.Release")?.Certainty);
    }

    [Fact]
    public void SeveralFiles_CountTogether()
    {
        var catalogue = CatalogueTests.Create("M:C.Read(System.String)", "M:C.Read(System.Int32)\tmay");

        Assert.Equal(Certainty.May, CatalogueTests.Find(Call, catalogue)?.Certainty);
    }

    [Theory]
    [InlineData("C.Read", "a member starts with 'M:' (method, constructor) or 'P:' (property)")]
    [InlineData("T:C", "a member starts with 'M:' (method, constructor) or 'P:' (property)")]
    [InlineData(" M:C.Read", "a member starts with 'M:' (method, constructor) or 'P:' (property)")]
    [InlineData("!", "a member starts with 'M:' (method, constructor) or 'P:' (property)")]
    [InlineData("M:", "after the prefix comes the full name of the type, a dot, and the member")]
    [InlineData("M:Read", "after the prefix comes the full name of the type, a dot, and the member")]
    [InlineData("M:C.", "after the prefix comes the full name of the type, a dot, and the member")]
    [InlineData("M:C..Read", "after the prefix comes the full name of the type, a dot, and the member")]
    [InlineData("M:C.Read may", "after the prefix comes the full name of the type, a dot, and the member")]
    [InlineData("M:C.Read``x(*)", "after the prefix comes the full name of the type, a dot, and the member")]
    [InlineData("M:C.Read``99999999999", "after the prefix comes the full name of the type, a dot, and the member")]
    [InlineData("M:C.Read(", "the parameter list is not one of a documentation-comment id")]
    [InlineData("M:C.Read(System.Int32", "the parameter list is not one of a documentation-comment id")]
    [InlineData("M:C.Read(int x)", "the parameter list is not one of a documentation-comment id")]
    [InlineData("M:C.Read(A{B)", "the parameter list is not one of a documentation-comment id")]
    [InlineData("M:C.Read(A)x", "the parameter list is not one of a documentation-comment id")]
    [InlineData("M:C.Read\tsometimes", "'sometimes' is no certainty; always, may, cpu and never are")]
    [InlineData("M:C.Read\tmay\tx\ty", "it has more than three columns")]
    [InlineData("!M:System.IO.Stream.Flush\tmay", "an exclusion is the member only")]
    [InlineData("!M:System.IO.Stream.Fluhs", "the catalogue has no member named 'Fluhs' to exclude")]
    public async Task BadLine_IsReportedWhereItIs(string line, string problem)
    {
        var diagnostic = Assert.Single(await AnalyzeAsync("# ours\n" + line + "\nM:C.Good\n"));

        Assert.Equal(("IOP1019", DiagnosticSeverity.Warning), (diagnostic.Id, diagnostic.Severity));
        Assert.Equal($"This line of 'IoPool.BlockingApis.Ours.tsv' is ignored: {problem}", diagnostic.GetMessage());
        var span = diagnostic.Location.GetLineSpan();
        Assert.Equal("folder/IoPool.BlockingApis.Ours.tsv", span.Path);
        Assert.Equal(new LinePositionSpan(new LinePosition(1, 0), new LinePosition(1, line.Length)), span.Span);
    }

    [Theory]
    [InlineData("M:C.Read\nM:C.Read\tmay")]
    [InlineData("M:C.Read\nM:C.Read()")]
    [InlineData("M:System.IO.Stream.Flush\n!M:System.IO.Stream.Flush")]
    public async Task SecondLineOfAMember_IsReported(string text)
    {
        var diagnostic = Assert.Single(await AnalyzeAsync(text));

        Assert.EndsWith("an earlier line is about the same member", diagnostic.GetMessage(), StringComparison.Ordinal);
        Assert.Equal(1, diagnostic.Location.GetLineSpan().StartLinePosition.Line);
    }

    [Theory]
    [InlineData("M:C.Read")]
    [InlineData("M:A.B.C`2.D.Read``1(System.Collections.Generic.List{`0}[],``0@,System.Int32*)\talways\tawait it")]
    [InlineData("P:C.Item(System.Int32)\tmay")]
    [InlineData("M:C.#ctor(*)\tcpu")]
    [InlineData("!P:System.Threading.Tasks.Task`1.Result")]
    [InlineData("M:C.Read\tmay\t")]
    public async Task GoodLine_IsSilent(string line) => Assert.Empty(await AnalyzeAsync(line));

    [Fact]
    public async Task BadLine_IsIgnoredAndTheOthersCount()
    {
        const string Text = "M:C.Read(\nM:C.Read(System.Int32)\tmay";

        Assert.Single(await AnalyzeAsync(Text));
        Assert.Equal(Certainty.May, Find(Call, Text)?.Certainty);
    }

    [Theory]
    [InlineData("Other.tsv")]
    [InlineData("IoPool.BlockingApis.txt")]
    [InlineData("x/BannedSymbols.txt")]
    public async Task OtherFile_IsNotRead(string path) => Assert.Empty(await AnalyzeAsync("nonsense", path));

    [Fact]
    public void Text_IsReadOnce()
    {
        var text = SourceText.From("M:C.Read");

        Assert.Same(CatalogueFile.Of(text), CatalogueFile.Of(text));
    }

    private static CatalogueRow? Find(string members, params string[] files) =>
        CatalogueTests.Find(members, CatalogueTests.Create(files));

    private static async Task<IEnumerable<Diagnostic>> AnalyzeAsync(
        string text, string path = "folder/IoPool.BlockingApis.Ours.tsv") =>
        await Situation.AnalyzeAsync(
            TestCompilation.Create("class C;"), options: new AnalyzerOptions([new CatalogueText(text, path)]));
}
