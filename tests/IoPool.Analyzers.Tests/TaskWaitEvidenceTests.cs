namespace IoPool.Analyzers.Tests;

/// <summary>IOP1001: what proves that a task has ended, and what only looks as if it did.</summary>
public sealed class TaskWaitEvidenceTests
{
    private const string Members = """
        readonly TaskCompletionSource<int> _source = new();
        Task<int> _task = null!;
        Handler _other = null!;
        Task<int> Pending { get; set; } = null!;
        Task<int> StartAsync() => _source.Task;
        Task WorkAsync() => _source.Task;
        ValueTask<int> ReceiveAsync() => new(_source.Task);
        static bool Flag() => Environment.ProcessorCount > 2;
        static void Use(params object?[] values) { }
        """;

    [Theory]
    [InlineData("if (t.IsCompleted) Use(t.Result);")]
    [InlineData("if (t.IsCompletedSuccessfully) { Use(t.Result); }")]
    [InlineData("if (t.IsFaulted) t.Wait();")]
    [InlineData("if (t.IsCanceled) t.GetAwaiter().GetResult();")]
    [InlineData("if (t.IsFaulted || t.IsCanceled) t.Wait();")]
    [InlineData("if (t.IsCompleted == true) Use(t.Result);")]
    [InlineData("if (t.IsCompleted is true) Use(t.Result);")]
    [InlineData("if (!t.IsCompleted) return; Use(t.Result);")]
    [InlineData("if (!t.IsCompleted) throw new TimeoutException(); Use(t.Result);")]
    [InlineData("if (t.IsCompleted == false) return; Use(t.Result);")]
    [InlineData("if (!t.IsCompleted) { await Task.Yield(); } else { Use(t.Result); }")]
    [InlineData("if (!t.IsCompleted) await t; Use(t.Result);")]
    [InlineData("if (!t.IsCompleted) { await t; } Use(t.GetAwaiter().GetResult());")]
    [InlineData("if (Flag() && t.IsCompleted) Use(t.Result);")]
    [InlineData("if (t.IsCompleted && t.Result > 0) return;")]
    [InlineData("if (!t.IsCompleted || t.Result > 0) return;")]
    [InlineData("if (!(t.IsCompleted && Flag())) return; Use(t.Result);")]
    [InlineData("var x = t.IsCompleted ? t.Result : 0;")]
    [InlineData("var x = !t.IsCompleted ? 0 : t.Result;")]
    [InlineData("var x = t.IsCompletedSuccessfully ? t.Result : await t;")]
    [InlineData("if (t.IsCompleted) { if (Flag()) { Use(); } else { Use(t.Result); } }")]
    [InlineData("if (t.IsCompleted) { try { Use(t.Result); } catch (AggregateException) { } }")]
    [InlineData("if (t.IsCompleted) { for (var i = 0; i < 3; i++) Use(t.Result); }")]
    [InlineData("if (this._task.IsCompleted) Use(_task.Result);")]
    [InlineData("if (Pending.IsCompletedSuccessfully) Use(Pending.Result);")]
    [InlineData("if (_other._task.IsCompleted) Use(_other._task.Result);")]
    [InlineData("if (_task is not null && _task.IsCompleted) Use(_task.Result);")]
    [InlineData("if (_task?.IsCompleted == true) Use(_task.Result);")]
    [InlineData("if (t.IsCompletedSuccessfully is true and var _) Use(t.Result);")]
    [InlineData("await Task.WhenAny(t); Use(t.Result);")]
    [InlineData("_source.SetResult(1); Use(_source.Task.Result);")]
    [InlineData("_source.TrySetException(new TimeoutException()); var own = _source.Task; own.Wait();")]
    [InlineData("Task<int>[] all = [t]; if (all[0].IsCompleted) Use(all[0].Result);")]
    public Task CompletionGuard_IsSilent(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("if (!t.IsCompleted) Use(t.{|IOP1001:Result|});")]
    [InlineData("if (t.IsCompleted) return; Use(t.{|IOP1001:Result|});")]
    [InlineData("if (t.IsCompleted) { Use(); } else { Use(t.{|IOP1001:Result|}); }")]
    [InlineData("if (t.IsCompleted) Use(); Use(t.{|IOP1001:Result|});")]
    [InlineData("if (t.IsFaulted) throw t.Exception!; Use(t.{|IOP1001:Result|});")]
    [InlineData("if (t.IsCompleted is false and var _) Use(t.{|IOP1001:Result|});")]
    [InlineData("await Task.WhenAny(t, WorkAsync()); Use(t.{|IOP1001:Result|});")]
    [InlineData("_source.SetResult(1); Use(t.{|IOP1001:Result|});")]
    [InlineData("new TaskCompletionSource<int>().SetResult(1); Use(_source.Task.{|IOP1001:Result|});")]
    [InlineData("if (t.IsCanceled) return; t.{|IOP1001:Wait|}();")]
    [InlineData("if (t.IsCompleted == false) Use(t.{|IOP1001:Result|});")]
    [InlineData("if (t.IsCompleted || Flag()) Use(t.{|IOP1001:Result|});")]
    [InlineData("if (t.IsCompleted || t.{|IOP1001:Result|} > 0) return;")]
    [InlineData("if (!t.IsCompleted && t.{|IOP1001:Result|} > 0) return;")]
    [InlineData("if (!(t.IsCompleted && Flag())) { } Use(t.{|IOP1001:Result|});")]
    [InlineData("var x = t.IsCompleted ? 0 : t.{|IOP1001:Result|};")]
    [InlineData("if (t.{|IOP1001:Result|} > 0 && t.IsCompleted) return;")]
    [InlineData("var u = WorkAsync(); if (u.IsCompleted) Use(t.{|IOP1001:Result|});")]
    [InlineData("if (t.IsCompleted) { t = StartAsync(); Use(t.{|IOP1001:Result|}); }")]
    [InlineData("if (!t.IsCompleted) { await Task.Yield(); } Use(t.{|IOP1001:Result|});")]
    [InlineData("if (StartAsync().IsCompleted) Use(StartAsync().{|IOP1001:Result|});")]
    [InlineData("if (_other._task.IsCompleted) Use(_task.{|IOP1001:Result|});")]
    [InlineData("Task<int>[] all = [t, t]; if (all[0].IsCompleted) Use(all[1].{|IOP1001:Result|});")]
    [InlineData("Use(t.IsCompleted); Use(t.{|IOP1001:Result|});")]
    public Task GuardThatProvesNothing_IsReported(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("if (t.Status == TaskStatus.RanToCompletion) Use(t.Result);")]
    [InlineData("if (TaskStatus.RanToCompletion == t.Status) Use(t.Result);")]
    [InlineData("if (t.Status != TaskStatus.RanToCompletion) return; Use(t.Result);")]
    [InlineData("if (t.Status is TaskStatus.RanToCompletion) Use(t.Result);")]
    [InlineData("if (t.Status is TaskStatus.Faulted or TaskStatus.Canceled) t.Wait();")]
    [InlineData("if (t.Status is not TaskStatus.RanToCompletion) return; Use(t.Result);")]
    [InlineData("if (t.Status == TaskStatus.Faulted) t.GetAwaiter().GetResult();")]
    [InlineData("switch (t.Status) { case TaskStatus.RanToCompletion: Use(t.Result); break; }")]
    [InlineData("var x = t.Status switch { TaskStatus.RanToCompletion => t.Result, _ => 0 };")]
    [InlineData("var x = t switch { { IsCompleted: true } => t.Result, _ => 0 };")]
    [InlineData("if (t is { IsCompleted: true }) Use(t.Result);")]
    [InlineData("if (t is { IsCompletedSuccessfully: true, Result: 5 }) return;")]
    [InlineData("if (t is { IsCompleted: true, Result: var value }) Use(value);")]
    [InlineData("if (t is { Status: TaskStatus.RanToCompletion }) Use(t.Result);")]
    [InlineData("if (t is not { IsCompleted: true }) return; Use(t.Result);")]
    [InlineData("if (t is { IsCompleted: true } done) Use(done.Result);")]
    [InlineData("if ((object)t is Task<int> { IsCompleted: true } done) Use(done.Result);")]
    public Task StatusAndPatterns_AreSilent(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("if (t.Status == TaskStatus.Running) Use(t.{|IOP1001:Result|});")]
    [InlineData("if (t.Status != TaskStatus.RanToCompletion) Use(t.{|IOP1001:Result|});")]
    [InlineData("if (t.Status != TaskStatus.WaitingForActivation) Use(t.{|IOP1001:Result|});")]
    [InlineData("switch (t.Status) { case TaskStatus.Running: Use(t.{|IOP1001:Result|}); break; }")]
    [InlineData("var x = t.Status switch { TaskStatus.RanToCompletion => 0, _ => t.{|IOP1001:Result|} };")]
    [InlineData("if (t is { IsCompleted: false }) Use(t.{|IOP1001:Result|});")]
    [InlineData("if (t is { IsFaulted: false }) Use(t.{|IOP1001:Result|});")]
    [InlineData("if (t is not { IsCompleted: true }) Use(t.{|IOP1001:Result|});")]
    [InlineData("if (t is { Id: 5, {|IOP1001:Result|}: 5 }) return;")]
    public Task StatusAndPatternsThatProveNothing_AreReported(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("while (!t.IsCompleted) await Task.Yield(); Use(t.Result);")]
    [InlineData("do { await Task.Yield(); } while (!t.IsCompleted); Use(t.Result);")]
    [InlineData("for (; !t.IsCompleted;) await Task.Yield(); Use(t.Result);")]
    [InlineData("while (t.IsCompleted) { Use(t.Result); t = WorkTwiceAsync(); await Task.Yield(); }")]
    [InlineData("foreach (var u in new[] { t }) { if (!u.IsCompleted) continue; Use(u.Result); }")]
    [InlineData("foreach (var u in new[] { t }) { if (!u.IsCompleted) break; Use(u.Result); }")]
    [InlineData("foreach (var u in new[] { t }) if (u.IsCompleted) Use(u.Result);")]
    [InlineData("foreach (var u in new[] { t }) { await u; Use(u.Result); }")]
    public Task GuardOfALoop_IsSilent(string statements) =>
        VerifyAsync(statements, "Task<int> WorkTwiceAsync() => _source.Task;");

