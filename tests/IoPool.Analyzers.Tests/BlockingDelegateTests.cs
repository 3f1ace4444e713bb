using IoPool.Analyzers.Tests.Support;

namespace IoPool.Analyzers.Tests;

/// <summary>IOP1016: a delegate that blocks, handed to something that calls it on the loop.</summary>
public sealed class BlockingDelegateTests
{
    private const string Members = """
        private List<int> _list = [1];
        private string[] _names = ["a"];
        private ConcurrentDictionary<string, string> _cache = new();
        private event Action? Changed;
        private static void Block(int milliseconds) => Thread.Sleep(milliseconds);
        private static void Fine(int number) { }
        private static string Load(string name) => File.ReadAllText(name);
        private Task<string> LoadAsync(string name) => Task.FromResult(name);
        private static void RunHere(Action action) => action();
        private static T RunHere<T>(Func<T> function) { var value = function(); return value; }
        private static void RunDeeper(Action action) => RunHere(action);
        private static Task RunElsewhere(Action action) => Task.Run(action);
        private Action? _kept;
        private void Keep(Action action) => _kept = action;
        """;

    [Theory]
    [InlineData("_list.ForEach(x => Thread.{|IOP1016:Sleep|}(x));")]
    [InlineData("_list.ForEach(x => { if (x > 1) Thread.{|IOP1016:Sleep|}(x); });")]
    [InlineData("_list.ForEach(delegate(int x) { Thread.{|IOP1016:Sleep|}(x); });")]
    [InlineData("_list.ForEach(x => {|IOP1016:Block|}(x));")]
    [InlineData("Array.ForEach(_names, x => File.{|IOP1016:Delete|}(x));")]
    [InlineData("_list.RemoveAll(x => Console.{|IOP1016:ReadLine|}() is null);")]
    [InlineData("_list.Sort((x, y) => { Thread.{|IOP1016:Sleep|}(1); return 0; });")]
    public Task LambdaForACollection_IsReportedAtTheCallInIt(string statement) =>
        Situation.VerifyInPinnedAsync(statement, Members);

    [Theory]
    [InlineData("_list.ForEach({|IOP1016:Block|});")]
    [InlineData("_list.ForEach(Thread.{|IOP1016:Sleep|});")]
    [InlineData("Array.ForEach(_names, File.{|IOP1016:Delete|});")]
    [InlineData("Action<int> block = x => Thread.Sleep(x); _list.ForEach({|IOP1016:block|});")]
    [InlineData("var texts = _names.Select({|IOP1016:Load|}).ToList();")]
    [InlineData("var text = _cache.GetOrAdd(\"a\", {|IOP1016:Load|});")]
    public Task MethodGroupOrVariable_IsReportedAtTheArgument(string statement) =>
        Situation.VerifyInPinnedAsync(statement, Members);

    [Theory]
    [InlineData("var texts = _names.Select(x => File.{|IOP1016:ReadAllText|}(x)).ToList();")]
    [InlineData("var texts = _names.Where(x => x != \"\").Select(x => File.{|IOP1016:ReadAllText|}(x)).ToArray();")]
    [InlineData("if (_names.Any(x => File.{|IOP1016:ReadAllText|}(x) == \"\")) { }")]
    [InlineData("var first = _names.First(x => File.{|IOP1016:ReadAllText|}(x) == \"\");")]
    [InlineData("var map = _names.ToDictionary(x => x, x => File.{|IOP1016:ReadAllText|}(x));")]
    [InlineData("foreach (var text in _names.Select(x => File.{|IOP1016:ReadAllText|}(x))) { }")]
    [InlineData("var texts = (from x in _names select File.{|IOP1016:ReadAllText|}(x)).ToList();")]
    [InlineData("var all = string.Join(\",\", _names.Select(x => LoadAsync(x).{|IOP1016:Result|}).ToArray());")]
    public Task LinqThatRunsAtOnce_IsReported(string statement) => Situation.VerifyInPinnedAsync(statement, Members);

    [Theory]
    [InlineData("var text = _cache.GetOrAdd(\"a\", x => File.{|IOP1016:ReadAllText|}(x));")]
    [InlineData("var text = _cache.GetOrAdd(\"a\", x => LoadAsync(x).{|IOP1016:Result|});")]
    [InlineData("_cache.AddOrUpdate(\"a\", x => \"\", (x, old) => File.{|IOP1016:ReadAllText|}(x));")]
    public Task FactoryOfADictionary_IsReported(string statement) => Situation.VerifyInPinnedAsync(statement, Members);

    [Theory]
    [InlineData("RunHere(() => Thread.{|IOP1016:Sleep|}(1));")]
    [InlineData("var text = RunHere(() => File.{|IOP1016:ReadAllText|}(\"a\"));")]
    [InlineData("RunDeeper(() => Thread.{|IOP1016:Sleep|}(1));")]
    [InlineData("RunHere({|IOP1016:Wait|}); static void Wait() => Thread.Sleep(1);")]
    public Task SourceMethodThatCallsItsParameter_IsReported(string statement) =>
        Situation.VerifyInPinnedAsync(statement, Members);

