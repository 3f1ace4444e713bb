namespace IoPool.Analyzers.Tests;

/// <summary>IOP1009: work that keeps the loop's thread busy until all of it has ended.</summary>
public sealed class ParallelTests
{
    private const string Fields = "private int[] _items = [1]; private ParallelQuery<int> _query = null!;";

    [Theory]
    [InlineData("Parallel.{|IOP1009:For|}(0, 10, static i => { });")]
    [InlineData("Parallel.{|IOP1009:ForEach|}(_items, static i => { });")]
    [InlineData("Parallel.{|IOP1009:ForEach|}<int>(_items, static (i, state) => state.Stop());")]
    [InlineData("Parallel.{|IOP1009:Invoke|}(static () => { }, static () => { });")]
    public Task Parallel_IsReported(string statement) => Situation.VerifyInPinnedAsync(statement, Fields);

    [Theory]
    [InlineData("var sum = _items.AsParallel().{|IOP1009:Sum|}();")]
    [InlineData("var all = _items.AsParallel().Where(static i => i > 1).{|IOP1009:ToList|}();")]
    [InlineData("_query.{|IOP1009:ForAll|}(static i => { });")]
    [InlineData("var first = _query.OrderBy(static i => i).{|IOP1009:First|}();")]
    [InlineData("var any = ParallelEnumerable.{|IOP1009:Any|}(_query);")]
    [InlineData("var all = (from i in _items.AsParallel() where i > 1 select i).{|IOP1009:ToArray|}();")]
    [InlineData("foreach (var item in {|IOP1009:_query|}) { }")]
    [InlineData("foreach (var item in _items.{|IOP1009:AsParallel|}()) { }")]
    public Task Plinq_IsReportedWhereItRuns(string statement) => Situation.VerifyInPinnedAsync(statement, Fields);

    [Theory]
    [InlineData("await Parallel.ForEachAsync(_items, token, static (i, t) => default);")]
    [InlineData("await Parallel.ForAsync(0, 10, token, static (i, t) => default);")]
    [InlineData("await Offload.RunAsync(() => Parallel.For(0, 10, static i => { }));")]
    [InlineData("var sum = await Offload.RunAsync(() => _items.AsParallel().Sum());")]
    [InlineData("await Task.Run(() => Parallel.Invoke(static () => { }));")]
    [InlineData("var name = nameof(Parallel.ForEach);")]
    [InlineData("var options = new ParallelOptions { MaxDegreeOfParallelism = 2 };")]
    public Task ParallelElsewhereOrAsynchronous_IsSilent(string statement) =>
        Situation.VerifyInPinnedAsync(statement, Fields);

    [Theory]
    [InlineData("var query = _items.AsParallel().Where(static i => i > 1).Select(static i => i + 1);")]
    [InlineData("var query = _query.WithDegreeOfParallelism(2).AsOrdered();")]
    [InlineData("var query = from i in _items.AsParallel() where i > 1 select i;")]
    [InlineData("var sum = _items.Sum() + _items.Where(static i => i > 1).ToList().Count;")]
    public Task QueryThatDoesNotRun_IsSilent(string statement) => Situation.VerifyInPinnedAsync(statement, Fields);

    [Fact]
    public Task OwnTypeNamedParallel_IsSilent() => Situation.VerifyAsync("""
        namespace Own
        {
            static class Parallel
            {
                public static void For(int from, int to, Action<int> action) { }
            }

            partial class Handler
            {
                [Pinned]
                public async partial ValueTask RunAsync()
                {
                    await Task.Yield();
                    Parallel.For(0, 1, static i => { });
                }
            }
        }
        """);
}
