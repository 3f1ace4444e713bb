using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IoPool.CodeFixes.Tests;

/// <summary>IOP1003, IOP1004, and IOP1006 where there is a counterpart.</summary>
public sealed class AsyncCounterpartTests
{
    private const string Read = "ReadAsync";

    [Theory]
    [InlineData(
        "ReadAllTextAsync",
        """Use(File.{|IOP1004:ReadAllText|}("a"));""",
        """Use(await File.ReadAllTextAsync("a"));""")]
    [InlineData(
        "ReadAllTextAsync",
        """Use(File.{|IOP1004:ReadAllText|}("a").Length);""",
        """Use((await File.ReadAllTextAsync("a")).Length);""")]
    [InlineData(
        "WriteAllTextAsync",
        """File.{|IOP1004:WriteAllText|}("a", "b"); // write""",
        """await File.WriteAllTextAsync("a", "b"); // write""")]
    [InlineData(
        Read,
        "Stream s = new MemoryStream();\nUse(s.{|IOP1006:Read|}(new byte[4], 0, 4));",
        "Stream s = new MemoryStream();\nUse(await s.ReadAsync(new byte[4], 0, 4));")]
    [InlineData(
        Read,
        "Stream s = new MemoryStream();\nvar a = new byte[4];\nUse(s.{|IOP1006:Read|}(a.AsSpan(1)));",
        "Stream s = new MemoryStream();\nvar a = new byte[4];\nUse(await s.ReadAsync(a.AsMemory(1)));")]
    [InlineData(
        "ReadLineAsync",
        "string? line;\nwhile ((line = Console.In.{|IOP1006:ReadLine|}()) != null) Use(line);",
        "string? line;\nwhile ((line = await Console.In.ReadLineAsync()) != null) Use(line);")]
    [InlineData(
        "WaitAsync",
        "var gate = new SemaphoreSlim(1);\ngate.{|IOP1003:Wait|}();",
        "var gate = new SemaphoreSlim(1);\nawait gate.WaitAsync();")]
    [InlineData(
        "WaitAsync",
        "var gate = new SemaphoreSlim(1);\nif (gate.{|IOP1003:Wait|}(100)) Use(1);",
        "var gate = new SemaphoreSlim(1);\nif (await gate.WaitAsync(100)) Use(1);")]
    [InlineData(
        "GetHostAddressesAsync",
        """Use(Dns.{|IOP1004:GetHostAddresses|}("a")[0]);""",
        """Use((await Dns.GetHostAddressesAsync("a"))[0]);""")]
    public Task Call_BecomesItsCounterpart(string asyncName, string before, string after) =>
        new FixTest { AsyncName = asyncName }.VerifyInPinnedAsync(before, after);

    [Fact]
    public Task Semaphore_IsKnownWithoutAName() => new FixTest().VerifyInPinnedAsync(
        "var gate = new SemaphoreSlim(1);\ngate.{|IOP1003:Wait|}();",
        "var gate = new SemaphoreSlim(1);\nawait gate.WaitAsync();");

    [Theory]
    [InlineData(
        "ReadAllTextAsync",
        """File.{|IOP1004:ReadAllText|}("a");""",
        """await File.ReadAllTextAsync("a", token);""")]
    [InlineData(
        "WaitAsync",
        "new SemaphoreSlim(1).{|IOP1003:Wait|}(token);",
        "await new SemaphoreSlim(1).WaitAsync(token);")]
    [InlineData(
        "FlushAsync",
        "new StringWriter().{|IOP1006:Flush|}();",
        "await new StringWriter().FlushAsync(token);")]
    [InlineData("SaveAsync", "Store.{|IOP1004:Save|}(1);", "await Store.SaveAsync(1, token: token);")]
    [InlineData("FindAsync", "Store.{|IOP1004:Find|}(1, 2);", "await Store.FindAsync(1, 2);")]
    public Task Token_IsPassedOn_WhereOneIsTaken(string asyncName, string before, string after) =>
        new FixTest
        {
            AsyncName = asyncName,
            Members = """
                static class Store
                {
                    public static void Save(int id, bool force = false) { }
                    public static Task SaveAsync(int id, bool force = false, CancellationToken token = default) =>
                        Task.CompletedTask;
                    public static void Find(params object[] keys) { }
                    public static Task FindAsync(params object[] keys) => Task.CompletedTask;
                }
                """,
        }.VerifyInPinnedAsync(
            "var token = new CancellationTokenSource().Token;\n" + before,
            "var token = new CancellationTokenSource().Token;\n" + after);

