using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace IoPool.Analyzers.Tests;

/// <summary>A catalogue file of a user, as the compiler hands it over.</summary>
internal sealed class CatalogueText(string text, string path = "IoPool.BlockingApis.tsv") : AdditionalText
{
    private readonly SourceText _text = SourceText.From(text);

    public override string Path => path;

    public override SourceText GetText(CancellationToken cancellationToken = default) => _text;
}
