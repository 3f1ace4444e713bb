using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace IoPool.CodeFixes;

/// <summary>One way to fix what a rule reports.</summary>
/// <param name="title">What the user chooses; <c>{0}</c> stands for the name at the place of the change.</param>
/// <param name="key">The same for every place, so that all of them can be fixed at once.</param>
/// <param name="change">The changed root, or several in order of preference: the first that compiles is taken.</param>
/// <param name="ids">The rules that it fixes.</param>
internal sealed class Fix(
    string title, string key, Func<FixSite, IEnumerable<SyntaxNode>> change, params string[] ids)
{
    public string Title { get; } = title;

    public string Key { get; } = key;

    public bool IsFor(Diagnostic diagnostic) => ids.Contains(diagnostic.Id);

    /// <summary>Whether the change is at the declaration of what is called, not at the call.</summary>
    public bool IsAtDeclaration { get; set; }

    public IEnumerable<SyntaxNode> Change(FixSite site) => change(site);
}
