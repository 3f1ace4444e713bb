using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace IoPool.Docs.Tests;

/// <summary>
/// The code of the README and of docs is true: it compiles as a reader would compile it, nothing is reported, and what is a
/// whole program, or a test, runs.
/// </summary>
public sealed class ExampleTests
{
    private static readonly TimeSpan s_ceiling = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<(string Page, int Line), Example> s_examples = Pages.WithCode
        .SelectMany(Pages.BlocksOf)
        .Where(static block => block.Language == "csharp")
        .ToDictionary(static block => (block.Page, block.Line), static block => new Example(block));

    public static TheoryData<string, int> Fine => Select(static example => !example.IsForeign && example.ReportedId is null);

    public static TheoryData<string, int> Reported => Select(static example => example.ReportedId is not null);

    public static TheoryData<string, int> Foreign => Select(static example => example.IsForeign);

    public static TheoryData<string, int> Programs => Select(static example => example.IsProgram);

    public static TheoryData<string, int> TestFiles => Select(static example => example.IsTestFile);

    [Theory]
    [MemberData(nameof(Fine))]
    public async Task Block_CompilesAndNothingIsReported(string page, int line)
    {
        Example example = s_examples[(page, line)];
        IReadOnlyList<Diagnostic> complaints = await example.FindComplaintsAsync();
        Assert.True(complaints.Count == 0, $"{string.Join('\n', complaints)}\n{example.Block}");
    }

    [Theory]
    [MemberData(nameof(Reported))]
    public async Task BlockThatBreaksARule_IsReportedByThatRuleAndNothingElse(string page, int line)
    {
        Example example = s_examples[(page, line)];
        IReadOnlyList<Diagnostic> complaints = await example.FindComplaintsAsync();
        Assert.Equal([example.ReportedId!], complaints.Select(static complaint => complaint.Id).Distinct());
    }

    [Theory]
    [MemberData(nameof(Foreign))]
    public void BlockOfAnotherLibrary_IsCSharpAtLeast(string page, int line) =>
        Assert.Empty(s_examples[(page, line)].Tree.GetDiagnostics());

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Program_RunsAndDoesWhatThePageSays(string page, int line)
    {
        Example example = s_examples[(page, line)];
        await using var program = new ExampleProgram(example);
        string output = await program.RunAsync().WaitAsync(s_ceiling);

        if (OutputOf(example.Block) is { } shown)
            Assert.Equal(shown, output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void EveryOutputThatAPageShows_IsThatOfAProgram()
    {
        int shown = Pages.WithCode.SelectMany(Pages.BlocksOf).Count(static block => block.Marker == ExampleProgram.OutputMarker);
        int compared = s_examples.Values.Count(static example => example.IsProgram && OutputOf(example.Block) is not null);
        Assert.Equal(shown, compared);
    }

    [Theory]
    [MemberData(nameof(TestFiles))]
    public async Task TestFile_Passes(string page, int line)
    {
        using var image = new MemoryStream();
        var emitted = s_examples[(page, line)].Compile().Emit(image);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        image.Position = 0;

        var context = new AssemblyLoadContext(page, isCollectible: true);
        try
        {
            MethodInfo[] facts =
            [
                .. context.LoadFromStream(image).GetExportedTypes().SelectMany(static type => type.GetMethods())
                    .Where(static method => method.GetCustomAttribute<FactAttribute>() is not null),
            ];
            Assert.NotEmpty(facts);
            foreach (MethodInfo fact in facts)
                await RunAsync(fact).WaitAsync(s_ceiling);
        }
        finally
        {
            context.Unload();
        }
    }

    /// <summary>What the page says that a program prints: marked, and before any other C#.</summary>
    private static string? OutputOf(CodeBlock program) => Pages.BlocksOf(program.Page)
        .Where(block => block.Line > program.Line)
        .TakeWhile(static block => block.Language != "csharp")
        .FirstOrDefault(static block => block.Marker == ExampleProgram.OutputMarker)?.Code;

    private static Task RunAsync(MethodInfo fact)
    {
        object instance = Activator.CreateInstance(fact.DeclaringType!)!;
        return fact.Invoke(instance, null) as Task ?? Task.CompletedTask;
    }

    private static TheoryData<string, int> Select(Func<Example, bool> filter)
    {
        var data = new TheoryData<string, int>();
        foreach (Example example in s_examples.Values.Where(filter))
            data.Add(example.Block.Page, example.Block.Line);
        return data;
    }
}
