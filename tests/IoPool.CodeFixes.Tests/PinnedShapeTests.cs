namespace IoPool.CodeFixes.Tests;

/// <summary>IOP4001 to IOP4004, and IOP4010.</summary>
public sealed class PinnedShapeTests
{
    [Theory]
    [InlineData(
        """
        static partial class C
        {
            // says what
            [Pinned]
            public static async ValueTask {|IOP4001:M|}() => await Task.Yield();
        }
        """,
        """
        static partial class C
        {
            // says what
            [Pinned]
            public static async partial ValueTask M() => await Task.Yield();
        }
        """)]
    [InlineData(
        "partial class C { [Pinned] async ValueTask {|IOP4001:M|}() => await Task.Yield(); }",
        "partial class C { [Pinned] private async partial ValueTask M() => await Task.Yield(); }")]
    [InlineData(
        "partial class C\n{\n    [Pinned]\n    // a\n    async ValueTask {|IOP4001:M|}() => await Task.Yield();\n}",
        "partial class C\n{\n    [Pinned]\n    // a\n    private async partial ValueTask M() => "
        + "await Task.Yield();\n}")]
    [InlineData(
        "// c\npublic class C { internal struct S { [Pinned] public async ValueTask "
        + "{|IOP4001:M|}() => await Task.Yield(); } }",
        "// c\npublic partial class C { internal partial struct S { [Pinned] public async partial "
        + "ValueTask M() => await Task.Yield(); } }")]
    [InlineData(
        "// c\nrecord C { [Pinned] public async ValueTask {|IOP4001:M|}() => await Task.Yield(); }",
        "// c\npartial record C { [Pinned] public async partial ValueTask M() => await Task.Yield(); }")]
    [InlineData(
        "partial interface I { [Pinned] async ValueTask {|IOP4001:M|}() => await Task.Yield(); }",
        "partial interface I { [Pinned] public async partial ValueTask M() => await Task.Yield(); }")]
    [InlineData(
        "class C { [Pinned] async ValueTask {|IOP4001:M|}() => await Task.Yield(); [Pinned] async "
        + "ValueTask {|IOP4001:N|}() => await Task.Yield(); }",
        "partial class C { [Pinned] private async partial ValueTask M() => await Task.Yield(); "
        + "[Pinned] private async partial ValueTask N() => await Task.Yield(); }")]
    public Task NotPartial_BecomesPartial(string before, string after) => VerifyAsync(before, after);

    [Theory]
    [InlineData(
        "class C { class D { [Pinned] public async partial ValueTask {|IOP4004:M|}() => await Task.Yield(); } }",
        "partial class C { partial class D { [Pinned] public async partial ValueTask M() => await Task.Yield(); } }")]
    public Task ContainingTypes_BecomePartial(string before, string after) => VerifyAsync(before, after);

    [Theory]
    [InlineData(
        "[Pinned] public partial ValueTask {|IOP4002:M|}() => default;",
        "[Pinned] public async partial ValueTask M() { }")]
    [InlineData(
        "[Pinned] ValueTask {|IOP4002:M|}() => N(); // n",
        "[Pinned] private async partial ValueTask M() => await N(); // n")]
    [InlineData(
        "[Pinned] public partial ValueTask<int> {|IOP4002:M|}() => new(5);",
        "[Pinned] public async partial ValueTask<int> M() => 5;")]
    [InlineData(
        "[Pinned] public partial ValueTask<int> {|IOP4002:M|}() => ValueTask.FromResult(5);",
        "[Pinned] public async partial ValueTask<int> M() => 5;")]
    [InlineData(
        "[Pinned] public partial ValueTask {|IOP4002:M|}() => throw new NotSupportedException();",
        "[Pinned] public async partial ValueTask M() => throw new NotSupportedException();")]
    [InlineData(
        """
        [Pinned]
        public partial ValueTask {|IOP4002:M|}()
        {
            if (_x)
                return default;
            // last
            return N();
        }
        """,
        """
        [Pinned]
        public async partial ValueTask M()
        {
            if (_x)
                return;
            // last
            await N();
        }
        """)]
    [InlineData(
        """
        [Pinned]
        public partial ValueTask {|IOP4002:M|}()
        {
            if (_x)
            {
                return N(); // early
            }

            _x = true;
            return ValueTask.CompletedTask;
        }
        """,
        """
        [Pinned]
        public async partial ValueTask M()
        {
            if (_x)
            {
                await N(); // early
                return; // early
            }

            _x = true;
            return;
        }
        """)]
    [InlineData(
        """
        [Pinned]
        public partial ValueTask<int> {|IOP4002:M|}()
        {
            Func<int> f = () => { return 1; };
            return _x ? O(f()) : O(2);
        }
        """,
        """
        [Pinned]
        public async partial ValueTask<int> M()
        {
            Func<int> f = () => { return 1; };
            return await (_x ? O(f()) : O(2));
        }
        """)]
    public Task NotAsync_BecomesAsync(string before, string after) => VerifyAsync(InClass(before), InClass(after));

