using System.Collections.Concurrent;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Analyzers.Blocking.Outlines;

/// <summary>The members of one type and of its bases, by name.</summary>
/// <remarks>Asked for nearly every name in every body: what is known takes one look.</remarks>
internal sealed class TypeMembers(MemberNames names, ITypeSymbol type)
{
    // Most types are asked for a few names only.
    private const int FewNames = 11;

    private readonly ConcurrentDictionary<string, MemberGroup> _all = new(concurrencyLevel: 1, FewNames);
    private ConcurrentDictionary<string, MemberGroup>? _seenInside;
    private IParameterSymbol[]? _primaryParameters;

    public ITypeSymbol Type { get; } = type;

    public MemberGroup Named(string name) =>
        _all.TryGetValue(name, out var known) ? known : _all.GetOrAdd(name, names.FindMembers(Type, name));

    /// <summary>Of these, what the type itself may see.</summary>
    public MemberGroup SeenInside(string name)
    {
        var seen = _seenInside ??= new ConcurrentDictionary<string, MemberGroup>(concurrencyLevel: 1, FewNames);
        return seen.TryGetValue(name, out var known) ? known : seen.GetOrAdd(name, SeenBy((INamedTypeSymbol)Type, name));
    }

    /// <summary>Of these, what another type may see: what nobody there may see is not meant.</summary>
    public MemberGroup SeenBy(INamedTypeSymbol user, string name)
    {
        var group = Named(name);
        foreach (var candidate in group.Candidates)
        {
            if (!candidate.IsPublic && !names.IsSeen(candidate.Symbol, user))
                return new MemberGroup([.. group.Candidates.Where(other => other.IsPublic || names.IsSeen(other.Symbol, user))]);
        }

        return group;
    }

    /// <summary>A parameter of the primary constructor, which the whole type sees.</summary>
    public IParameterSymbol? PrimaryParameter(string name)
    {
        foreach (var parameter in _primaryParameters ??= FindPrimaryParameters())
        {
            if (parameter.Name == name)
                return parameter;
        }

        return null;
    }

    private IParameterSymbol[] FindPrimaryParameters()
    {
        foreach (var constructor in (Type as INamedTypeSymbol)?.InstanceConstructors ?? [])
        {
            // A record may have its copy constructor beside it, which nobody has written.
            if (constructor.IsImplicitlyDeclared)
                continue;
            foreach (var reference in constructor.DeclaringSyntaxReferences)
            {
                if (reference.GetSyntax() is TypeDeclarationSyntax { ParameterList: not null })
                    return [.. constructor.Parameters];
            }
        }

        return [];
    }
}
