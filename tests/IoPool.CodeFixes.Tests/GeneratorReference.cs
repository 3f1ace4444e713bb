using System.Collections.Immutable;
using IoPool.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.CodeFixes.Tests;

/// <summary>The generator as a project of a workspace has it.</summary>
internal sealed class GeneratorReference : AnalyzerReference
{
    public static readonly GeneratorReference Instance = new();

    // The workspace looks its results up by the instance.
    private readonly ImmutableArray<ISourceGenerator> _generators = [new PinnedMethodGenerator().AsSourceGenerator()];

    public override string FullPath => "/generators/IoPool.Generators.dll";

    public override object Id => FullPath;

    public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzers(string language) => [];

    public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzersForAllLanguages() => [];

    public override ImmutableArray<ISourceGenerator> GetGenerators(string language) => _generators;

    public override ImmutableArray<ISourceGenerator> GetGeneratorsForAllLanguages() => GetGenerators("");
}
