using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Tests;

/// <summary>IOP1008.</summary>
public sealed class SyncDisposeTests
{
    private const string Members = """
        readonly FileStream _file = null!;
        readonly StreamWriter _writer = null!;
        readonly BufferedStream _buffered = null!;
        readonly System.IO.Compression.GZipStream _zip = null!;
        readonly System.Net.Security.SslStream _ssl = null!;
        readonly Stream _stream = null!;
        readonly Own _own = null!;
        readonly Plain _plain = null!;
        readonly Reasoned _reasoned = null!;
        static void Use(params object?[] values) { }

        sealed class Own : IDisposable, IAsyncDisposable
        {
            bool _disposed;
            public void Dispose() => _disposed = true;
            public ValueTask DisposeAsync() => _disposed ? default : new ValueTask(Task.Delay(1));
        }

        sealed class Plain : IDisposable
        {
            public void Dispose() { }
            public void Close() { }
            public ValueTask CloseAsync() => default;
        }

        sealed class Reasoned : IDisposable, IAsyncDisposable
        {
            [NonBlocking("it only sets a flag")] public void Dispose() { }
            public ValueTask DisposeAsync() => default;
        }
        """;

    private static readonly MetadataReference s_library = RuntimeReference.Build("Library", """
        using System;
        using System.Threading.Tasks;

        public class Session : IDisposable, IAsyncDisposable
        {
            public void Dispose() { }
            public virtual ValueTask DisposeAsync() => default;
        }

        public class DerivedSession : Session
        {
            public override ValueTask DisposeAsync() => default;
        }
        """);