    [Fact]
    public Task MethodGroupForALoop_IsReported() => Situation.VerifyInPinnedAsync(
        "EventLoop.Current!.Post({|IOP1016:Wait|});", "private static void Wait() => Thread.Sleep(1);");

    [Fact]
    public Task FactoryOfAMemoryCache_IsAnalysed() => Situation.VerifyAsync(
        """
        using Microsoft.Extensions.Caching.Memory;

        partial class Handler
        {
            private IMemoryCache _cache = null!;

            [Pinned]
            public async partial ValueTask RunAsync()
            {
                await Task.Yield();
                var number = _cache.GetOrCreate("a", static entry => 1);
                var text = _cache.GetOrCreate("a", static entry => File.{|IOP1016:ReadAllText|}("a"));
            }
        }
        """,
        LibraryStubs.AspNetCore);

    [Fact]
    public Task LambdaForALoop_IsJudgedOnceAsItsOwnBody() => Situation.VerifyInPinnedAsync(
        "EventLoop.Current!.Post(() => Thread.{|IOP1002:Sleep|}(1));");

    [Theory]
    [InlineData("await Task.Run(() => Thread.Sleep(1));")]
    [InlineData("await Offload.RunAsync(() => Thread.Sleep(1));")]
    [InlineData("await Offload.RunAsync(() => _list.ForEach(Block));")]
    [InlineData("var texts = await Offload.RunAsync(() => _names.Select(Load).ToList());")]
    [InlineData("await RunElsewhere(() => Thread.Sleep(1));")]
    [InlineData("ThreadPool.QueueUserWorkItem(_ => Thread.Sleep(1));")]
    [InlineData("ThreadPool.UnsafeQueueUserWorkItem(static (int x) => Block(x), 1, preferLocal: false);")]
    [InlineData("var thread = new Thread(() => Thread.Sleep(1));")]
    [InlineData("var timer = new Timer(_ => Thread.Sleep(1));")]
    [InlineData("await Task.Factory.StartNew(() => Block(1), token, default, TaskScheduler.Default);")]
    public Task WhatRunsElsewhere_IsSilent(string statement) => Situation.VerifyInPinnedAsync(statement, Members);

    [Theory]
    [InlineData("Changed += () => Thread.Sleep(1);")]
    [InlineData("AppDomain.CurrentDomain.ProcessExit += (_, _) => Thread.Sleep(1);")]
    [InlineData("Keep(() => Thread.Sleep(1));")]
    [InlineData("Action action = () => Thread.Sleep(1);")]
    [InlineData("Action<int> action = Thread.Sleep;")]
    [InlineData("var lazy = new Lazy<string>(() => File.ReadAllText(\"a\"));")]
    [InlineData("var registration = token.UnsafeRegister(static _ => Thread.Sleep(1), null);")]
    [InlineData("var local = new ThreadLocal<string>(() => File.ReadAllText(\"a\"));")]
    [InlineData("var comparer = Comparer<int>.Create((x, y) => { Thread.Sleep(1); return 0; });")]
    public Task WhatIsOnlyKept_IsSilent(string statement) => Situation.VerifyInPinnedAsync(statement, Members);

    [Theory]
    [InlineData("var query = _names.Select(x => File.ReadAllText(x));")]
    [InlineData("IEnumerable<string> query = from x in _names where File.ReadAllText(x) != \"\" select x;")]
    [InlineData("var texts = await Task.WhenAll(_names.Select(x => LoadAsync(x)));")]
    [InlineData("var texts = await Task.WhenAll(_names.Select(x => Task.Run(() => File.ReadAllText(x))));")]
    [InlineData("System.Linq.Expressions.Expression<Func<string>> tree = () => File.ReadAllText(\"a\");")]
    public Task LinqThatDoesNotRunTheDelegateHere_IsSilent(string statement) =>
        Situation.VerifyInPinnedAsync(statement, Members);

    [Theory]
    [InlineData("_list.ForEach(x => Fine(x));")]
    [InlineData("_list.ForEach(Fine);")]
    [InlineData("var lengths = _names.Select(x => x.Length).ToList();")]
    [InlineData("var text = _cache.GetOrAdd(\"a\", x => x + x);")]
    [InlineData("RunHere(() => { });")]
    [InlineData("_list.ForEach(x => { var name = nameof(Thread.Sleep); });")]
    [InlineData("_list.ForEach(x => { Action later = () => Thread.Sleep(x); });")]
    [InlineData("var text = _cache.GetOrAdd(\"a\", static (x, state) => x + state, \"b\");")]
    [InlineData("var ids = (from x in _names where x.Length > 1 orderby x select x.Length).ToList();")]
    [InlineData("_list.ForEach(delegate { });")]
    [InlineData("_list.Sort((x, y) => x.CompareTo(y));")]
    [InlineData("_list.ForEach(x => Task.Run(() => Thread.Sleep(x)));")]
    [InlineData("_list.ForEach(x => { if (Task.FromResult(x).Result > 1) { } });")]
    public Task DelegateThatDoesNotBlock_IsSilent(string statement) =>
        Situation.VerifyInPinnedAsync(statement, Members);
}
