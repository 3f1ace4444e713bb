namespace IoPool.Analyzers.Tests;

/// <summary>IOP1018: [Blocking] and [NonBlocking] that contradict each other, or the code.</summary>
public sealed class ContractMismatchTests
{
    [Theory]
    [InlineData("[Blocking, NonBlocking(\"cached\")] private void {|IOP1018:Read|}() { }")]
    [InlineData("[Blocking(\"ReadAsync\")] [NonBlocking(\"cached\")] private int {|IOP1018:Read|} => 1;")]
    [InlineData("private sealed class C { [Blocking, NonBlocking(\"cached\")] public {|IOP1018:C|}() { } }")]
    public Task BothAttributes_AreReported(string member) => Situation.VerifyInPinnedAsync("", member);

    [Theory]
    [InlineData("[NonBlocking(\"\")] private void {|IOP1018:Read|}() { }")]
    [InlineData("[NonBlocking(\"  \")] private int {|IOP1018:Read|} { get; set; }")]
    [InlineData("[NonBlocking(null!)] private static void {|IOP1018:Read|}() { }")]
    [InlineData("private interface I { [NonBlocking(\"\")] void {|IOP1018:Read|}(); }")]
    [InlineData("[NonBlocking(why: \"\\t\")] private static void {|IOP1018:Read|}() { }")]
    [InlineData("[NonBlocking(\"\")] private partial void Read(); private partial void {|IOP1018:Read|}() { }")]
    [InlineData("private sealed record R([property: NonBlocking(\"\")] int {|IOP1018:X|});")]
    [InlineData("[NonBlocking(\"\")] private int {|IOP1018:this|}[int index] => index;")]
    [InlineData("private struct S { [NonBlocking(\"\")] public static S operator {|IOP1018:+|}(S left, S right) => left; }")]
    public Task NonBlockingWithoutAReason_IsReported(string member) => Situation.VerifyInPinnedAsync("", member);

    [Fact]
    public Task InAnExtensionBlock_IsReported() => Situation.VerifyAsync("""
        static class Texts
        {
            extension(string text) { [NonBlocking("")] public int {|IOP1018:Half|}() => text.Length / 2; }
        }
        """);

    [Fact]
    public Task NonBlockingWithoutAReason_IsNotBelieved() => Situation.VerifyInPinnedAsync(
        "{|IOP1013:Read|}();", "[NonBlocking(\"\")] private static void {|IOP1018:Read|}() => Thread.Sleep(1);");

    [Fact]
    public Task BlockingOverrideOfANonBlockingMember_IsReported() => Situation.VerifyInPinnedAsync("", """
        private abstract class Port { [NonBlocking("by contract")] public abstract int Receive(); }
        private sealed class SlowPort : Port { [Blocking] public override int {|IOP1018:Receive|}() => 1; }
        """);

    [Fact]
    public Task BlockingImplementationOfANonBlockingMember_IsReported() => Situation.VerifyInPinnedAsync("", """
        private interface IPort { [NonBlocking("by contract")] int Receive(); }
        private sealed class SlowPort : IPort { [Blocking] public int {|IOP1018:Receive|}() => 1; }
        private sealed class HiddenPort : IPort { [Blocking] int IPort.{|IOP1018:Receive|}() => 1; }
        """);

    [Fact]
    public Task BlockingPropertyOfANonBlockingContract_IsReported() => Situation.VerifyInPinnedAsync("", """
        private interface IPort { [NonBlocking("by contract")] int Count { get; } }
        private sealed class SlowPort : IPort { [Blocking] public int {|IOP1018:Count|} => 1; }
        """);

    [Fact]
    public Task ImplementationThatSurelyBlocks_IsReported() => Situation.VerifyInPinnedAsync("", """
        private interface IPort { [NonBlocking("by contract")] int Receive(); }

        private sealed class SlowPort : IPort
        {
            public int {|IOP1018:Receive|}()
            {
                Thread.Sleep(1);
                return 1;
            }
        }
        """);

