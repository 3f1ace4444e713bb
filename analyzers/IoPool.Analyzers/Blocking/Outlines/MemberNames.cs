using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using IoPool.Analyzers.Blocking.Evidence;
using IoPool.Analyzers.Catalogue;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Blocking.Outlines;

/// <summary>What names mean in one compilation: members of types, extension methods, and of whatever it may be.</summary>
/// <remarks>
/// More members than the compiler would choose from: of all bases, whoever may see them. Who asks takes what fits, and
/// asks the compiler where that is not clear.
/// </remarks>
internal sealed class MemberNames
{
    // Files with members of one name that are looked at for a receiver of an unknown type.
    private const int MaxOfFiles = 16;

    private static readonly SymbolEqualityComparer s_symbols = SymbolEqualityComparer.Default;

    private readonly Compilation _compilation;
    private readonly BlockingCatalogue _catalogue;
    private readonly HelperBodies _bodies;
    private readonly ExtensionMethods _extensionMethods;
    private readonly Lazy<DeclaredNames> _names;
    private readonly ConcurrentDictionary<ITypeSymbol, TypeMembers> _members = new(s_symbols);
    private readonly ConcurrentDictionary<string, MemberGroup> _anywhere = new();
    private readonly ConcurrentDictionary<INamedTypeSymbol, MemberGroup> _constructors = new(s_symbols);
    private readonly ConcurrentDictionary<string, MemberGroup> _own = new();
    private readonly Lazy<bool> _mayAnyBlock;
    private readonly Lazy<MemberGroup> _textHandlers;

    public MemberNames(Compilation compilation, BlockingCatalogue catalogue)
    {
        _compilation = compilation;
        _catalogue = catalogue;
        _bodies = new HelperBodies(compilation);
        _names = new Lazy<DeclaredNames>(() => NamesIn(compilation));
        _mayAnyBlock = new Lazy<bool>(() => MayAnyNameBlock(compilation));
        _textHandlers = new Lazy<MemberGroup>(FindTextHandlers);
        _extensionMethods = new ExtensionMethods(compilation, IsOwnExtension);
    }

    /// <summary>Whether the compilation itself declares a member of a name.</summary>
    public bool IsOwn(string name) => _names.Value.FileCountOf(name) > 0;

    /// <summary>
    /// All members of a name that the compilation declares, or its operators by the name of the operator.
    /// </summary>
    public MemberGroup Own(string name) => _own.TryGetValue(name, out var known) ? known : _own.GetOrAdd(name, FindOwn(name));

    /// <summary>Whether the catalogue has any member of a name.</summary>
    public bool MayKnow(string name) => _catalogue.MayKnow(name);

    /// <summary>Whether the compilation declares an extension method of a name.</summary>
    public bool IsOwnExtension(string name) => _names.Value.ExtensionMethods.Contains(name);

    /// <summary>Whether a name is that of a member of an extension block, which may be meant on any receiver.</summary>
    public bool IsInExtensionBlock(string name) => _names.Value.InExtensionBlocks.Contains(name);

    /// <summary>The members of a type and of its bases.</summary>
    public TypeMembers Of(ITypeSymbol type) =>
        _members.TryGetValue(type, out var known) ? known : _members.GetOrAdd(type, new TypeMembers(this, type));

    public MemberGroup Of(ITypeSymbol type, string name) => Of(type).Named(name);

    public MemberGroup ConstructorsOf(INamedTypeSymbol type) =>
        _constructors.TryGetValue(type, out var known) ? known : _constructors.GetOrAdd(type, FindConstructors(type));

    /// <summary>The extension methods that a place sees for a receiver.</summary>
    public MemberGroup ExtensionsOf(OutlinePlace place, ITypeSymbol receiver, string name)
    {
        var extensions = _extensionMethods.Named(name, place);
        return extensions.IsEmpty ? MemberGroup.Empty
            : extensions.TryFind(receiver, out var known) ? known
            : extensions.Remember(receiver, Reduce(extensions, receiver));
    }

    /// <summary>Whether a type may see a member.</summary>
    public bool IsSeen(ISymbol member, INamedTypeSymbol user) =>
        s_symbols.Equals(member.ContainingType?.OriginalDefinition, user.OriginalDefinition)
        || _compilation.IsSymbolAccessibleWithin(member, user);

    /// <summary>The members that a name may mean, whatever it is a member of.</summary>
    public MemberGroup Anywhere(string name) =>
        _anywhere.TryGetValue(name, out var known) ? known : _anywhere.GetOrAdd(name, FindAnywhere(name));

