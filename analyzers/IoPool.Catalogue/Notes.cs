using System;
using System.Collections.Generic;
using IoPool.Analyzers.Catalogue;

namespace IoPool.Catalogue;

/// <summary>
/// Every note of the facts and what it means. Kept by hand: a note that is not here is an error of the tool, so that no
/// condition of a new fact goes unread.
/// </summary>
internal static class Notes
{
    private static readonly Dictionary<string, NoteRule> s_rules = new(StringComparer.Ordinal)
    {
        ["SequentialAccess only: default-off"] = NoteRule.Off,
        ["[Conditional(\"DEBUG\")]; default-off"] = NoteRule.Off,
        ["default-off"] = NoteRule.Off,
        ["default-off; on only without timeout/NonBacktracking"] = NoteRule.Off,
        ["default-off; satellite assembly load on first use"] = NoteRule.Off,
        ["runs callbacks inline; default-off (AsyncFixer exempts it)"] = NoteRule.Off,
        ["takes every bucket lock; default-off"] = NoteRule.Off,

        ["IsDBNull/GetFieldValue block only with CommandBehavior.SequentialAccess: default-off"] = NoteRule.Off.For(
            "IsDBNull", "GetFieldValue", "GetStream", "GetTextReader", "GetBytes", "GetChars"),

        ["Close(byte[], true) blocks"] = new NoteRule(Condition.TrueArgument),

        ["exempt GetTotalMemory(false)"] = new NoteRule(Condition.TrueArgument).For("GetTotalMemory"),

        ["exempt when Available > 0 dominates"] = new(Condition.Available),

        ["may when Blocking=false is set on the same local"] = new(Condition.BlockingSocket),

        ["blocks when bounded and full"] = new(Condition.Bounded),

        ["as TaskAwaiter"] = new(Condition.Completed),
        ["exempt after a dominating await / IsCompletedSuccessfully guard / awaited Task.WhenAll of the same local; "
            + "never inside nameof"] = new(Condition.Completed),
        ["exempt inside a true-branch of IsCompleted/IsCompletedSuccessfully on the same local"] =
            new(Condition.Completed),
        ["exempt under IsCompletedSuccessfully guard"] = new(Condition.Completed),
        ["exempt when awaiter.IsCompleted dominates; exempt in generated code"] = new(Condition.Completed),
        ["exempt when the timeout is constant 0"] = new(Condition.Completed),
        ["exempt when the timeout is the constant 0 / TimeSpan.Zero"] = new(Condition.Completed),
        ["guard exemption as Task.Wait()"] = new(Condition.Completed),
        ["undefined behaviour on incomplete pooled ValueTask"] = new(Condition.Completed),

        ["MemoryDistributedCache is exempt"] = new(Condition.InMemory),
        ["exempt StringReader, TextReader.Null"] = new(Condition.InMemory),
        ["exempt StringWriter"] = new(Condition.InMemory),
        ["exempt StringWriter, TextWriter.Null"] = new(Condition.InMemory),
        ["exempt over IBufferWriter<byte>"] = new(Condition.InMemory),
        ["exempt over StringReader"] = new(Condition.InMemory),
        ["exempt over StringWriter"] = new(Condition.InMemory),
        ["exempt over StringWriter/StringBuilder"] = new(Condition.InMemory),
        ["exempt over a MemoryStream local"] = new(Condition.InMemory),
        ["exempt receiver types MemoryStream, UnmanagedMemoryStream, Stream.Null"] = new(Condition.InMemory),
        ["flushes; exempt MemoryStream, UnmanagedMemoryStream, Stream.Null"] = new(Condition.InMemory),

        ["runs the task body on the loop thread"] = new(Condition.None),

        ["exempt under Pending()"] = new(Condition.Pending),

        ["always when the source is a DbSet/EF query; exempt after AsQueryable() on an in-memory list"] =
            new(Condition.Query),
        ["always when the source is a DbSet/EF query; exempt after AsQueryable() on an in-memory list; obsolete API"] =
            new(Condition.Query),

        ["only when the argument's static type implements IQueryable; otherwise exempt"] =
            new(Condition.QueryableSource),

        ["exempt when IsValueCreated is tested, or ctor seen with mode None/PublicationOnly or with a value"] =
            new(Condition.ValueCreated),

        ["exempt Consume(TimeSpan.Zero)"] = new(Condition.ZeroTimeout),
        ["exempt Poll(TimeSpan.Zero); Produce itself only enqueues"] = new(Condition.ZeroTimeout),
        ["exempt Wait(0)/Wait(TimeSpan.Zero) (CA1849 #7271)"] = new(Condition.ZeroTimeout),
        ["exempt WaitForExit(0); before .NET 6 semantics differ (runtime#42556)"] = new(Condition.ZeroTimeout),
        ["exempt constant 0"] = new(Condition.ZeroTimeout),
        ["exempt timeout 0"] = new(Condition.ZeroTimeout),
        ["exempt when timeout is constant 0"] = new(Condition.ZeroTimeout),

        [".ctor also generates code"] = NoteRule.Information,
        [".ctor(IPEndPoint) only binds and is exempt"] = NoteRule.Information,
        ["100 ms-class signatures"] = NoteRule.Information,
        ["Add/AddRange are exempt"] = NoteRule.Information,
        ["Add/AddRange exempt"] = NoteRule.Information,
        ["AsyncFixer ignores <50 ms: we must not"] = NoteRule.Information,
        ["CA2024 covers EndOfStream"] = NoteRule.Information,
        ["COM RPC"] = NoteRule.Information,
        ["CPU stays on the loop even when async"] = NoteRule.Information,
        ["Console.In.ReadLineAsync is synchronous too"] = NoteRule.Information,
        ["Flush(true) is fsync"] = NoteRule.Information,
        ["MVC1000"] = NoteRule.Information,
        ["Microsoft.Data.Sqlite: async is synchronous, use Offload.RunAsync"] = NoteRule.Information,
        ["OpenRemoteBaseKey is network I/O"] = NoteRule.Information,
        ["Reflection.Emit"] = NoteRule.Information,
        ["SCM RPC"] = NoteRule.Information,
        ["StopAsync(host, timeout) is fine"] = NoteRule.Information,
        ["StreamPipeWriter flushes synchronously"] = NoteRule.Information,
        ["UseGlobalLock serialises all listeners"] = NoteRule.Information,
        ["VSTHRD103 docs: some prefer sync Read for perf"] = NoteRule.Information,
        ["Wait is WaitAsync"] = NoteRule.Information,
        ["WaitAndRetry sleeps the thread"] = NoteRule.Information,
        ["Windows RPC"] = NoteRule.Information,
        ["blocks on a full buffer; host-name overload does DNS"] = NoteRule.Information,
        ["blocks until the APM operation completes"] = NoteRule.Information,
        ["buffers the body synchronously"] = NoteRule.Information,
        ["caller participates and waits"] = NoteRule.Information,
        ["caller waits until the OS thread has started"] = NoteRule.Information,
        ["commits on Dispose; TransactionScopeAsyncFlowOption.Enabled still blocks"] = NoteRule.Information,
        ["compiles and runs; may fetch"] = NoteRule.Information,
        ["creates a file"] = NoteRule.Information,
        ["disposal is the blocking part"] = NoteRule.Information,
        ["disposes the stream synchronously"] = NoteRule.Information,
        ["dlopen"] = NoteRule.Information,
        ["drains the reader"] = NoteRule.Information,
        ["exempt *Async and properties"] = NoteRule.Information,
        ["exempt *Async and properties; obsolete API"] = NoteRule.Information,
        ["exempt CreateBatch, CreateTransaction, WithKeyPrefix, IsConnected, *Async, Multiplexer, Database"] =
            NoteRule.Information,
        ["file or OS store access"] = NoteRule.Information,
        ["first call loads keys from disk/network"] = NoteRule.Information,
        ["foreach over ParallelQuery"] = NoteRule.Information,
        ["fork/exec handshake; no async overload"] = NoteRule.Information,
        ["fstat"] = NoteRule.Information,
        ["generated clients: any non-Async method of a ClientBase subclass"] = NoteRule.Information,
        ["getaddrinfo"] = NoteRule.Information,
        ["getaddrinfo; obsolete API"] = NoteRule.Information,
        ["gives up the OS slice, not the loop"] = NoteRule.Information,
        ["global lock + blocking write when the pipe or terminal is full"] = NoteRule.Information,
        ["iteration count decides"] = NoteRule.Information,
        ["lingers up to the timeout"] = NoteRule.Information,
        ["loads the session synchronously if not loaded"] = NoteRule.Information,
        ["may download AIA/CRL/OCSP"] = NoteRule.Information,
        ["may download CRL/OCSP"] = NoteRule.Information,
        ["may fetch over HTTP"] = NoteRule.Information,
        ["msync"] = NoteRule.Information,
        ["no async overload"] = NoteRule.Information,
        ["no async overload exists"] = NoteRule.Information,
        ["obsolete API"] = NoteRule.Information,
        ["on Unix cursor queries wait for the terminal"] = NoteRule.Information,
        ["only overloads taking a sync lock"] = NoteRule.Information,
        ["open(2) can block on slow storage"] = NoteRule.Information,
        ["opens the file eagerly, then lazily blocks per line"] = NoteRule.Information,
        ["quality 11 is very slow"] = NoteRule.Information,
        ["queries schema"] = NoteRule.Information,
        ["reads /proc or enumerates handles"] = NoteRule.Information,
        ["reads configuration files"] = NoteRule.Information,
        ["reads files"] = NoteRule.Information,
        ["reads the central directory"] = NoteRule.Information,
        ["retry/timeout strategies sleep the thread"] = NoteRule.Information,
        ["rolls back"] = NoteRule.Information,
        ["runs ProcessExit handlers on this thread"] = NoteRule.Information,
        ["sleeps 1 ms after ~20 iterations"] = NoteRule.Information,
        ["stat on first access or after Refresh"] = NoteRule.Information,
        ["stat-class system call"] = NoteRule.Information,
        ["stat-class system call on first access"] = NoteRule.Information,
        ["statfs"] = NoteRule.Information,
        ["stops every loop"] = NoteRule.Information,
        ["sync-over-async"] = NoteRule.Information,
        ["synchronous DNS"] = NoteRule.Information,
        ["takes the type-init lock"] = NoteRule.Information,
        ["v6 API"] = NoteRule.Information,
        ["v6 API, RPC round trip"] = NoteRule.Information,
        ["v6 API, blocks on back-pressure"] = NoteRule.Information,
        ["waits for a callback running on another thread"] = NoteRule.Information,
        ["waits for a running post-phase action"] = NoteRule.Information,
        ["writes the end-of-archive blocks"] = NoteRule.Information,
        ["~100 ms by default"] = NoteRule.Information,
    };

    /// <summary>The rule of a fact's note.</summary>
    public static NoteRule Of(Fact fact, string member)
    {
        if (fact.Note.Length == 0)
            return NoteRule.Information;
        return s_rules.TryGetValue(fact.Note, out var rule)
            ? rule.Of(member)
            : throw new FactException($"{fact.Pattern}: what the note means has to be said in Notes.cs: {fact.Note}");
    }

    public static bool IsKnown(string note) => s_rules.ContainsKey(note);
}
