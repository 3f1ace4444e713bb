using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IoPool.Generators.Tests.Shared;

/// <summary>Compilations as a user's project would have them: nullable on, all warnings on.</summary>
internal static class TestCompilation
{
    public const string Path = "/src/Sample.cs";

    public static CSharpParseOptions Options(
        LanguageVersion version = LanguageVersion.CSharp14, params (string Name, string Value)[] features) =>
        new CSharpParseOptions(version, DocumentationMode.Parse)
            .WithFeatures(features.Select(f => KeyValuePair.Create(f.Name, f.Value)));

    public static CSharpCompilation Create(
        string source, CSharpParseOptions? options = null, params MetadataReference[] more) =>
        CSharpCompilation.Create(
            "Sample",
            [CSharpSyntaxTree.ParseText(source, options ?? Options(), Path)],
            [.. Net100.References.All, RuntimeReference.Instance, .. more],
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable,
                warningLevel: 9999));

    public static GeneratorDriver Driver(Compilation compilation) =>
        CSharpGeneratorDriver.Create(
            [new PinnedMethodGenerator().AsSourceGenerator()],
            parseOptions: (CSharpParseOptions)compilation.SyntaxTrees.First().Options,
            driverOptions: new GeneratorDriverOptions(
                IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
}
