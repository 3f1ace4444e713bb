using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Tests;

/// <summary>
/// What users told the makers of other analyzers: false alarms, which have to be silent here, and what was missed,
/// which has to be found. The comment beside each names the thread.
/// </summary>
public sealed class KnownComplaintsTests
{
    private const string Members = """
        readonly TaskCompletionSource<int> _source = new();
        readonly SemaphoreSlim _semaphore = new(1);
        readonly FileStream _file = null!;
        Task<int> StartAsync() => _source.Task;
        Task<int> StartAsync(int value) => _source.Task;
        ValueTask<int> ReceiveAsync() => new(_source.Task);
        static void Use(params object?[] values) { }
        """;

    // Names of Entity Framework, where the synchronous member is the right one.
    private static readonly MetadataReference s_entityFramework = RuntimeReference.Build("Database", """
        using System.Threading.Tasks;

        namespace Microsoft.EntityFrameworkCore;

        public class DbContext
        {
            public void AddRange(params object[] entities) { }
            public Task AddRangeAsync(params object[] entities) => Task.CompletedTask;
        }

        public class DbSet<T>
        {
            public void Add(T entity) { }
            public Task AddAsync(T entity) => Task.CompletedTask;
        }
        """);

    [Fact] // vs-threading#301
    public Task AwaitedUnlessCompleted_IsSilent() =>
        VerifyAsync("if (!t.IsCompleted) await t; var result = t.Result;");

    [Fact] // vs-threading#680
    public Task CheckedForSuccess_IsSilent() =>
        VerifyAsync("if (t.IsCompletedSuccessfully) { var x = t.Result; }");

    [Fact] // vs-threading#698
    public Task ValueTaskCheckedForCompletion_IsSilent() => VerifyAsync("""
        var v = ReceiveAsync();
        if (v.IsCompletedSuccessfully)
        {
            Use(v.Result);
            return;
        }

        await v;
        """);

    [Fact] // vs-threading#693, WTG.Analyzers#67
    public Task ResultsAfterWhenAll_AreSilent() =>
        VerifyAsync("var u = StartAsync(); await Task.WhenAll(t, u); Use(t.Result, u.Result);");

    [Fact] // vs-threading#217, sonar-dotnet#2413, AsyncApostle#7
    public Task ResultInItsOwnContinuation_IsSilent() =>
        VerifyAsync("await t.ContinueWith(x => x.Result, TaskScheduler.Default);");

    [Fact] // vs-threading#1125
    public Task ResultAsArgumentInAContinuation_IsSilent() =>
        VerifyAsync("await t.ContinueWith(x => StartAsync(x.Result + 10), TaskScheduler.Default).Unwrap();");

    [Fact] // vs-threading#1123
    public Task ResultInALambdaOfAContinuation_IsSilent() => VerifyAsync("""
        await t.ContinueWith(
            x => ThreadPool.QueueUserWorkItem(_ => Use(x.Result)), TaskScheduler.Default);
        """);

    [Fact] // vs-threading#91
    public Task LastOfAChainOfStates_IsSilent() => VerifyAsync("""
        if (t.IsCanceled)
            _source.SetCanceled();
        else if (t.IsFaulted)
            _source.SetException(t.Exception!);
        else if (t.IsCompleted)
            _source.SetResult(t.Result);
        """);

    [Fact] // vs-threading#60, AsyncFixer#30
    public Task NameOfResult_IsSilent() => VerifyAsync("const string Name = nameof(Task<int>.Result); Use(Name);");

    [Fact] // vs-threading#611, roslyn-analyzers#7271
    public Task SemaphoreThatIsOnlyTried_IsSilent() => VerifyAsync("""
        if (!_semaphore.Wait(TimeSpan.Zero) && !_semaphore.Wait(0) && !_semaphore.Wait(0, token))
            return;
        """);

    [Fact] // vs-threading#1003
    public Task HandlerAmongLocalFunctions_IsSilent() => VerifyAsync("""
        Action<CancellationTokenRegistration> handler = Complete;
        Use(handler);

        static void Complete(CancellationTokenRegistration registration) => registration.Dispose();
        """);

    [Fact] // vs-threading#1610, roslyn-analyzers#7318
    public Task AsyncNamesakeWithOtherParameters_IsSilent() => VerifyTypesAsync(
        "thing.Get(); thing.Find(1, 2);",
        """
        interface IThing
        {
            IQueryable<int> Get();
            Task<int> GetAsync(int id);
            int Find(int left, int right);
            Task<int> FindAsync(int left);
        }
        """);

    [Fact] // vs-threading#167
    public Task AsyncNamesakeThatCannotBeAwaited_IsSilent() =>
        VerifyTypesAsync("thing.Load();", "interface IThing { void Load(); void LoadAsync(); }");

    [Fact] // Meziantou.Analyzer#1101
    public Task GenericAsyncNamesake_IsSilent() =>
        VerifyTypesAsync("thing.Read();", "interface IThing { int Read(); Task<T> ReadAsync<T>(); }");

