using System.Collections.Immutable;
using System.Text;
using IoPool.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.Benchmarks.Analyzers;

/// <summary>The generated files as text, and what to compile them with.</summary>
internal sealed class Solution
{
    private static readonly CSharpParseOptions s_parseOptions = new(LanguageVersion.CSharp14);
    private static readonly CSharpCompilationOptions s_options =
        new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);

    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. Basic.Reference.Assemblies.Net100.References.All,
        MetadataReference.CreateFromFile(typeof(PinnedAttribute).Assembly.Location),
    ];

    private readonly ImmutableArray<(string Path, SourceText Text)> _files;

    public Solution(int fileCount, bool isParallel)
    {
        IsParallel = isParallel;
        ImmutableArray<(string, SourceText)> written =
            [.. SolutionWriter.Write(fileCount).Select(static file => (file.Path, SourceText.From(file.Text, Encoding.UTF8)))];
        FileCount = written.Length;
        LineCount = written.Sum(static file => file.Item2.Lines.Count);
        _files = written;
        var generated = CSharpGeneratorDriver.Create([new PinnedMethodGenerator().AsSourceGenerator()], parseOptions: s_parseOptions)
            .RunGenerators(Parse()).GetRunResult().GeneratedTrees;
        // What the generator writes is compiled in every round, and its own time is in none.
        _files = written.AddRange(generated.Select(static tree => (tree.FilePath, tree.GetText())));
    }

    /// <summary>
    /// Whether compiler and analyzers use all processors. On one thread times add up, and what else the machine does
    /// slows the compiler and analyzers alike.
    /// </summary>
    public bool IsParallel { get; }

    public int FileCount { get; }

    public int LineCount { get; }

    /// <summary>A compilation that knows nothing yet: new trees, new symbols.</summary>
    public CSharpCompilation Parse()
    {
        var trees = _files.Select(static file => CSharpSyntaxTree.ParseText(file.Text, s_parseOptions, file.Path));
        return CSharpCompilation.Create("Shop", trees, s_references, s_options.WithConcurrentBuild(IsParallel));
    }
}
