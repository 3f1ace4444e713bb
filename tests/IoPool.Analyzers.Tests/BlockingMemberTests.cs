using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Tests;

/// <summary>IOP1014: calls of members that say of themselves that they block.</summary>
public sealed class BlockingMemberTests
{
    private const string Device = """
        private Device _device = null!;

        private sealed class Device
        {
            [Blocking] public Device() { }
            public Device(int number) => Number = number;
            public int Number { get; set; }
            [Blocking("ReadAsync")] public int Read() => 1;
            [NonBlocking("only looks into the buffer")] public int Peek() => 1;
            [Blocking] public int State { get; set; }
            public int Half { [Blocking] get; set; }
            [Blocking] public int this[int index] => index;
            [Blocking] public static void Reset() { }
            [Blocking] public static Device operator +(Device left, int right) => left;
            public Task<int> ReadAsync() => Task.FromResult(1);
        }
        """;

    // What the analyzer can only know by the attribute, because it has no source.
    private static readonly PortableExecutableReference s_library = RuntimeReference.Build(
        "Library",
        """
        namespace Library
        {
            [System.AttributeUsage(System.AttributeTargets.All)]
            internal sealed class BlockingAttribute(string replacement) : System.Attribute
            {
                public string Replacement { get; } = replacement;
            }

            public static class Disk
            {
                [Blocking("SyncAsync")] public static void Sync() { }
                [IoPool.Blocking] public static void Seek() { }
                [IoPool.NonBlocking("cached")] public static void Look() { }
                public static void Plain() { }
            }

            public interface IPort
            {
                [IoPool.Blocking] int Receive();
                int Buffered { get; }
            }
        }
        """,
        RuntimeReference.Instance);

    [Theory]
    [InlineData("var value = _device.{|IOP1014:Read|}();")]
    [InlineData("var value = _device?.{|IOP1014:Read|}();")]
    [InlineData("var state = _device.{|IOP1014:State|};")]
    [InlineData("_device.{|IOP1014:State|} = 1;")]
    [InlineData("_device.{|IOP1014:State|}++;")]
    [InlineData("var half = _device.{|IOP1014:Half|};")]
    [InlineData("var item = {|IOP1014:_device[0]|};")]
    [InlineData("var device = new {|IOP1014:Device|}();")]
    [InlineData("Device device = {|IOP1014:new|}();")]
    [InlineData("Device.{|IOP1014:Reset|}();")]
    [InlineData("var sum = {|IOP1014:_device + 1|};")]
    [InlineData("if (_device is { {|IOP1014:State|}: 5 }) { }")]
    [InlineData("var text = $\"{_device.{|IOP1014:Read|}()}\";")]
    public Task Member_IsReported(string statement) => Situation.VerifyInPinnedAsync(statement, Device);

    [Fact]
    public Task MemberOfALibrary_IsReportedWhateverTheAttributesNamespace() => Situation.VerifyInPinnedAsync(
        """
        Library.Disk.{|IOP1014:Sync|}();
        Library.Disk.{|IOP1014:Seek|}();
        var count = _port.{|IOP1014:Receive|}();
        """,
        "private Library.IPort _port = null!;",
        s_library);

    [Fact]
    public Task AttributeOnThisMember_IsBelievedOverItsBody() => Situation.VerifyInPinnedAsync(
        "{|IOP1014:Check|}();", "[Blocking] private static void Check() { }");

    [Fact]
    public Task AttributeAndABlockingBody_AreOneReport() => Situation.VerifyInPinnedAsync(
        "{|IOP1014:Wait|}();", "[Blocking(\"WaitAsync\")] private static void Wait() => Thread.Sleep(1);");

    [Fact]
    public Task InterfaceMember_IsReportedAtACallOfTheInterface() => Situation.VerifyInPinnedAsync(
        "_port.{|IOP1014:Receive|}();",
        """
        private IPort _port = null!;
        private interface IPort { [Blocking] int Receive(); }
        """);

    [Fact]
    public Task AbstractMember_IsReported() => Situation.VerifyInPinnedAsync(
        "_port.{|IOP1014:Receive|}();",
        """
        private Port _port = null!;
        private abstract class Port { [Blocking] public abstract int Receive(); }
        """);