    [Fact] // Meziantou.Analyzer#587, #613, #788, #1034
    public Task SyncTwinOfThePinnedMethodItself_IsSilent() => Situation.VerifyAsync("""
        partial class Store
        {
            int _count;

            void Save() => _count++;

            [Pinned]
            public async partial ValueTask SaveAsync()
            {
                Save();
                await Task.Yield();
            }
        }
        """);

    [Fact] // roslyn-analyzers#6684, #6860, efcore#31431, vs-threading#1480, sonar-dotnet#9269
    public Task AddingToADbContext_IsSilent() => Situation.VerifyInPinnedAsync(
        """
        new Microsoft.EntityFrameworkCore.DbContext().AddRange(1, 2);
        new Microsoft.EntityFrameworkCore.DbSet<int>().Add(1);
        """,
        "",
        s_entityFramework);

    [Fact] // roslyn-analyzers#7420
    public Task SyncArgumentWithAnAsyncNamesake_IsSilent() => VerifyTypesAsync(
        "var version = Version.Detect(\"a\"); Action<int> later = _ => Version.Detect(\"b\"); _ = later;",
        """
        static class Version
        {
            public static int Detect(string text) => text.Length;
            public static Task<int> DetectAsync(string text) => Task.FromResult(text.Length);
        }

        interface IThing;
        """);

    [Fact] // roslyn-analyzers#3384
    public Task ValueTaskOfANullConditionalCall_IsSilent() => VerifyTypesAsync(
        "await (thing?.AcceptAsync() ?? new ValueTask<int>(1));", "interface IThing { ValueTask<int> AcceptAsync(); }");

    [Fact] // roslyn-analyzers#5712, #7185
    public Task AwaitUsing_IsSilent() => VerifyAsync("await using var file = _file; await using (_file) { }");

    [Fact] // Meziantou.Analyzer#774, sonar-dotnet#9222
    public Task MemoryStreamOfThisMethod_IsSilent() => VerifyAsync("""
        using var stream = new MemoryStream();
        stream.Write([1, 2]);
        stream.WriteByte(3);
        stream.Flush();
        stream.Position = 0;
        Use(stream.ReadByte(), stream.ToArray());
        """);

    [Fact] // Meziantou.Analyzer#1132, #1135
    public Task WriterThatDoesNotOverrideDisposeAsync_IsSilent() => Situation.VerifyInPinnedAsync(
        "using var writer = new Upper();",
        """
        sealed class Upper : TextWriter
        {
            public override Encoding Encoding => Encoding.UTF8;
        }
        """);

    [Fact] // Meziantou.Analyzer#1135
    public Task WriterThatOverridesDisposeAsync_IsReported() => Situation.VerifyInPinnedAsync(
        "{|IOP1008:using|} var writer = new Upper();",
        """
        sealed class Upper : TextWriter
        {
            public override Encoding Encoding => Encoding.UTF8;
            public override async ValueTask DisposeAsync() => await Task.Delay(1);
        }
        """);

    [Fact] // AsyncConverter#48
    public Task WaitOfTheUsersOwn_IsSilent() => VerifyTypesAsync(
        "thing.Wait(); thing.Wait(TimeSpan.FromSeconds(1));",
        "interface IThing { void Wait(); bool Wait(TimeSpan timeout); }");

    [Fact] // sonar-dotnet#3452
    public Task ResultsAfterAConfiguredWhenAll_AreSilent() => VerifyAsync("""
        var u = StartAsync();
        await Task.WhenAll(t, u).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Use($"{t.Result}, {u.Result}");
        """);

    [Fact] // sonar-dotnet#7053, sonarlint-visualstudio#4075
    public Task ElementsAfterWhenAll_AreSilent() => VerifyAsync("""
        var tasks = new[] { 1, 2 }.Select(x => StartAsync(x)).ToList();
        await Task.WhenAll(tasks);
        Use(tasks.Select(x => x.Result).ToArray(), tasks[0].Result);
        """);

    [Fact] // sonar-dotnet#4335
    public Task TaskFromAResult_IsSilent() => VerifyAsync("var done = Task.FromResult(1); Use(done.Result);");

    [Fact] // sonar-dotnet#9179
    public Task ExpressionTree_IsSilent() => VerifyAsync("""
        System.Linq.Expressions.Expression<Func<Task<int>, int>> e = x => x.Result + StartAsync().Result;
        Use(e);
        """);

    [Fact] // SharpSource#373
    public Task ResultInTheSameConditionAsTheCheck_IsSilent() => VerifyAsync("""
        if (t.IsCompleted && t.Result > 1)
            return;
        if (t.Status == TaskStatus.RanToCompletion)
            Use(Task.FromResult((long)t.Result));
        """);

    [Fact] // vs-threading#217
    public Task ResultAfterAnAssertion_IsSilent() =>
        VerifyAsync("System.Diagnostics.Debug.Assert(t.IsCompleted); Use(t.Result);");

    [Fact] // vs-threading#301
    public Task CheckKeptInALocal_IsSilent() => VerifyAsync("var done = t.IsCompleted; if (done) Use(t.Result);");

