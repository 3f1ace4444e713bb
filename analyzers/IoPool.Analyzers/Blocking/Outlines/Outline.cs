using System;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Blocking.Outlines;

internal enum StepKind : byte
{
    /// <summary>A value of a type that no outline knows.</summary>
    Unknown,

    /// <summary>A value of the type in <see cref="Step.Type"/>.</summary>
    Typed,
    SystemType,
    This,
    Base,
    Global,

    /// <summary>The local number A.</summary>
    Local,

    /// <summary>A name that is no local: a parameter, a member, a type, a namespace.</summary>
    Name,

    /// <summary>A name behind the value A.</summary>
    Member,

    /// <summary>A call of a name, behind the value A unless that is negative.</summary>
    Call,

    /// <summary>A call of the local A: a local function or a delegate.</summary>
    LocalCall,
    Creation,

    /// <summary>new(), for the type of the value A, or the declared type, or what the member returns.</summary>
    TargetCreation,
    ConstructorCall,
    Element,
    Operator,
    Conversion,

    /// <summary>The value A, which is not null there: of a nullable value, the value in it.</summary>
    NotNull,

    /// <summary>The value A, or null instead of it.</summary>
    MaybeNull,
    Choice,
    Await,

    /// <summary>The value A becomes part of a text.</summary>
    Text,

    /// <summary>A text with holes, which a type that is made for that may take.</summary>
    Interpolated,

    /// <summary>Gives the local A the value B, or the declared type.</summary>
    Declare,
    Assign,

    /// <summary>An element of the sequence A.</summary>
    Enumerate,

    /// <summary>A lambda begins: argument B of the call A; its parameters are the locals in the arguments.</summary>
    Lambda,

    /// <summary>The lambda that began at A ends, with the result B.</summary>
    LambdaEnd,
    Using,
    Deconstruct,
}

[Flags]
internal enum StepFlags : byte
{
    None = 0,
    Written = 1,
    Read = 2,
    IsAwait = 4,
    IsRange = 8,

    IsReturn = 16,

    /// <summary>An out variable that is declared where it is passed, without a type.</summary>
    Declared = 32,

    /// <summary>An element that is counted from the end.</summary>
    IsFromEnd = 64,
}

/// <summary>One step of an outline; what it works on are the numbers of earlier steps.</summary>
internal struct Step
{
    public StepKind Kind;
    public StepFlags Flags;
    public int A;
    public int B;
    public int ArgumentStart;
    public int ArgumentCount;
    public string? Name;
    public TypeName? Type;
    public TypeName[]? TypeArguments;
}

/// <summary>
/// What one member does, as far as its syntax tells: names that are read, called and made, in the order in which they
/// are evaluated, without anything bound. It knows no symbols, and so outlives the compilation.
/// </summary>
internal sealed class Outline(OutlineScope scope, Step[] steps, int[] arguments, int localCount)
{
    /// <summary>A member that only the compiler can tell about.</summary>
    public static Outline Unclear { get; } = new(null!, [], [], -1);

    public OutlineScope Scope { get; } = scope;

    public Step[] Steps { get; } = steps;

    public int LocalCount { get; } = localCount;

    public bool IsClear => LocalCount >= 0;

    public ReadOnlySpan<int> ArgumentsOf(in Step step) => arguments.AsSpan(step.ArgumentStart, step.ArgumentCount);
}

/// <summary>Where names are looked up: the namespaces and using directives around a type.</summary>
/// <param name="tree">A file that has them.</param>
/// <param name="key">The text of them: types of the same text see the same names.</param>
/// <param name="position">A place in the file that sees just these.</param>
internal sealed class OutlineScope(SyntaxTree tree, string key, int position) : IEquatable<OutlineScope>
{
    private readonly int _hash = StringComparer.Ordinal.GetHashCode(key);

    public SyntaxTree Tree { get; } = tree;

    public int Position { get; } = position;

    private string Key { get; } = key;

    public bool Equals(OutlineScope? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Key == other.Key);

    public override bool Equals(object? obj) => Equals(obj as OutlineScope);

    public override int GetHashCode() => _hash;
}