    [Theory]
    [InlineData("while (Flag()) { if (t.IsCompleted) break; await Task.Yield(); } Use(t.{|IOP1001:Result|});")]
    [InlineData("foreach (var u in new[] { t }) { Use(u.{|IOP1001:Result|}); await u; }")]
    [InlineData("for (var i = 0; i < 3; i++) { Use(t.{|IOP1001:Result|}); t = StartAsync(); }")]
    [InlineData("await t; for (var i = 0; i < 3; i++) { Use(t.{|IOP1001:Result|}); t = StartAsync(); }")]
    [InlineData("while (Flag()) await t; Use(t.{|IOP1001:Result|});")]
    public Task LoopThatProvesNothing_IsReported(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("await t; Use(t.Result);")]
    [InlineData("var x = await t; Use(t.Result, x);")]
    [InlineData("await (t); t.Wait();")]
    [InlineData("await t!; Use(t.GetAwaiter().GetResult());")]
    [InlineData("await t.WaitAsync(token); Use(t.Result);")]
    [InlineData("await t.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); t.Wait();")]
    [InlineData("Use(await t, t.Result);")]
    [InlineData("if (await t > 0) Use(t.Result);")]
    [InlineData("try { await t; } catch (Exception) { } Use(t.Result);")]
    [InlineData("try { await t; } finally { Use(); } Use(t.Result);")]
    [InlineData("try { await t; } catch (InvalidOperationException) { return; } Use(t.Result);")]
    [InlineData("if (Flag()) await t; else await t; Use(t.Result);")]
    [InlineData("if (Flag()) { await t; Use(t.Result); }")]
    [InlineData("if (!Flag()) return; await t; if (Flag()) Use(t.Result);")]
    [InlineData("{ await t; } Use(t.Result);")]
    [InlineData("await t; await Task.Yield(); Use(t.Result); Use(t.Result);")]
    [InlineData("await t; Use(new Lock(), t.Result); t = StartAsync();")]
    [InlineData("await _task; Use(_task.Result);")]
    [InlineData("await Pending; Use(Pending.Result);")]
    [InlineData("t = StartAsync(); await t; Use(t.Result);")]
    [InlineData("_ = await t; Use(t.Result);")]
    [InlineData("Use($\"{await t} {t.Result}\");")]
    [InlineData("using (new MemoryStream()) { await t; } Use(t.Result);")]
    [InlineData("switch (1) { case 1: await t; Use(t.Result); break; }")]
    [InlineData("Task<int> u; await (u = StartAsync()); Use(u.Result);")]
    [InlineData("while (Flag()) { await t; Use(t.Result); t = StartAsync(); }")]
    [InlineData("try { await t; Use(t.Result); } catch (Exception e) { Use(e); }")]
    public Task AwaitedBefore_IsSilent(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("Use(t.{|IOP1001:Result|}, await t);")]
    [InlineData("Use(t.{|IOP1001:Result|}); await t;")]
    [InlineData("await t; t = StartAsync(); Use(t.{|IOP1001:Result|});")]
    [InlineData("await t; (t, var n) = (StartAsync(), 1); Use(t.{|IOP1001:Result|}, n);")]
    [InlineData("await t; Replace(ref t); Use(t.{|IOP1001:Result|});")]
    [InlineData("await t; ReplaceOut(out t); Use(t.{|IOP1001:Result|});")]
    [InlineData("if (Flag()) await t; Use(t.{|IOP1001:Result|});")]
    [InlineData("if (Flag()) { await t; } else { Use(t.{|IOP1001:Result|}); }")]
    [InlineData("var x = Flag() ? await t : 0; Use(t.{|IOP1001:Result|});")]
    [InlineData("if (Flag() && await t > 0) { } Use(t.{|IOP1001:Result|});")]
    [InlineData("await WorkAsync(); Use(t.{|IOP1001:Result|});")]
    [InlineData("var u = StartAsync(); await u; Use(t.{|IOP1001:Result|});")]
    [InlineData("await StartAsync(); Use(StartAsync().{|IOP1001:Result|});")]
    [InlineData("await _other._task; Use(_task.{|IOP1001:Result|});")]
    [InlineData("await _task; _task = StartAsync(); Use(_task.{|IOP1001:Result|});")]
    [InlineData("try { await t.WaitAsync(token); } catch (Exception) { } Use(t.{|IOP1001:Result|});")]
    [InlineData("Func<Task> f = async () => await t; Use(f, t.{|IOP1001:Result|});")]
    public Task AwaitThatProvesNothing_IsReported(string statements) => VerifyAsync(
        statements,
        """
        void Replace(ref Task<int> task) => task = _source.Task;
        void ReplaceOut(out Task<int> task) => task = _source.Task;
        """);

