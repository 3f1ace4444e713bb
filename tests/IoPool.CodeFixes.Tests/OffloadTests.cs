namespace IoPool.CodeFixes.Tests;

/// <summary>The way out for what has no counterpart: IOP1005, IOP1006, IOP1009, IOP1010, IOP1013, IOP1014.</summary>
public sealed class OffloadTests
{
    private const string Helpers = """
        class Helper(int value)
        {
            public int Value { get; set; } = value;
            public int this[int index] => index;
            public static void Load() { }
            public static Task LoadAsync() => Task.CompletedTask;
            public static IEnumerable<int> Enumerate() => [1];
            public static void Take(Span<byte> span) { }
            public static bool TryTake(out int x) { x = 1; return true; }
            public static int Count(SocketConnection connection) => 1;
            public static Helper operator +(Helper a, Helper b) => a;
        }
        """;

    [Theory]
    [InlineData(
        """var s = new {|IOP1005:FileStream|}("a", FileMode.Open);""" + "\nUse(s);",
        """var s = await Offload.RunAsync(() => new FileStream("a", FileMode.Open));""" + "\nUse(s);")]
    [InlineData(
        """Use(new System.IO.{|IOP1005:FileStream|}("a", FileMode.Open).Length);""",
        """Use((await Offload.RunAsync(() => new System.IO.FileStream("a", FileMode.Open))).Length);""")]
    [InlineData(
        """File.{|IOP1005:Delete|}("a"); // gone""", """await Offload.RunAsync(() => File.Delete("a")); // gone""")]
    [InlineData("Helper.{|IOP1013:Load|}();", "await Offload.RunAsync(() => Helper.Load());")]
    [InlineData(
        "var h = new Helper(1);\nUse(h.{|IOP1013:Value|});",
        "var h = new Helper(1);\nUse(await Offload.RunAsync(() => h.Value));")]
    [InlineData(
        "var h = new Helper(1);\nh.{|IOP1014:Value|} = 5;",
        "var h = new Helper(1);\nawait Offload.RunAsync(() => h.Value = 5);")]
    [InlineData(
        "var h = new Helper(1);\nUse({|IOP1013:h[2]|});",
        "var h = new Helper(1);\nUse(await Offload.RunAsync(() => h[2]));")]
    [InlineData(
        "var h = new Helper(1);\nUse({|IOP1013:h + h|});",
        "var h = new Helper(1);\nUse(await Offload.RunAsync(() => h + h));")]
    [InlineData(
        "Helper? h = new Helper(1);\nUse(h?.{|IOP1006:Value|}.ToString());",
        "Helper? h = new Helper(1);\nUse(await Offload.RunAsync(() => h?.Value.ToString()));")]
    [InlineData(
        "Parallel.{|IOP1009:For|}(0, 3, i => Use(i));",
        "await Offload.RunAsync(() => Parallel.For(0, 3, i => Use(i)));")]
    [InlineData(
        "var h = System.Security.Cryptography.SHA256.{|IOP1010:HashData|}(new byte[4]);\nUse(h);",
        "var h = await Offload.RunAsync(() => System.Security.Cryptography.SHA256.HashData(new byte[4]));\nUse(h);")]
    [InlineData(
        "Use(Helper.{|IOP1013:TryTake|}(out _));", "Use(await Offload.RunAsync(() => Helper.TryTake(out _)));")]
    public Task Blocking_RunsElsewhere(string before, string after) =>
        new FixTest { Title = "Run it by Offload.RunAsync", Members = Helpers }.VerifyInPinnedAsync(before, after);

    [Fact]
    public Task OffloadIsTheSecondChoice_WhereThereIsACounterpart() => new FixTest
    {
        Title = "Run it by Offload.RunAsync",
        AsyncName = "ReadLineAsync",
    }.VerifyInPinnedAsync(
        "Use(Console.In.{|IOP1006:ReadLine|}());", "Use(await Offload.RunAsync(() => Console.In.ReadLine()));");

    [Theory]
    [InlineData("Span<byte> span = stackalloc byte[4];\nHelper.{|IOP1013:Take|}(span);")]
    [InlineData("Use(Helper.{|IOP1013:TryTake|}(out var x));\nUse(x);")]
    [InlineData("await Helper.{|IOP1013:LoadAsync|}();")]
    [InlineData("var t = Helper.{|IOP1013:LoadAsync|}();\nawait t;")]
    [InlineData("foreach (var x in Helper.{|IOP1013:Enumerate|}()) Use(x);")]
    [InlineData("Use(Helper.{|IOP1013:Count|}(connection));")]
    [InlineData("Use(new {|IOP1005:Helper|}(await task));")]
    [InlineData("Action a = () => Helper.{|IOP1013:Load|}();\na();")]
    [InlineData("Action a = Helper.{|IOP1016:Load|};\na();")]
    [InlineData("lock (task) { Helper.{|IOP1013:Load|}(); }")]
    [InlineData("Helper h = {|IOP1005:new|}(1);\nUse(h);")]
    public Task WhatCannotMove_IsNotOffered(string before) =>
        new FixTest { Title = "Run it by Offload.RunAsync", Members = Helpers }.VerifyNotOfferedInPinnedAsync(before);
}