    [Fact]
    public Task OverrideThatSurelyBlocks_IsReported() => Situation.VerifyInPinnedAsync("", """
        private class Port { [NonBlocking("in memory")] public virtual string Read() => ""; }
        private sealed class FilePort : Port { public override string {|IOP1018:Read|}() => File.ReadAllText("a"); }
        """);

    [Fact]
    public Task PinnedAndBlocking_IsReported() => Situation.VerifyAsync("""
        partial class Handler
        {
            [Pinned, Blocking]
            public async partial ValueTask {|IOP1018:RunAsync|}() => await Task.Yield();
        }
        """);

    [Fact]
    public Task ContractOfAnotherLevel_IsReportedToo() => Situation.VerifyInPinnedAsync("", """
        private abstract class A { [NonBlocking("by contract")] public abstract int Read(); }
        private class B : A { public override int Read() => 1; }
        private sealed class C : B { [Blocking] public override int {|IOP1018:Read|}() => 1; }
        """);

    [Theory]
    [InlineData("[Blocking] private void Read() { }")]
    [InlineData("[Blocking(\"ReadAsync\")] private void Read() => Thread.Sleep(1);")]
    [InlineData("[Blocking(null)] private int Count => 1;")]
    [InlineData("[NonBlocking(\"the buffer is always there\")] private void Read() => Thread.Sleep(0);")]
    [InlineData("[NonBlocking(\"cached\")] private int Count { get; }")]
    [InlineData("private const string Why = \"cached\"; [NonBlocking(Why)] private static void Read() { }")]
    [InlineData("private int Count { [Blocking] get; [NonBlocking(\"only stores\")] set; }")]
    [InlineData("private interface I { [NonBlocking(\"by contract\")] void Read(); [Blocking] void Write(); }")]
    public Task OneAttributeWithAReason_IsSilent(string member) => Situation.VerifyInPinnedAsync("", member);

    [Fact]
    public Task NonBlockingImplementationOfABlockingMember_IsSilent() => Situation.VerifyInPinnedAsync("", """
        private interface IPort { [Blocking] int Receive(); }
        private sealed class MemoryPort : IPort { [NonBlocking("in memory")] public int Receive() => 1; }
        private abstract class Base { [Blocking] public virtual int Read() => 1; }
        private sealed class Derived : Base { public override int Read() => 2; }
        """);

    [Fact]
    public Task ImplementationWithAReasonOfItsOwn_IsSilent() => Situation.VerifyInPinnedAsync("", """
        private interface IPort { [NonBlocking("by contract")] int Receive(); }

        private sealed class Port : IPort
        {
            [NonBlocking("at most a microsecond")]
            public int Receive()
            {
                Thread.Sleep(0);
                return 1;
            }
        }
        """);

    [Fact]
    public Task ImplementationThatBlocksOnlySometimes_IsSilent() => Situation.VerifyInPinnedAsync("", """
        private interface IPort { [NonBlocking("by contract")] int Receive(bool first); }

        private sealed class Port : IPort
        {
            public int Receive(bool first)
            {
                if (first)
                    Console.WriteLine("first");
                return 1;
            }
        }
        """);

    [Fact]
    public Task ImplementationThatDoesNotBlock_IsSilent() => Situation.VerifyInPinnedAsync("", """
        private interface IPort { [NonBlocking("by contract")] int Receive(); int Other(); }

        private sealed class Port : IPort
        {
            public int Receive() => 1;
            public int Other() => File.ReadAllBytes("a").Length;
        }
        """);

    [Fact]
    public Task HidingMember_IsSilent() => Situation.VerifyInPinnedAsync("", """
        private class A { [NonBlocking("in memory")] public int Read() => 1; }
        private class B : A { [Blocking] public new int Read() => 2; }
        """);

    [Fact]
    public Task PinnedAndNonBlocking_IsSilent() => Situation.VerifyAsync("""
        partial class Handler
        {
            [Pinned, NonBlocking("reviewed")]
            public async partial ValueTask RunAsync() => await Task.Yield();
        }
        """);

    [Fact]
    public Task OverloadsWithDifferentAttributes_AreSilent() => Situation.VerifyInPinnedAsync("", """
        [Blocking] private void Read() { }
        [NonBlocking("cached")] private void Read(int count) { }
        """);
}