    [Theory]
    [InlineData("await Task.WhenAll(t, u); Use(t.Result, u.Result);")]
    [InlineData("await Task.WhenAll([t, u]); Use(t.Result, u.Result);")]
    [InlineData("await Task.WhenAll(new[] { t, u }); Use(t.Result, u.Result);")]
    [InlineData("await Task.WhenAll(t, u).WaitAsync(token); Use(t.Result);")]
    [InlineData("try { await Task.WhenAll(t, u); } catch (Exception) { } Use(t.Result);")]
    [InlineData("Task<int>[] all = [t, u]; await Task.WhenAll(all); Use(all[0].Result, all[^1].Result);")]
    [InlineData("var all = new List<Task<int>> { t, u }; await Task.WhenAll(all); Use(all[0].Result);")]
    [InlineData("Task<int>[] all = [t, u]; await Task.WhenAll(all); foreach (var d in all) Use(d.Result);")]
    [InlineData("Task<int>[] all = [t]; await Task.WhenAll(all); for (var i = 0; i < 1; i++) Use(all[i].Result);")]
    [InlineData("Task<int>[] all = [t, u]; await Task.WhenAll(all); Use(all.Select(d => d.Result).ToArray());")]
    [InlineData("Task<int>[] all = [t, u]; await Task.WhenAll(all); Use(all.Sum(d => d.Result));")]
    [InlineData("Task<int>[] all = [t, u]; await Task.WhenAll(all); Use(from d in all select d.Result);")]
    [InlineData("var whole = Task.WhenAll(t, u); await whole; Use(t.Result, whole.Result);")]
    [InlineData("var results = await Task.WhenAll(t, u); Use(results[0], t.Result);")]
    public Task WhenAll_IsSilent(string statements) => VerifyAsync("var u = StartAsync();\n" + statements);

