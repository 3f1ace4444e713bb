using System.Collections.Immutable;
using Basic.Reference.Assemblies;
using IoPool.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace IoPool.Docs.Tests;

/// <summary>A C# block as a project that references the package would compile it: generator and analyzers on.</summary>
internal sealed class Example
{
    private const string FragmentPrefix = "fragment: ";
    private const string ForeignPrefix = "not ours: ";
    private const string ReportedPrefix = "reported: ";

    private static readonly CSharpParseOptions s_parseOptions = new(LanguageVersion.CSharp14);

    private static readonly ImmutableArray<DiagnosticAnalyzer> s_analyzers =
    [
        .. System.Reflection.Assembly.Load("IoPool.Analyzers").GetTypes()
            .Where(static type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract)
            .OrderBy(static type => type.Name, StringComparer.Ordinal)
            .Select(static type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    private static readonly MetadataReference[] s_testReferences =
    [
        .. new[] { typeof(FactAttribute), typeof(Assert), typeof(FakeTimeProvider) }
            .Select(static type => MetadataReference.CreateFromFile(type.Assembly.Location)),
    ];

    private readonly string? _frame;

    internal Example(CodeBlock block)
    {
        Block = block;
        string marker = block.Marker ?? "";
        _frame = After(marker, FragmentPrefix);
        ReportedId = After(marker, ReportedPrefix);
        IsForeign = After(marker, ForeignPrefix) is not null;
        if (_frame is null && ReportedId is null && !IsForeign && block.Marker is not null)
            throw new ArgumentException($"The comment before the block says nothing that is known: {marker}\n{block}");

        string code = _frame is null ? block.Code : Frames.Wrap(_frame, block.Code);
        Tree = CSharpSyntaxTree.ParseText(code, s_parseOptions, path: "Program.cs");
        HasStatements = Tree.GetCompilationUnitRoot().Members.OfType<GlobalStatementSyntax>().Any();
    }

    internal CodeBlock Block { get; }

    internal SyntaxTree Tree { get; }

    /// <summary>Shows what another library looks like: there is nothing here to compile it with.</summary>
    internal bool IsForeign { get; }

    /// <summary>The rule that the page says is reported.</summary>
    internal string? ReportedId { get; }

    internal bool IsTestFile => _frame == Frames.TestFile;

    /// <summary>A whole program, to be run.</summary>
    internal bool IsProgram => HasStatements && _frame is null && ReportedId is null && !IsForeign;

    private bool HasStatements { get; }

    internal Compilation Compile(string assemblyName = "Example", SyntaxTree? program = null)
    {
        SyntaxTree[] trees =
        [
            program ?? Tree,
            CSharpSyntaxTree.ParseText(Frames.ImplicitUsings, s_parseOptions),
            .. IsTestFile ? [CSharpSyntaxTree.ParseText(Frames.TestUsings, s_parseOptions)] : Array.Empty<SyntaxTree>(),
        ];
        var compilation = CSharpCompilation.Create(
            assemblyName,
            trees,
            [
                .. Net100.References.All,
                MetadataReference.CreateFromFile(typeof(PinnedAttribute).Assembly.Location),
                .. IsTestFile ? s_testReferences : [],
            ],
            new CSharpCompilationOptions(
                HasStatements ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable,
                warningLevel: 9999,
                // The SDK's own: a library for an older framework refers to that one's assemblies.
                specificDiagnosticOptions: [KeyValuePair.Create("CS1701", ReportDiagnostic.Suppress)]));
        CSharpGeneratorDriver.Create([new PinnedMethodGenerator().AsSourceGenerator()], parseOptions: s_parseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out ImmutableArray<Diagnostic> generators);
        Assert.Empty(generators);
        return output;
    }

    /// <summary>What the compiler, the generator and the analyzers say, suggestions included.</summary>
    internal async Task<IReadOnlyList<Diagnostic>> FindComplaintsAsync()
    {
        var all = await Compile().WithAnalyzers(s_analyzers).GetAllDiagnosticsAsync();
        return [.. all.Where(static found => !found.IsSuppressed && found.Severity > DiagnosticSeverity.Hidden)];
    }

    private static string? After(string marker, string prefix) =>
        marker.StartsWith(prefix, StringComparison.Ordinal) ? marker[prefix.Length..] : null;
}