    /// <summary>The constructors of the compilation's own types that an interpolated text may be turned into.</summary>
    public MemberGroup TextHandlers => _textHandlers.Value;

    private MemberGroup FindTextHandlers() => new(
    [
        .. Own("AppendLiteral").Candidates.Concat(Own("AppendFormatted").Candidates)
            .Select(static candidate => candidate.Symbol.ContainingType)
            .Distinct<INamedTypeSymbol>(s_symbols)
            .SelectMany(type => ConstructorsOf(type).Candidates),
    ]);

    private MemberGroup FindConstructors(INamedTypeSymbol type) =>
        new([.. type.InstanceConstructors.Select(constructor => Judge(constructor, type))]);

    /// <summary>Looks for the members of a type and of its bases; <see cref="TypeMembers"/> remember them.</summary>
    public MemberGroup FindMembers(ITypeSymbol type, string name)
    {
        var found = ImmutableArray.CreateBuilder<MemberCandidate>();
        if (type.TypeKind == TypeKind.Interface)
        {
            Add(type);
            foreach (var inherited in type.AllInterfaces)
                Add(inherited);
            Add(_compilation.ObjectType);
        }
        else
        {
            for (var current = type; current is not null; current = current.BaseType)
            {
                if (current.TypeKind == TypeKind.Error)
                    return MemberGroup.Unclear;
                Add(current);
            }
        }

        if (found.Count == 0 && type is INamedTypeSymbol { ConstructedFrom.SpecialType: SpecialType.System_Nullable_T } nullable)
            return Of(nullable.TypeArguments[0], name);
        return found.Count == 0 ? MemberGroup.Empty : new MemberGroup(found.ToImmutable());

        void Add(ITypeSymbol from)
        {
            foreach (var member in from.GetMembers(name))
                found.Add(Judge(member, type));
        }
    }

    private MemberGroup Reduce(ExtensionGroup extensions, ITypeSymbol receiver)
    {
        var found = ImmutableArray.CreateBuilder<MemberCandidate>();
        foreach (var extension in extensions.Methods)
        {
            if (extension.ReduceExtensionMethod(receiver) is { } reduced)
                found.Add(Judge(reduced, receiver));
        }

        return found.Count == 0 ? MemberGroup.Empty : new MemberGroup(found.ToImmutable());
    }

    private MemberGroup FindAnywhere(string name)
    {
        if (_mayAnyBlock.Value || name == "Dispose" || _catalogue.MayKnow(name))
            return MemberGroup.Unclear;
        // What is common is not looked at.
        return _names.Value.FileCountOf(name) > MaxOfFiles ? MemberGroup.Unclear : Own(name);
    }

    private MemberGroup FindOwn(string name)
    {
        if (!IsOwn(name))
            return MemberGroup.Empty;
        var found = ImmutableArray.CreateBuilder<MemberCandidate>();
        foreach (var tree in _names.Value.FilesWith(name, _compilation.SyntaxTrees))
        {
            foreach (var member in TreeOutlines.MembersOf(tree, default))
            {
                if (member.Name == name && SymbolOf(member, tree) is { } symbol)
                    found.Add(Judge(symbol, receiver: null));
            }
        }

        return new MemberGroup(found.ToImmutable(), isGuess: true);
    }

    private ISymbol? SymbolOf(DeclaredMember member, SyntaxTree tree)
    {
        var declared = ModelOf(tree).GetDeclaredSymbol(tree.GetRoot().FindNode(member.Span));
        // Of a record, it is the property that it makes.
        return declared is IParameterSymbol parameter
            ? parameter.ContainingType.GetMembers(parameter.Name).FirstOrDefault(static made => made is IPropertySymbol)
            : declared;
    }

    private MemberCandidate Judge(ISymbol member, ITypeSymbol? receiver)
    {
        if (member is IFieldSymbol or ITypeSymbol)
            return new MemberCandidate(member, mayBlock: false, mayWriteBlock: false, hasSource: HasSource(member));
        if (Contracts.IsBelievedNonBlocking(member))
            return new MemberCandidate(member, mayBlock: false, mayWriteBlock: false, hasSource: HasSource(member), isBelieved: true);
        var hasSource = HasSource(member);
        var isMarked = IsMarked(member);
        var mayBlock = isMarked
            || (member is IMethodSymbol method && (BodyScan.IsSynchronized(method) || IsSlowDisposal(method, receiver)))
            || (!hasSource && IsKnownToBlock(member, receiver));
        return new MemberCandidate(member, mayBlock, isMarked, hasSource);
    }