    [Theory]
    [InlineData("await Task.WhenAll(all.ToArray()); Use(all[0].Result);")]
    [InlineData("await Task.WhenAll(all); all.ForEach(d => Use(d.Result));")]
    [InlineData("await Task.WhenAll(all); Use(all.ConvertAll(d => d.Result));")]
    [InlineData("await Task.WhenAll(all); Use(all.ToDictionary(d => d.Id, d => d.Result));")]
    [InlineData("await Task.WhenAll(all); Use(all.Where(d => d.Id > 1).Select(d => d.Result).ToList());")]
    [InlineData("await Task.WhenAll(all); var first = all[0]; Use(first.Result);")]
    [InlineData("await Task.WhenAll(all); Use(all.First().Result, all.Last().Result);")]
    [InlineData("await Task.WhenAll(all); for (var i = 0; i < all.Count; i++) { var d = all[i]; Use(d.Result); }")]
    [InlineData("Use(all.Where(d => d.IsCompletedSuccessfully).Select(d => d.Result).ToList());")]
    [InlineData("foreach (var d in all.Where(d => d.IsCompleted)) Use(d.Result);")]
    [InlineData("await Task.WhenAll(map.Values); foreach (var pair in map) Use(pair.Value.Result);")]
    [InlineData("await Task.WhenAll(map.Values); foreach (var (key, d) in map) Use(key, d.Result);")]
    [InlineData("await Task.WhenAll(map.Values); Use(map[1].Result);")]
    [InlineData("await Task.WhenAll(map.Values); Use(map.ToDictionary(p => p.Key, p => p.Value.Result));")]
    [InlineData("await Task.WhenAll(jobs.Select(j => j.Task)); foreach (var j in jobs) Use(j.Id, j.Task.Result);")]
    [InlineData("await Task.WhenAll(jobs.Select(j => j.Task)); Use(jobs.Sum(j => j.Task.Result));")]
    [InlineData("while (all.Count > 0) { var d = await Task.WhenAny(all); all.Remove(d); Use(d.Result); }")]
    [InlineData("await Task.WhenAll(_tasks); foreach (var d in _tasks) Use(d.Result);")]
    [InlineData("foreach (var d in all) await d; Use(all.Count);")]
    [InlineData("await t; Use(new[] { 1 }.Select(x => x + t.Result).ToList());")]
    public Task CollectionOfEndedTasks_IsSilent(string statements) => VerifyAsync(
        """
        var all = new List<Task<int>> { t };
        var map = new Dictionary<int, Task<int>> { [1] = t };
        var jobs = new[] { 1 }.Select(x => (Id: x, Task: StartAsync())).ToList();

        """ + statements,
        "readonly List<Task<int>> _tasks = null!;");

