namespace IoPool.CodeFixes.Tests;

/// <summary>IOP1008.</summary>
public sealed class DisposalTests
{
    [Theory]
    [InlineData(
        "// open\n{|IOP1008:using|} var s = new MemoryStream();\nUse(s);",
        "// open\nawait using var s = new MemoryStream();\nUse(s);")]
    [InlineData(
        "{|IOP1008:using|} (var s = new MemoryStream())\n{\n    Use(s);\n}",
        "await using (var s = new MemoryStream())\n{\n    Use(s);\n}")]
    [InlineData(
        "var s = new MemoryStream();\n{|IOP1008:using|} (s)\n    Use(s);",
        "var s = new MemoryStream();\nawait using (s)\n    Use(s);")]
    [InlineData(
        "var s = new MemoryStream();\ns.{|IOP1008:Dispose|}(); // closed",
        "var s = new MemoryStream();\nawait s.DisposeAsync(); // closed")]
    [InlineData(
        "{|IOP1008:using|} var s = new MemoryStream();\n{|IOP1008:using|} var r = new MemoryStream();\nUse(r);",
        "await using var s = new MemoryStream();\nawait using var r = new MemoryStream();\nUse(r);")]
    public Task Disposal_IsAwaited(string before, string after) => new FixTest().VerifyInPinnedAsync(before, after);

    [Theory]
    [InlineData("MemoryStream? s = new MemoryStream();\ns?.{|IOP1008:Dispose|}();")]
    [InlineData("{|IOP1008:using|} var s = new StringReader(\"a\");\nUse(s);")]
    [InlineData("Action a = () => { {|IOP1008:using|} var s = new MemoryStream(); };\na();")]
    [InlineData("lock (task) { new MemoryStream().{|IOP1008:Dispose|}(); }")]
    public Task Disposal_ThatCannotBeAwaited_IsLeft(string before) =>
        new FixTest().VerifyNotOfferedInPinnedAsync(before);
}
