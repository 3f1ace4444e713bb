using IoPool.Generators.Tests.Shared;

namespace IoPool.Analyzers.Tests;

/// <summary>Values that lead back to themselves, in code that compiles and in code that does not, end the search.</summary>
public sealed class CycleTests
{
    [Theory]
    [InlineData("Task<int> t = S(), u = S(); t = u; u = t; _ = t.Result;")]
    [InlineData("Task<int> t = u; var u = t; _ = t.Result;")]
    [InlineData("Task<int> t = t; t.Wait();")]
    [InlineData("bool a; a = !a; var t = S(); if (a) t.Wait();")]
    [InlineData("var a = b; var b = a; var t = S(); if (a) t.Wait();")]
    [InlineData("var q = q.Where(x => File.Exists(x)); foreach (var x in q) { }")]
    [InlineData("var q = r.Select(x => File.ReadAllText(x)); var r = q.Select(x => x); _ = r.ToList();")]
    [InlineData("Stream s = t; Stream t = s; s.Write([]);")]
    [InlineData("var s = new StreamWriter(s); s.Flush();")]
    [InlineData("IQueryable<int> q = p, p = q; _ = q.First();")]
    [InlineData("Action a = b; Action b = a; a(); EventLoop.Current!.Post(a);")]
    [InlineData("Action a = () => a(); a();")]
    [InlineData("ValueTask t = default; t = t.Preserve(); t.GetAwaiter().GetResult();")]
    [InlineData("EventLoop loop = loop; loop.Post(() => connection.Abort());")]
    [InlineData("ValueTask t = t.Preserve(); await t.ConfigureAwait(false);")]
    [InlineData("void F() => G(); void G() => F(); F();")]
    [InlineData("IGreeter g = new Greeter(); g.Greet();")]
    public async Task ValuesThatLeadBackToThemselves_EndTheSearch(string statements)
    {
        var compilation = TestCompilation.Create($$"""
            {{Situation.Usings}}
            partial class Handler
            {
                [Pinned]
                public async partial ValueTask RunAsync(SocketConnection connection)
                {
                    await Task.Yield();
                    {{statements}}
                }

                static Task<int> S() => Task.FromResult(1);
                interface IGreeter { void Greet() => Thread.Sleep(2); }
                sealed class Greeter : IGreeter;
            }
            """);

        // Nobody gets so far where it does not end: the process is gone by then.
        var reported = await Situation.AnalyzeAsync(compilation);

        Assert.All(reported, static d => Assert.StartsWith("IOP", d.Id, StringComparison.Ordinal));
    }
}