    [Fact] // dart-lang/sdk#26755
    public Task LoopThatBreaksOnEveryPath_IsSilent() => VerifyAsync("""
        while (true)
        {
            if (t.Id > 1) { break; } else { break; }
        }
        """);

    [Fact] // vs-threading#937
    public Task ResultOfWhenAll_IsReported() => VerifyAsync("_ = Task.WhenAll(t).{|IOP1001:Result|};");

    [Fact] // vs-threading#951
    public Task WaitAllWithAToken_IsReported() =>
        VerifyAsync("Task[] tasks = [t]; Task.{|IOP1001:WaitAll|}(tasks, CancellationToken.None);");

    [Fact] // vs-threading#1235
    public Task NullConditionalResult_IsReported() => VerifyAsync("var x = StartAsync()?.{|IOP1001:Result|};");

    [Fact] // vs-threading#1354, #1355
    public Task ConfiguredGetResult_IsReported() =>
        VerifyAsync("var x = StartAsync().ConfigureAwait(false).GetAwaiter().{|IOP1001:GetResult|}();");

    [Fact] // vs-threading#1427
    public Task LambdaThatIsCalledHere_IsReportedAtTheCall() => VerifyAsync("""
        var action = () => Task.Run(() => { }).Wait();
        {|IOP1013:action|}();
        """);

    [Fact] // vs-threading#632
    public Task LambdaThatAListRuns_IsReported() => VerifyAsync("""
        Enumerable.Range(1, 10).ToList().ForEach(i => Task.Delay(i).{|IOP1016:Wait|}());
        """);

    [Fact] // vs-threading#1647
    public Task CheckOfTheRoundBefore_IsReported() => VerifyAsync("""
        if (t.IsCompleted)
        {
            for (var i = 0; i < 3; i++)
            {
                Use(t.{|IOP1001:Result|});
                t = StartAsync(i);
            }
        }
        """);

    [Fact] // vs-threading#1647
    public Task TaskThatALocalFunctionReplaces_IsReported() => VerifyAsync("""
        if (t.IsCompleted)
        {
            Replace();
            Use(t.{|IOP1001:Result|});
        }

        void Replace() => t = _source.Task;
        """);

    [Fact] // vs-threading#1647
    public Task TaskReplacedByReference_IsReported() => VerifyAsync("""
        ref var alias = ref t;
        if (t.IsCompleted)
        {
            alias = StartAsync(1);
            Use(t.{|IOP1001:Result|});
        }
        """);

    [Fact] // sonar-dotnet#4335
    public Task ResultBeforeTheAwait_IsReported() => VerifyAsync("""
        var u = StartAsync(2);
        Use(t.{|IOP1001:Result|}, u.{|IOP1001:Result|});
        await Task.WhenAll(t, u);
        """);

    [Fact] // roslyn-analyzers#6268, AsyncFixer: sleeps of less than 50 ms
    public Task ShortSleep_IsReported() => VerifyAsync("Thread.{|IOP1002:Sleep|}(1);");

    [Fact] // SharpSource#123
    public Task SleepInALoopThatPolls_IsReportedOnce() => VerifyAsync("""
        do
        {
            if (token.IsCancellationRequested)
                return;
            Thread.{|IOP1002:Sleep|}(100);
        } while (true);
        """);

    [Fact] // AsyncConverter#48
    public Task EventWithATimeout_IsReported() =>
        VerifyAsync("new ManualResetEventSlim().{|IOP1003:Wait|}(TimeSpan.FromSeconds(1));");

    [Fact] // Meziantou.Analyzer#111
    public Task WaitInsideALock_IsReportedToo() =>
        VerifyAsync("{|IOP1007:lock|} (_source) { t.{|IOP1001:Wait|}(); }");

    [Fact] // dotnet/runtime#56932
    public Task AsyncDisposalThatIsWaitedFor_IsReported() =>
        VerifyAsync("_file.DisposeAsync().AsTask().{|IOP1001:Wait|}();");

    [Fact] // dotnet/wcf#1163
    public Task WaitHandleOfATask_IsReported() => VerifyAsync("""
        if (!t.IsCompleted)
            ((IAsyncResult)t).{|IOP1006:AsyncWaitHandle|}.{|IOP1003:WaitOne|}();
        """);

    [Fact] // Brightspace/D2L.CodeStyle#773
    public Task MemberMarkedBlocking_IsReported() => VerifyTypesAsync(
        "thing.{|IOP1014:Load|}();", "interface IThing { [Blocking(\"use LoadAsync\")] void Load(); }");

    private static Task VerifyAsync(string statements) =>
        Situation.VerifyInPinnedAsync("Task<int> t = StartAsync();\n" + statements, Members);

    private static Task VerifyTypesAsync(string statements, string types) => Situation.VerifyAsync($$"""
        partial class Handler
        {
            [Pinned]
            public static async partial ValueTask RunAsync(IThing thing)
            {
                await Task.Yield();
                {{statements}}
            }
        }

        {{types}}
        """);
}