    [Theory]
    [InlineData(
        "[Pinned] public async partial Task {|IOP4003:M|}() => await N();",
        "[Pinned] public async partial ValueTask M() => await N();")]
    [InlineData(
        "[Pinned] public async partial System.Threading.Tasks.Task<int> {|IOP4003:M|}() => await O(1);",
        "[Pinned] public async partial System.Threading.Tasks.ValueTask<int> M() => await O(1);")]
    [InlineData(
        "[Pinned] public async partial void /* v */ {|IOP4003:M|}() => await N();",
        "[Pinned] public async partial ValueTask /* v */ M() => await N();")]
    public Task ReturnType_BecomesValueTask(string before, string after) =>
        VerifyAsync(InClass(before), InClass(after));

    [Theory]
    [InlineData(
        """
        class C : I
        {
            // handles
            public async ValueTask {|IOP4010:M|}() => await Task.Yield();
        }
        """,
        """
        partial class C : I
        {
            // handles
            [Pinned]
            public async partial ValueTask M() => await Task.Yield();
        }
        """)]
    [InlineData(
        """
        class C : I
        {
            public ValueTask {|IOP4010:M|}() => default;
        }
        """,
        """
        partial class C : I
        {
            [Pinned]
            public async partial ValueTask M() { }
        }
        """)]
    [InlineData(
        """
        abstract class C : I
        {
            public abstract ValueTask {|IOP4010:M|}();
        }
        """,
        """
        abstract class C : I
        {
            [Pinned]
            public abstract ValueTask M();
        }
        """)]
    public Task Implementation_BecomesPinned(string before, string after)
    {
        const string Contract = "interface I { [Pinned] ValueTask M(); }\n";
        return VerifyAsync(Contract + before, Contract + after);
    }

    [Theory]
    [InlineData("file partial class C { [Pinned] public async ValueTask {|IOP4001:M|}() => await Task.Yield(); }")]
    [InlineData("partial class C { [Pinned] public extern static ValueTask {|IOP4002:M|}(); }")]
    [InlineData("partial class C { [Pinned] public partial ValueTask {|IOP4002:M|}(); }")]
    [InlineData(
        "partial class C { [Pinned] public async partial IAsyncEnumerable<int> {|IOP4003:M|}() { "
        + "await Task.Yield(); yield return 1; } }")]
    [InlineData("partial class C { [Pinned] public partial Task {|IOP4003:M|}() => Task.CompletedTask; }")]
    [InlineData(
        "class B { public virtual async Task M() => await Task.Yield(); } partial class C : B { "
        + "[Pinned] public override async partial Task {|IOP4003:M|}() => await Task.Yield(); }")]
    [InlineData(
        "interface I { [Pinned] ValueTask M(); } class C : I { async ValueTask I.{|IOP4010:M|}() "
        + "=> await Task.Yield(); }")]
    [InlineData(
        "interface I { [Pinned] ValueTask M(); } class B { public async ValueTask M() => await "
        + "Task.Yield(); } class {|IOP4010:C|} : B, I;")]
    public Task WhatCannotHaveTheShape_IsLeft(string before) =>
        new FixTest().VerifyNotOfferedAsync(FixTest.Usings + before);

    private static Task VerifyAsync(string before, string after) =>
        new FixTest().VerifyAsync(FixTest.Usings + before, FixTest.Usings + after);

    private static string InClass(string members) =>
        $$"""
        partial class C
        {
            bool _x;
            ValueTask N() => _x ? default : new ValueTask();
            ValueTask<int> O(int x) => new(x);
            {{members.Replace("\n", "\n    ", StringComparison.Ordinal)}}
        }
        """;
}