    [Fact]
    public Task LocalFunction_IsReported() => Situation.VerifyInPinnedAsync("""
        {|IOP1014:Wait|}();

        [Blocking] static void Wait() { }
        """);

    [Fact]
    public Task AsyncMember_IsReportedThoughItIsAwaited() => Situation.VerifyInPinnedAsync(
        "await {|IOP1014:ConnectAsync|}();",
        "[Blocking(\"OpenAsync\")] private static async Task ConnectAsync() => await Task.Yield();");

    [Fact]
    public Task MessageNamesTheReplacement() => AssertMessageAsync(
        "Read();", "[Blocking(\"ReadAsync\")] private static void Read() { }", "ReadAsync");

    [Theory]
    [InlineData("var value = _device.Peek();")]
    [InlineData("_device.Half = 1;")]
    [InlineData("_device.Number = _device.Number + 1;")]
    [InlineData("var device = new Device(1);")]
    [InlineData("var value = await _device.ReadAsync();")]
    [InlineData("var name = nameof(_device.Read) + nameof(Device.State);")]
    [InlineData("Func<int> read = _device.Read;")]
    [InlineData("System.Linq.Expressions.Expression<Func<int>> tree = () => _device.Read();")]
    [InlineData("_ = typeof(Device).GetMethod(nameof(Device.Read));")]
    [InlineData("var thread = new Thread(Device.Reset);")]
    [InlineData("Func<int> read = () => _device.Read();")]
    [InlineData("var value = await Offload.RunAsync(_device.Read);")]
    [InlineData("var value = await Offload.RunAsync(() => _device.Read());")]
    [InlineData("var value = await Task.Run(() => _device.State);")]
    public Task WhatIsNotMarkedOrDoesNotRunHere_IsSilent(string statement) =>
        Situation.VerifyInPinnedAsync(statement, Device);

    [Fact]
    public Task MemberOfALibrary_WithoutTheAttribute_IsSilent() => Situation.VerifyInPinnedAsync(
        """
        Library.Disk.Look();
        Library.Disk.Plain();
        var buffered = _port.Buffered;
        """,
        "private Library.IPort _port = null!;",
        s_library);

    [Fact]
    public Task ImplementationThatIsKnown_GoesByItsOwnBody() => Situation.VerifyInPinnedAsync(
        "var count = _port.Receive();",
        """
        private readonly MemoryPort _port = new();
        private interface IPort { [Blocking] int Receive(); }
        private sealed class MemoryPort : IPort { public int Receive() => 1; }
        """);

    [Fact]
    public Task OverrideThatIsKnown_GoesByItsOwnAttribute() => Situation.VerifyInPinnedAsync(
        "var count = _port.Receive();",
        """
        private readonly MemoryPort _port = new();
        private abstract class Port { [Blocking] public abstract int Receive(); }
        private sealed class MemoryPort : Port { [NonBlocking("in memory")] public override int Receive() => 1; }
        """);

    [Fact]
    public Task OtherOverload_IsSilent() => Situation.VerifyInPinnedAsync(
        "Read(1);",
        """
        [Blocking] private static void Read() { }
        private static void Read(int count) { }
        """);

    [Fact]
    public Task CallOutsideOfALoop_IsSilent() => Situation.VerifyAsync("""
        partial class Handler
        {
            [Pinned] public async partial ValueTask RunAsync() => await Task.Yield();
            [Blocking] public static void Read() { }
            public static void Other() => Read();
        }
        """);

    [Fact]
    public Task AttributeOfAnotherName_IsSilent() => Situation.VerifyInPinnedAsync(
        "Read();",
        """
        [AttributeUsage(AttributeTargets.Method)]
        private sealed class BlockingUiAttribute : Attribute;
        [BlockingUi] private static void Read() { }
        """);

    private static async Task AssertMessageAsync(string statement, string members, string part)
    {
        var found = await Situation.AnalyzeAsync(
            TestCompilation.Create(
                $$"""
                {{Situation.Usings}}
                partial class Handler
                {
                    [Pinned]
                    public async partial ValueTask RunAsync()
                    {
                        await Task.Yield();
                        {{statement}}
                    }

                    {{members}}
                }
                """),
            mustCompile: true);
        Assert.Contains(part, Assert.Single(found).GetMessage(), StringComparison.Ordinal);
    }
}
