using System;
using System.Globalization;

namespace IoPool.Analyzers.Catalogue;

/// <summary>
/// A member as catalogues name it: a documentation-comment id, <c>M:Ns.Type.Method(System.Int32)</c>, or
/// <c>M:Ns.Type.Method(*)</c> for every overload.
/// </summary>
internal sealed class MemberPattern
{
    private const string PropertyPrefix = "P:";
    private const string EveryOverload = "*";
    private const int AnyArity = -1;

    private MemberPattern(string typeName, string column)
    {
        TypeName = typeName;
        Column = column;
        IsProperty = column.StartsWith(PropertyPrefix, StringComparison.Ordinal);
        var head = IsProperty ? column.Substring(PropertyPrefix.Length) : column;
        var open = head.IndexOf('(');
        if (open >= 0)
        {
            Parameters = head.Substring(open + 1, head.Length - open - 2);
            head = head.Substring(0, open);
        }
        else
        {
            Parameters = "";
        }

        if (Parameters == EveryOverload)
            Parameters = null;
        var arity = head.IndexOf("``", StringComparison.Ordinal);
        Name = arity < 0 ? head : head.Substring(0, arity);
        Arity = arity >= 0 ? int.Parse(head.Substring(arity + 2), CultureInfo.InvariantCulture)
            : Parameters is null ? AnyArity
            : 0;
    }

    /// <summary>The type as documentation ids write it: a dot before nested types, arity after a backtick.</summary>
    public string TypeName { get; }

    /// <summary>The member as the shipped file has it: <c>Wait()</c>, <c>Wait(*)</c>, <c>P:Result</c>.</summary>
    public string Column { get; }

    public bool IsProperty { get; }

    /// <summary>The simple name; <c>#ctor</c> for a constructor.</summary>
    public string Name { get; }

    /// <summary>The parameter types as documentation ids write them; null for every overload.</summary>
    public string? Parameters { get; }

    private int Arity { get; }

    /// <summary>The name that code uses: of a constructor, the one of its type.</summary>
    public string NameInCode => Name == "#ctor" ? SimpleNameOf(TypeName) : Name;

    public static MemberPattern FromColumn(string typeName, string column) => new(typeName, column);

    /// <summary>Null, and why, when it is no documentation id of a method, constructor or property.</summary>
    public static MemberPattern? Parse(string id, out string? problem)
    {
        problem = ProblemOf(id);
        if (problem is not null)
            return null;

        var isProperty = id.StartsWith(PropertyPrefix, StringComparison.Ordinal);
        var open = id.IndexOf('(');
        var parameters = open >= 0 ? id.Substring(open) : isProperty ? "" : "()";
        var head = open >= 0 ? id.Substring(2, open - 2) : id.Substring(2);
        var dot = head.LastIndexOf('.');
        var column = (isProperty ? PropertyPrefix : "") + head.Substring(dot + 1) + parameters;
        return new MemberPattern(head.Substring(0, dot), column);
    }

    public bool HasArity(int arity) => Arity == AnyArity || Arity == arity;

    /// <summary>The last name of a type, without its arity.</summary>
    public static string SimpleNameOf(string typeName)
    {
        var start = typeName.LastIndexOf('.') + 1;
        var end = typeName.IndexOf('`', start);
        return typeName.Substring(start, (end < 0 ? typeName.Length : end) - start);
    }

    private static string? ProblemOf(string id)
    {
        if (id.Length < 2 || id[1] != ':' || (id[0] != 'M' && id[0] != 'P'))
            return "a member starts with 'M:' (method, constructor) or 'P:' (property)";

        var open = id.IndexOf('(');
        var head = open < 0 ? id.Substring(2) : id.Substring(2, open - 2);
        var dot = head.LastIndexOf('.');
        if (dot <= 0 || dot == head.Length - 1 || !IsPath(head))
            return "after the prefix comes the full name of the type, a dot, and the member";
        if (open >= 0 && !IsParameterList(id, open))
            return "the parameter list is not one of a documentation-comment id";
        return null;
    }

    private static bool IsPath(string head)
    {
        for (var i = 0; i < head.Length; i++)
        {
            var isSign = head[i] is '_' or '`' or '#' || (head[i] == '.' && i > 0 && head[i - 1] != '.');
            if (!isSign && !char.IsLetterOrDigit(head[i]))
                return false;
        }

        return HasWholeArity(head);
    }

    private static bool HasWholeArity(string head)
    {
        var tick = head.IndexOf("``", StringComparison.Ordinal);
        return tick < 0
            || int.TryParse(head.Substring(tick + 2), NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }

    private static bool IsParameterList(string id, int open)
    {
        if (id[id.Length - 1] != ')' || id.IndexOf(')') != id.Length - 1)
            return false;

        var depth = 0;
        for (var i = open + 1; i < id.Length - 1; i++)
        {
            depth += id[i] switch
            {
                '{' or '[' => 1,
                '}' or ']' => -1,
                _ => 0,
            };
            if (depth < 0 || char.IsWhiteSpace(id[i]) || id[i] == '(')
                return false;
        }

        return depth == 0;
    }
}
