using Basic.Reference.Assemblies;
using IoPool.Analyzers.Catalogue;
using IoPool.Catalogue;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IoPool.Analyzers.Tests;

/// <summary>The checked-in facts, what ships of them, and the symbols that they are about agree.</summary>
public sealed class CatalogueFactsTests
{
    private const string Framework = "Microsoft.NETCore.App";

    private static readonly FactFiles s_facts =
        FactFiles.Read(Path.Combine(FactFiles.Folder, "catalogue", "facts"));

    private static readonly Compilation s_framework =
        CSharpCompilation.Create("Facts", references: Net100.References.All);

    [Fact]
    public void ShippedFile_IsWhatTheToolMakesOfTheFacts()
    {
        var shipped = Path.Combine(FactFiles.Folder, "IoPool.Analyzers", "Catalogue", "blocking.tsv");

        Assert.Equal(ShippedFile.Write(s_facts), File.ReadAllText(shipped));
    }

    [Fact]
    public void EveryNote_IsUnderstood() => Assert.Empty(
        s_facts.Blocking
            .Where(static fact => fact.IsMember && !ShippedFile.IsNoteKnown(fact.Note))
            .Select(static fact => fact.Note));

    [Fact]
    public void UnknownNote_IsRefused()
    {
        var fact = new Fact("M:A.B", "file", "always", "", Framework, "exempt on Sundays", "");

        var problem = Assert.Throws<FactException>(() => ShippedFile.Write(new FactFiles([fact], [])));

        Assert.Contains("exempt on Sundays", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MemberTwice_IsRefused()
    {
        var fact = new Fact("M:A.B", "file", "always", "", Framework, "", "");

        Assert.Throws<FactException>(() => ShippedFile.Write(new FactFiles([fact, fact], [])));
    }

    [Fact]
    public void EveryCategory_HasARule() => Assert.Empty(
        s_facts.Blocking
            .Where(static fact => fact.IsMember && !CategoryRules.Has(fact.Category))
            .Select(static fact => fact.Category));

    [Fact]
    public void EveryFactOfTheFramework_IsAboutSomethingThatExists() => Assert.Empty(
        s_facts.Blocking
            .Where(static fact => fact is { IsMember: true, Origin: Framework } && !SymbolsOf(fact.Pattern).Any())
            .Select(static fact => fact.Pattern));

    [Fact]
    public void EveryFactOfTheFramework_IsFoundByItsSymbol()
    {
        var catalogue = CatalogueTests.Create();
        var entries = Shipped();

        Assert.Empty(
            s_facts.Blocking
                .Where(static fact => fact is { IsMember: true, Origin: Framework })
                .SelectMany(static fact => SymbolsOf(fact.Pattern).Select(symbol => (fact, symbol)))
                .Where(found => !IsExpected(
                    found.fact, entries[found.fact.Pattern], catalogue.Find(found.symbol, null)))
                .Select(static found => found.fact.Pattern));
    }

    [Fact]
    public void EveryExemptMemberOfTheFramework_IsSilent()
    {
        var catalogue = CatalogueTests.Create();
        var symbols = s_facts.Exemptions
            .Where(static exemption => exemption.IsMember)
            .SelectMany(static exemption => SymbolsOf(exemption.Pattern))
            .ToArray();

        Assert.NotEmpty(symbols);
        // CancellationTokenSource.Cancel is exempt, and known besides: off until a user asks for it.
        Assert.All(symbols, symbol => Assert.Equal(
            symbol.Name == "Cancel" ? null : Certainty.Never, catalogue.Find(symbol, null)?.Certainty));
    }

    [Fact]
    public void EveryTaskWait_IsSilentForCompletedTasks() => Assert.All(
        CatalogueTests.Rows().Where(static entry =>
            entry.Row.Category == "task-wait" && entry.Pattern.Name != "RunSynchronously"),
        static entry => Assert.Equal(Condition.Completed, entry.Row.Condition));

    [Fact]
    public void EveryCondition_IsUsed() => Assert.Equal(
        Enum.GetValues<Condition>().Order(),
        CatalogueTests.Rows().Select(static entry => entry.Row.Condition).Distinct().Order());

    private static Dictionary<string, CatalogueEntry> Shipped()
    {
        var byMember = CatalogueTests.Rows()
            .ToDictionary(static entry => entry.Pattern.TypeName + "\t" + entry.Pattern.Column);
        return s_facts.Blocking.Where(static fact => fact.IsMember).ToDictionary(
            static fact => fact.Pattern,
            fact => MemberPattern.Parse(fact.Pattern, out _) is { } pattern
                ? byMember[pattern.TypeName + "\t" + pattern.Column]
                : throw new InvalidOperationException(fact.Pattern));
    }

    private static bool IsExpected(Fact fact, CatalogueEntry entry, CatalogueRow? row) => entry.IsOn
        ? row is not null
            && row.Category == fact.Category
            && string.Equals(row.Certainty.ToString(), fact.Certainty, StringComparison.OrdinalIgnoreCase)
            && row.Condition == entry.Row.Condition
            && (row.Replacement ?? "") == fact.Replacement
        : row is null;

    private static IEnumerable<ISymbol> SymbolsOf(string pattern)
    {
        if (!pattern.EndsWith("(*)", StringComparison.Ordinal))
            return DocumentationCommentId.GetSymbolsForDeclarationId(pattern, s_framework);

        var parsed = MemberPattern.Parse(pattern, out _)!;
        return DocumentationCommentId.GetSymbolsForDeclarationId("T:" + parsed.TypeName, s_framework)
            .OfType<INamedTypeSymbol>()
            .SelectMany(type => type.GetMembers(parsed.Name == "#ctor" ? ".ctor" : parsed.Name));
    }
}