    [Theory]
    [InlineData("foreach (var (key, d) in map) Use(key, d.{|IOP1001:Result|});")]
    [InlineData("foreach (var d in all.Where(d => !d.IsCompleted)) Use(d.{|IOP1001:Result|});")]
    [InlineData("Use(map[1].{|IOP1001:Result|}); await Task.WhenAll(map.Values);")]
    [InlineData("await Task.WhenAll(map.Values); Use(all[0].{|IOP1001:Result|});")]
    [InlineData("await Task.WhenAny(all); Use(all[0].{|IOP1001:Result|});")]
    [InlineData("while (all.Count > 0) { var d = all[0]; all.Remove(d); Use(d.{|IOP1001:Result|}); }")]
    public Task CollectionOfTasksThatMayRun_IsReported(string statements) => VerifyAsync(
        """
        var all = new List<Task<int>> { t };
        var map = new Dictionary<int, Task<int>> { [1] = t };

        """ + statements);

    [Fact]
    public Task PollingWithASleep_IsReportedForTheSleepOnly() =>
        VerifyAsync("while (!t.IsCompleted) Thread.{|IOP1002:Sleep|}(1); Use(t.Result);");

    [Theory]
    [InlineData("await Task.WhenAll(u); Use(t.{|IOP1001:Result|});")]
    [InlineData("var whole = Task.WhenAll(t, u); Use(t.{|IOP1001:Result|}); await whole;")]
    [InlineData("_ = Task.WhenAll(t, u); Use(t.{|IOP1001:Result|});")]
    [InlineData("Task<int>[] all = [t, u]; Use(all[0].{|IOP1001:Result|}); await Task.WhenAll(all);")]
    [InlineData("Task<int>[] all = [t]; await Task.WhenAll(all); all = [u]; Use(all[0].{|IOP1001:Result|});")]
    [InlineData("Task<int>[] all = [t]; foreach (var d in all) Use(d.{|IOP1001:Result|});")]
    [InlineData("await Task.WhenAll(t, u); u = StartAsync(); Use(t.Result, u.{|IOP1001:Result|});")]
    public Task WhenAllThatProvesNothing_IsReported(string statements) =>
        VerifyAsync("var u = StartAsync();\n" + statements);

