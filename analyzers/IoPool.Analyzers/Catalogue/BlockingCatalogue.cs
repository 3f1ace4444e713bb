using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Catalogue;

/// <summary>Which members block: the shipped facts and those of the user's catalogue files.</summary>
internal sealed class BlockingCatalogue
{
    private static readonly SymbolEqualityComparer s_symbols = SymbolEqualityComparer.Default;

    private readonly ImmutableArray<CatalogueFile> _files;
    private readonly ConcurrentDictionary<(ISymbol Member, INamedTypeSymbol? Receiver), CatalogueRow?> _found =
        new(new QuestionComparer());

    private BlockingCatalogue(ImmutableArray<CatalogueFile> files) => _files = files;

    /// <summary>The shipped catalogue with what the compilation's catalogue files add and exclude.</summary>
    public static BlockingCatalogue Create(AnalyzerOptions options, CancellationToken cancellation)
    {
        var files = ImmutableArray.CreateBuilder<CatalogueFile>();
        foreach (var file in options.AdditionalFiles)
        {
            if (CatalogueFile.Is(file.Path) && file.GetText(cancellation) is { } text)
                files.Add(CatalogueFile.Of(text));
        }

        return new BlockingCatalogue(files.ToImmutable());
    }

    /// <summary>Whether any member of this simple name is known; constructors go by the name of their type.</summary>
    public bool MayKnow(string name)
    {
        if (ShippedCatalogue.Table.MayKnow(name))
            return true;

        foreach (var file in _files)
        {
            if (file.Table.MayKnow(name))
                return true;
        }

        return false;
    }

    /// <summary>
    /// The row of a method, constructor or property, called on a receiver of some static type: the most derived type's
    /// row that there is, from the receiver's type upwards, then base members and interface members that it stands for.
    /// Null when nothing is known, or the row is off by default.
    /// </summary>
    public CatalogueRow? Find(ISymbol member, ITypeSymbol? receiverType)
    {
        var definition = DefinitionOf(member);
        if (definition.ContainingType is not { } declaring || !MayKnow(NameInCode(definition)))
            return null;

        var receiver = definition.IsStatic || IsConstructor(definition) || s_symbols.Equals(receiverType, declaring)
            ? null
            : receiverType?.OriginalDefinition as INamedTypeSymbol;
        if (!_found.TryGetValue((definition, receiver), out var row))
            _found[(definition, receiver)] = row = Search(definition, receiver);
        return row;
    }

    private static ISymbol DefinitionOf(ISymbol member)
    {
        if (member is IMethodSymbol method)
            member = method.AssociatedSymbol as IPropertySymbol ?? (ISymbol)(method.ReducedFrom ?? method);
        return member.OriginalDefinition;
    }

    private static bool IsConstructor(ISymbol member) => member is IMethodSymbol { MethodKind: MethodKind.Constructor };

    private static string NameInCode(ISymbol member) =>
        IsConstructor(member) ? member.ContainingType.Name : member.MetadataName;

    private CatalogueRow? Search(ISymbol member, INamedTypeSymbol? receiver)
    {
        var entry = FindInReceivingInterface(member, receiver)
            ?? FindInClasses(member, receiver)
            ?? FindInImplementedInterfaces(member);
        return entry is { IsOn: true } ? entry.Row : null;
    }

    /// <summary>Members of an interface may be known as those of an interface that inherits it.</summary>
    private CatalogueEntry? FindInReceivingInterface(ISymbol member, INamedTypeSymbol? receiver)
    {
        if (receiver is not { TypeKind: TypeKind.Interface })
            return null;
        if (At(receiver, member) is { } own)
            return own;

        foreach (var inherited in receiver.AllInterfaces)
        {
            if (Inherits(inherited, member.ContainingType) && At(inherited.OriginalDefinition, member) is { } entry)
                return entry;
        }

        return null;
    }

    private CatalogueEntry? FindInClasses(ISymbol member, INamedTypeSymbol? receiver)
    {
        var current = member;
        var type = Derives(receiver, member.ContainingType) ? receiver : member.ContainingType;
        for (; type is not null; type = type.BaseType?.OriginalDefinition)
        {
            if (At(type, current) is { } entry)
                return entry;
            if (!s_symbols.Equals(type, current.ContainingType))
                continue;
            if (OverriddenBy(current) is not { } overridden)
                return null;
            current = overridden;
        }

        return null;
    }

    private CatalogueEntry? FindInImplementedInterfaces(ISymbol member)
    {
        if (member.IsStatic || IsConstructor(member))
            return null;

        foreach (var contract in member.ContainingType.AllInterfaces)
        {
            if (!HasType(contract))
                continue;
            foreach (var promised in contract.GetMembers(member.Name))
            {
                if (Implements(member, promised)
                    && At(contract.OriginalDefinition, promised.OriginalDefinition) is { } entry)
                {
                    return entry;
                }
            }
        }

        return null;
    }

    /// <summary>The entry of a type's member; the user's files go before what ships.</summary>
    private CatalogueEntry? At(INamedTypeSymbol type, ISymbol member)
    {
        var shipped = ShippedCatalogue.Table.Find(type, member);
        foreach (var file in _files)
        {
            if (file.Table.Find(type, member) is UserEntry own)
                return own.Over(shipped);
        }

        return shipped;
    }

    private bool HasType(INamedTypeSymbol type)
    {
        if (ShippedCatalogue.Table.HasType(type))
            return true;

        foreach (var file in _files)
        {
            if (file.Table.HasType(type))
                return true;
        }

        return false;
    }

    private static bool Implements(ISymbol member, ISymbol promised)
    {
        var implementation = member.ContainingType.FindImplementationForInterfaceMember(promised)?.OriginalDefinition;
        for (var current = member; current is not null; current = OverriddenBy(current))
        {
            if (s_symbols.Equals(current, implementation))
                return true;
        }

        return false;
    }

    private static ISymbol? OverriddenBy(ISymbol member) => member switch
    {
        IMethodSymbol method => method.OverriddenMethod?.OriginalDefinition,
        IPropertySymbol property => property.OverriddenProperty?.OriginalDefinition,
        _ => null,
    };

    private static bool Derives(INamedTypeSymbol? type, INamedTypeSymbol from)
    {
        for (; type is not null; type = type.BaseType?.OriginalDefinition)
        {
            if (s_symbols.Equals(type, from))
                return true;
        }

        return false;
    }

    private static bool Inherits(INamedTypeSymbol type, INamedTypeSymbol from)
    {
        foreach (var inherited in type.AllInterfaces)
        {
            if (s_symbols.Equals(inherited.OriginalDefinition, from))
                return true;
        }

        return false;
    }

    private sealed class QuestionComparer : IEqualityComparer<(ISymbol Member, INamedTypeSymbol? Receiver)>
    {
        public bool Equals(
            (ISymbol Member, INamedTypeSymbol? Receiver) x, (ISymbol Member, INamedTypeSymbol? Receiver) y) =>
            s_symbols.Equals(x.Member, y.Member) && s_symbols.Equals(x.Receiver, y.Receiver);

        public int GetHashCode((ISymbol Member, INamedTypeSymbol? Receiver) question) =>
            (s_symbols.GetHashCode(question.Member) * 397) ^ s_symbols.GetHashCode(question.Receiver);
    }
}
