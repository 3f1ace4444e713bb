using System.Linq;
using IoPool.Analyzers.Catalogue;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Blocking.Outlines;

/// <summary>What names and types mean in one compilation.</summary>
internal sealed class OutlineContext(Compilation compilation, BlockingCatalogue catalogue)
{
    public Compilation Compilation { get; } = compilation;

    public INamedTypeSymbol? SystemType { get; } = compilation.GetTypesByMetadataName("System.Type").FirstOrDefault();

    public MemberNames Members { get; } = new(compilation, catalogue);

    public TypeNames Types { get; } = new(compilation);
}