    private static bool IsMarked(ISymbol member) => Contracts.FindBlocking(member) is not null || member switch
    {
        IPropertySymbol property => IsMarked(property.GetMethod) || IsMarked(property.SetMethod),
        IEventSymbol changed => IsMarked(changed.AddMethod) || IsMarked(changed.RemoveMethod),
        _ => false,
    };

    private static bool IsMarked(IMethodSymbol? accessor) => accessor is not null
        && (Contracts.FindBlocking(accessor) is not null || BodyScan.IsSynchronized(accessor));

    private bool HasSource(ISymbol member) => member switch
    {
        IMethodSymbol method => _bodies.HasSource(method),
        IPropertySymbol property => (property.GetMethod ?? property.SetMethod) is { } accessor && _bodies.HasSource(accessor),
        _ => member.ContainingType is { } type && _bodies.HasSource(type),
    };

    private static bool IsSlowDisposal(IMethodSymbol method, ITypeSymbol? receiver) =>
        method is { Name: "Dispose", Parameters.Length: 0 } && AsyncDisposal.IsBetterFor(receiver);

    private bool IsKnownToBlock(ISymbol member, ITypeSymbol? receiver)
    {
        if (_catalogue.Find(member, receiver) is not { } row)
            return member is IMethodSymbol { IsStatic: false } method && GrpcClients.IsBlockingCall(method);
        return row.Certainty != Certainty.Never && row.Condition switch
        {
            // As their conditions ask the receiver, and that is known here.
            Condition.Query or Condition.QueryableSource => member is not IMethodSymbol { ReducedFrom: not null } || QuerySource.IsQueryable(receiver),
            Condition.InMemory => !IsInMemory(member, receiver),
            _ => true,
        };
    }

    private static bool IsInMemory(ISymbol member, ITypeSymbol? receiver) => !member.IsStatic
        && InMemory.IsKnown(receiver)
        && member is IPropertySymbol or IMethodSymbol { MethodKind: not MethodKind.Constructor }
        && !(member is IMethodSymbol method && method.Parameters.Any(static p => InMemory.IsMedium(p.Type)));

    // What nobody sees by its name: generated clients, and contracts on members of other assemblies.
    private static bool MayAnyNameBlock(Compilation compilation) =>
        !compilation.GetTypesByMetadataName("Grpc.Core.ClientBase").IsEmpty
        || compilation.SourceModule.ReferencedAssemblySymbols.Any(static assembly => assembly.Modules.Any(static module =>
            module.ReferencedAssemblies.Any(static reference => reference.Name == "IoPool")));

    private static DeclaredNames NamesIn(Compilation compilation)
    {
        var names = new DeclaredNames();
        foreach (var tree in compilation.SyntaxTrees)
            names.AddFile(TreeOutlines.MembersOf(tree, default));
        return names;
    }

#pragma warning disable RS1030 // Names are looked up in the file that an outline is of.
    private SemanticModel ModelOf(SyntaxTree tree) => _compilation.GetSemanticModel(tree);
#pragma warning restore RS1030

    private sealed class DeclaredNames
    {
        private readonly Dictionary<string, (int Count, int First, int Last)> _files = [];
        private int _fileCount;

        public HashSet<string> ExtensionMethods { get; } = [];

        public HashSet<string> InExtensionBlocks { get; } = [];

        /// <summary>In how many files a name is declared.</summary>
        public int FileCountOf(string name) => _files.TryGetValue(name, out var files) ? files.Count : 0;

        /// <summary>The files from the first to the last in which a name is declared.</summary>
        public IEnumerable<SyntaxTree> FilesWith(string name, IEnumerable<SyntaxTree> all) =>
            _files.TryGetValue(name, out var files) ? all.Skip(files.First).Take(files.Last - files.First + 1) : [];

        public void AddFile(DeclaredMember[] members)
        {
            foreach (var member in members)
            {
                var isKnown = _files.TryGetValue(member.Name, out var files);
                if (!isKnown || files.Last != _fileCount)
                    _files[member.Name] = (files.Count + 1, isKnown ? files.First : _fileCount, _fileCount);
                if (member.Kind == DeclaredMemberKind.ExtensionMethod)
                    ExtensionMethods.Add(member.Name);
                else if (member.Kind == DeclaredMemberKind.InExtensionBlock)
                    InExtensionBlocks.Add(member.Name);
            }

            _fileCount++;
        }
    }
}