    [Theory]
    [InlineData("{|IOP1008:using|} var x = _file;")]
    [InlineData("{|IOP1008:using|} FileStream x = _file;")]
    [InlineData("{|IOP1008:using|} (_file) { Use(); }")]
    [InlineData("{|IOP1008:using|} (var x = _file) Use(x);")]
    [InlineData("{|IOP1008:using|} (this._file) Use();")]
    [InlineData("{|IOP1008:using|} var x = _writer;")]
    [InlineData("{|IOP1008:using|} (_buffered) { }")]
    [InlineData("{|IOP1008:using|} (_zip) { }")]
    [InlineData("{|IOP1008:using|} (_ssl) { }")]
    [InlineData("{|IOP1008:using|} var x = _stream;")]
    [InlineData("{|IOP1008:using|} (_stream) { }")]
    [InlineData("{|IOP1008:using|} (_file) {|IOP1008:using|} (_writer) { }")]
    [InlineData("{|IOP1008:using|} (_file) { await Task.Yield(); }")]
    [InlineData("if (_file is not null) { {|IOP1008:using|} var x = _file; }")]
    public Task UsingOfATypeThatOverridesDisposeAsync_IsReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("foreach (var x in new[] { _file }) x.{|IOP1008:Dispose|}();")]
    [InlineData("foreach (var x in new[] { _file }) { {|IOP1008:using|} (x) { } }")]
    [InlineData("{|IOP1008:using|} var x = Environment.ProcessorCount > 1 ? _file : null;")]
    [InlineData("{|IOP1008:using|} var x = await Task.FromResult(_file);")]
    [InlineData("{|IOP1008:using|} FileStream a = _file, b = _file;")]
    [InlineData("{|IOP1008:using|} var x = _derived;")]
    [InlineData("Use(_file); if (_file.CanRead) { _file.{|IOP1008:Dispose|}(); return; }")]
    public Task DisposalInOtherForms_IsReported(string statement) => Situation.VerifyInPinnedAsync(
        statement,
        Members + """

        readonly Derived _derived = null!;
        sealed class Derived() : FileStream("a", FileMode.Open) { }
        """);

    [Theory]
    [InlineData("_file.{|IOP1008:Dispose|}();")]
    [InlineData("_file?.{|IOP1008:Dispose|}();")]
    [InlineData("_file.{|IOP1008:Close|}();")]
    [InlineData("_writer.{|IOP1008:Dispose|}();")]
    [InlineData("_writer.{|IOP1008:Close|}();")]
    [InlineData("try { Use(); } finally { _file.{|IOP1008:Dispose|}(); }")]
    [InlineData("try { Use(); } catch (Exception) { _ssl.{|IOP1008:Dispose|}(); throw; }")]
    public Task ExplicitDisposal_IsReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("{|IOP1008:using|} var x = _own;")]
    [InlineData("{|IOP1008:using|} (_own) { }")]
    [InlineData("_own.{|IOP1008:Dispose|}();")]
    public Task OwnAsyncDisposable_IsReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("{|IOP1008:using|} var session = new Session();")]
    [InlineData("{|IOP1008:using|} var session = new DerivedSession();")]
    [InlineData("{|IOP1008:using|} (new DerivedSession()) { }")]
    [InlineData("new Session().{|IOP1008:Dispose|}();")]
    public Task AsyncDisposableOfAnotherAssembly_IsReported(string statement) =>
        Situation.VerifyInPinnedAsync(statement, "", s_library);

    [Theory]
    [InlineData("{|IOP1008:using|} var r = token.Register(() => Use());")]
    [InlineData("var r = token.UnsafeRegister(_ => Use(), null); r.{|IOP1008:Dispose|}();")]
    public Task CancellationRegistration_IsReported(string statement) => VerifyAsync(statement);

    [Fact]
    public Task OpeningAndDisposing_AreTwoReports() => VerifyAsync("""
        {|IOP1008:using|} var stream = new {|IOP1005:FileStream|}("a", FileMode.Open);
        """);

    [Theory]
    [InlineData("await using var x = _file;")]
    [InlineData("await using (_file) { Use(); }")]
    [InlineData("await using (var x = _writer) Use(x);")]
    [InlineData("await using var x = _own;")]
    [InlineData("await _file.DisposeAsync();")]
    [InlineData("if (_own is not null) await _own.DisposeAsync();")]
    [InlineData("try { Use(); } finally { await _writer.DisposeAsync(); }")]
    public Task AsyncDisposal_IsSilent(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("using var x = new MemoryStream();")]
    [InlineData("using (new MemoryStream([1, 2])) { }")]
    [InlineData("new MemoryStream().Dispose();")]
    [InlineData("new MemoryStream().Close();")]
    [InlineData("using var x = new StringWriter();")]
    [InlineData("using var x = new StringReader(\"a\");")]
    [InlineData("using var x = new StreamWriter(new MemoryStream());")]
    [InlineData("using var x = new StreamReader(new MemoryStream());")]
    [InlineData("var memory = new MemoryStream(); using var x = new BinaryWriter(memory);")]
    [InlineData("using var x = new System.Text.Json.Utf8JsonWriter(new System.Buffers.ArrayBufferWriter<byte>());")]
    [InlineData("using var x = System.Xml.XmlWriter.Create(new StringBuilder());")]
    [InlineData("using var x = new System.Xml.XmlTextWriter(new StringWriter());")]
    [InlineData("using var x = Stream.Null;")]
    public Task InMemory_IsSilent(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("using var x = new CancellationTokenSource();")]
    [InlineData("using var x = CancellationTokenSource.CreateLinkedTokenSource(token);")]
    [InlineData("using var x = new Timer(_ => { });")]
    [InlineData("new Timer(_ => { }).Dispose();")]
    [InlineData("using var x = new PeriodicTimer(TimeSpan.FromSeconds(1));")]
    [InlineData("using var x = new SemaphoreSlim(1);")]
    [InlineData("using var x = System.Security.Cryptography.SHA256.Create();")]
    [InlineData("using var x = System.Buffers.MemoryPool<byte>.Shared.Rent(5);")]
    [InlineData("using var x = new List<int>().GetEnumerator();")]
    [InlineData("using IDisposable x = _plain;")]
    [InlineData("using var x = _plain;")]
    [InlineData("_plain.Dispose();")]
    [InlineData("using var x = _reasoned;")]
    [InlineData("_reasoned.Dispose();")]
    [InlineData("var r = token.Register(() => Use()); r.Unregister();")]
    public Task WhatHasNothingToWaitFor_IsSilent(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("await Offload.RunAsync(() => _file.Dispose());")]
    [InlineData("await Offload.RunAsync(() => { using var x = _file; });")]
    [InlineData("await Task.Run(() => { using (_own) { } });")]
    [InlineData("void Never() => _file.Dispose();")]
    [InlineData("Use(nameof(_file.Dispose), nameof(IAsyncDisposable.DisposeAsync));")]
    [InlineData("Action dispose = _file.Dispose; Use(dispose);")]
    public Task DisposalElsewhere_IsSilent(string statement) => VerifyAsync(statement);

    [Fact]
    public Task UsingDirectivesAndPlainMethods_AreSilent() => Situation.VerifyAsync("""
        using System.Globalization;

        partial class Handler
        {
            void Plain(FileStream file)
            {
                using var x = file;
                file.Dispose();
            }

            [Pinned] public async partial ValueTask RunAsync() => await Task.Yield();
        }
        """);

    private static Task VerifyAsync(string statements) => Situation.VerifyInPinnedAsync(statements, Members);
}