    [Theory]
    [InlineData("var winner = await Task.WhenAny(t, u); Use(winner.Result);")]
    [InlineData("Task<int> winner = await Task.WhenAny([t, u]); winner.Wait();")]
    [InlineData("Use((await Task.WhenAny(t, u)).Result);")]
    [InlineData("var delay = Task.Delay(9); if (await Task.WhenAny(t, delay) == t) Use(t.Result);")]
    [InlineData("if (t == await Task.WhenAny(t, Task.Delay(9))) Use(t.Result);")]
    [InlineData("if (await Task.WhenAny(t, Task.Delay(9)) != t) throw new TimeoutException(); Use(t.Result);")]
    [InlineData("var winner = await Task.WhenAny(t, u); if (winner == t) Use(t.Result);")]
    [InlineData("var all = new List<Task<int>> { t }; var w = await Task.WhenAny(all); all.Remove(w); Use(w.Result);")]
    [InlineData("await foreach (var d in Task.WhenEach(t, u)) Use(d.Result);")]
    [InlineData("var w = await Task.WhenAny(t, u); if (w == u) throw new TimeoutException(); Use(t.Result);")]
    [InlineData("var w = await Task.WhenAny(t, u); if (w != t) return; Use(t.Result);")]
    [InlineData("var w = await Task.WhenAny(t, u); if (ReferenceEquals(w, t)) Use(t.Result);")]
    [InlineData("Use(await Task.WhenAny(t, Task.Delay(9)) == t ? t.Result : 0);")]
    [InlineData("await foreach (var d in Task.WhenEach([t, u]).WithCancellation(token)) Use(d.Result);")]
    public Task WhenAnyAndWhenEach_AreSilent(string statements) => VerifyAsync("var u = StartAsync();\n" + statements);

    [Theory]
    [InlineData("await Task.WhenAny(t, u); Use(t.{|IOP1001:Result|});")]
    [InlineData("if (await Task.WhenAny(t, u) == t) { } else { Use(t.{|IOP1001:Result|}); }")]
    [InlineData("if (await Task.WhenAny(t, u) == u) Use(t.{|IOP1001:Result|});")]
    [InlineData("if (await Task.WhenAny(t, u) != t) Use(t.{|IOP1001:Result|});")]
    [InlineData("var winner = Task.WhenAny(t, u); Use(winner.{|IOP1001:Result|}.Id);")]
    [InlineData("await foreach (var d in Task.WhenEach(t, u)) Use(t.{|IOP1001:Result|});")]
    public Task WhenAnyThatProvesNothing_IsReported(string statements) =>
        VerifyAsync("var u = StartAsync();\n" + statements);