    [Fact]
    public Task Extension_OfAnotherNamespace_GetsItsUsing() => new FixTest
    {
        AsyncName = "ToListAsync",
        AsyncType = "Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions",
        References = [EntityFramework()],
    }.VerifyAsync(
        """
        using System.Linq;
        using System.Threading;
        using System.Threading.Tasks;
        using IoPool;

        partial class C
        {
            [Pinned]
            public async partial ValueTask M(IQueryable<int> query, CancellationToken token)
            {
                await Task.Yield();
                var all = query
                    .Where(x => x > 1)
                    .{|IOP1004:ToList|}();
            }
        }
        """,
        """
        using System.Linq;
        using System.Threading;
        using System.Threading.Tasks;
        using IoPool;
        using Microsoft.EntityFrameworkCore;

        partial class C
        {
            [Pinned]
            public async partial ValueTask M(IQueryable<int> query, CancellationToken token)
            {
                await Task.Yield();
                var all = await query
                    .Where(x => x > 1)
                    .ToListAsync(token);
            }
        }
        """);

    [Fact]
    public Task Creation_BecomesAFactoryCall() => new FixTest
    {
        AsyncName = "OpenAsync",
        AsyncType = "Doors",
    }.VerifyAsync(
        FixTest.Usings + Doors.Replace("MARKED", "new {|IOP1004:Door|}(1)", StringComparison.Ordinal),
        FixTest.Usings + Doors.Replace("MARKED", "await Doors.OpenAsync(1)", StringComparison.Ordinal));

    private const string Doors = """
        class Door(int number) { public int Number => number; }
        static class Doors { public static Task<Door> OpenAsync(int number) => Task.FromResult(new Door(number)); }

        partial class C
        {
            [Pinned]
            public async partial ValueTask<Door> M()
            {
                await Task.Yield();
                return MARKED;
            }
        }
        """;

    [Fact]
    public Task CallsInEachOther_AreFixedTogether() => new FixTest
    {
        AsyncName = "ReadAllTextAsync",
    }.VerifyInPinnedAsync(
        """Use(File.{|IOP1004:ReadAllText|}(File.{|IOP1004:ReadAllText|}("a")));""",
        """Use(await File.ReadAllTextAsync(await File.ReadAllTextAsync("a")));""");

    [Theory]
    [InlineData(
        Read,
        "Stream s = new MemoryStream();\nSpan<byte> span = stackalloc byte[4];\nUse(s.{|IOP1004:Read|}(span));")]
    [InlineData(Read, "Stream? s = new MemoryStream();\nUse(s?.{|IOP1004:Read|}(new byte[4], 0, 4));")]
    [InlineData("NoSuchAsync", """Use(File.{|IOP1004:ReadAllText|}("a"));""")]
    [InlineData("ReadAllTextAsync", """Func<string> f = () => File.{|IOP1004:ReadAllText|}("a");""" + "\nUse(f);")]
    [InlineData("ReadAllTextAsync", """lock (task) Use(File.{|IOP1004:ReadAllText|}("a"));""")]
    [InlineData("ReadAllTextAsync", "Func<string, string> f = File.{|IOP1004:ReadAllText|};\nUse(f);")]
    [InlineData("ReadLinesAsync", """foreach (var x in File.{|IOP1004:ReadLines|}("a")) Use(x);""")]
    [InlineData("", """Use(File.{|IOP1004:ReadAllText|}("a"));""")]
    public Task Counterpart_ThatWouldNotCompile_IsNotOffered(string asyncName, string before) =>
        new FixTest { AsyncName = asyncName }.VerifyNotOfferedInPinnedAsync(before);

    private static MetadataReference EntityFramework()
    {
        const string Source = """
            namespace Microsoft.EntityFrameworkCore;
            public static class EntityFrameworkQueryableExtensions
            {
                public static System.Threading.Tasks.Task<System.Collections.Generic.List<T>> ToListAsync<T>(
                    this System.Linq.IQueryable<T> query,
                    System.Threading.CancellationToken cancellationToken = default) =>
                    throw new System.NotSupportedException();
            }
            """;
        using var image = new MemoryStream();
        var result = CSharpCompilation.Create(
            "EntityFramework",
            [CSharpSyntaxTree.ParseText(Source)],
            Basic.Reference.Assemblies.Net100.References.All,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return MetadataReference.CreateFromImage(image.ToArray());
    }
}
