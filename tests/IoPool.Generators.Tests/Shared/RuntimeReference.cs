using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IoPool.Generators.Tests.Shared;

/// <summary>The runtime as the compilations of the tests reference it, and small libraries beside it.</summary>
internal static class RuntimeReference
{
    public static PortableExecutableReference Instance { get; } =
        MetadataReference.CreateFromFile(typeof(PinnedAttribute).Assembly.Location);

    public static PortableExecutableReference Build(string assemblyName, string source, params MetadataReference[] more)
    {
        var compilation = CSharpCompilation.Create(
            assemblyName,
            [CSharpSyntaxTree.ParseText(source)],
            [.. Net100.References.All, .. more],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return MetadataReference.CreateFromImage(image.ToArray());
    }
}