    [Theory]
    [InlineData("Use(Task.FromResult(1).Result);")]
    [InlineData("var done = Task.FromResult(1); Use(done.Result);")]
    [InlineData("Task.CompletedTask.Wait();")]
    [InlineData("Task.CompletedTask.GetAwaiter().GetResult();")]
    [InlineData("var done = Task.CompletedTask; done.Wait();")]
    [InlineData("Use(ValueTask.FromResult(1).Result);")]
    [InlineData("ValueTask.CompletedTask.GetAwaiter().GetResult();")]
    [InlineData("Task.FromException(new IOException()).Wait();")]
    [InlineData("t = Task.FromResult(2); Use(t.Result);")]
    public Task TaskBornCompleted_IsSilent(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("t.Wait(0);")]
    [InlineData("t.Wait(TimeSpan.Zero);")]
    [InlineData("t.Wait(default(TimeSpan));")]
    [InlineData("t.Wait(default(TimeSpan), token);")]
    [InlineData("t.Wait(0, token);")]
    [InlineData("t.Wait(millisecondsTimeout: 0);")]
    [InlineData("t.Wait(cancellationToken: token, millisecondsTimeout: 0);")]
    [InlineData("const int None = 0; t.Wait(None);")]
    [InlineData("t.Wait(1 - 1);")]
    [InlineData("t.Wait(new TimeSpan());")]
    [InlineData("Task.WaitAll([t], 0);")]
    [InlineData("Task.WaitAny([t], 0);")]
    [InlineData("Task.WaitAny([t], TimeSpan.Zero);")]
    [InlineData("if (t.Wait(0)) Use(t.Result);")]
    public Task ZeroTimeout_IsSilent(string statements) => VerifyAsync(statements);

    [Theory]
    [InlineData("if (v.IsCompleted) Use(v.Result);")]
    [InlineData("if (v.IsCompletedSuccessfully) { Use(v.Result); return; }")]
    [InlineData("Use(v.IsCompleted ? v.Result : await v);")]
    [InlineData("if (v.IsCompleted) Use(v.GetAwaiter().GetResult());")]
    [InlineData("if (v is { IsCompleted: true }) Use(v.Result);")]
    [InlineData("var awaiter = v.GetAwaiter(); if (awaiter.IsCompleted) Use(awaiter.GetResult());")]
    [InlineData("var awaiter = t.GetAwaiter(); if (!awaiter.IsCompleted) return; Use(awaiter.GetResult());")]
    [InlineData("var awaiter = t.ConfigureAwait(false).GetAwaiter(); if (awaiter.IsCompleted) awaiter.GetResult();")]
    public Task ValueTaskAndAwaiterGuards_AreSilent(string statements) =>
        VerifyAsync("var v = ReceiveAsync();\n" + statements);

    [Theory]
    [InlineData("if (!v.IsCompleted) Use(v.{|IOP1001:Result|});")]
    [InlineData("if (v.IsFaulted) return; Use(v.{|IOP1001:Result|});")]
    [InlineData("Use(v.IsCompleted ? await v : v.{|IOP1001:Result|});")]
    [InlineData("var awaiter = v.GetAwaiter(); if (!awaiter.IsCompleted) Use(awaiter.{|IOP1001:GetResult|}());")]
    [InlineData("var awaiter = v.GetAwaiter(); if (t.IsCompleted) Use(awaiter.{|IOP1001:GetResult|}());")]
    public Task ValueTaskAndAwaiterGuardsThatProveNothing_AreReported(string statements) =>
        VerifyAsync("var v = ReceiveAsync();\n" + statements);

    private static Task VerifyAsync(string statements, string more = "") =>
        Situation.VerifyInPinnedAsync("Task<int> t = StartAsync();\n" + statements, Members + "\n" + more);
}
