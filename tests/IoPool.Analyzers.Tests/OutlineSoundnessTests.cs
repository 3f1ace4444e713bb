using IoPool.Analyzers.Blocking;
using IoPool.Analyzers.Catalogue;
using IoPool.Analyzers.Tests.Support;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IoPool.Analyzers.Tests;

/// <summary>
/// Code in which a name, a type or a call is easily taken for another one: in all of it something blocks, and the
/// outlines must not call it harmless. The opposite, what needs no binding, is in <see cref="OutlineTests"/>.
/// </summary>
public sealed class OutlineSoundnessTests
{
    [Theory]
    [InlineData("class H { FileStream s = null!; bool b; void M(object o) { if (b) if (o is MemoryStream s) s.ReadByte(); s.ReadByte(); } }")]
    [InlineData("""
        class H { FileStream s = null!; void M(object o, bool b) { if (b) return; else if (o is MemoryStream s) s.ReadByte(); s.ReadByte(); } }
        """)]
    [InlineData("""
        class H { FileStream s = null!; static void Get(out MemoryStream s) { s = null!; } void M(bool b) { if (b) Get(out MemoryStream s); s.ReadByte(); } }
        """)]
    [InlineData("class H { bool s; static void Get(out int s) { s = 1; } void M() { do Get(out var s); while (!Volatile.Read(ref s)); } }")]
    [InlineData("""
        class H { FileStream s = null!; void M(object o) { switch (o) { case MemoryStream s: s.ReadByte(); break; case int i: this.s.ToString(); s.ReadByte(); break; } } }
        """)]
    [InlineData("""
        class H { MemoryStream Get() => null!; void M(int i) { switch (i) { case 1: Get().ReadByte(); break; default: FileStream Get() => null!; break; } } }
        """)]
    [InlineData("class H { FileStream s = null!; void M(List<MemoryStream> l) { l.ForEach(s => s.ReadByte()); s.ReadByte(); } }")]
    [InlineData("class H { void Go() { } void M() { Go(); void Go() => Thread.Sleep(1); } }")]
    [InlineData("class H { void M(FileStream s) { Action<MemoryStream> a = static s => s.ReadByte(); a(null!); s.ReadByte(); } }")]
    [InlineData("class H { MemoryStream Open() => null!; void M(Func<FileStream> Open) { Open().ReadByte(); } }")]
    [InlineData("class H(Stream s) { MemoryStream s = new MemoryStream(); int x = s.ReadByte(); void M() { _ = new H(null!); } }")]
    [InlineData("""
        static class X { static MemoryStream s = null!; extension(FileStream s) { public void Go() { s.ReadByte(); } } }
        class H { void M(FileStream f) { f.Go(); } }
        """)]
    public void ANameMeansWhatItsScopeDeclares(string source) => VerifyThatItBlocks(source);

    [Theory]
    [InlineData("""
        class B { MemoryStream s = null!; }
        class O { static FileStream s = null!; class H : B { void M() { s.ReadByte(); } } }
        """)]
    [InlineData("""
        class B { void Run() { } }
        class O { static void Run() => Thread.Sleep(1); class H : B { void M() { Run(); } } }
        """)]
    [InlineData("""
        class B { class Worker { public static void Run() { } } }
        class Worker { public static void Run() => Thread.Sleep(1); }
        class H : B { void M() { Worker.Run(); } }
        """)]
    [InlineData("""
        class B { public FileStream S = null!; }
        class D : B { new MemoryStream S = null!; }
        class H { void M(D d) { d.S.ReadByte(); } }
        """)]
    [InlineData("class O { static void Go() => Thread.Sleep(1); class H { int Go = 1; void M() { Go(); } } }")]
    [InlineData("""
        class A { public int Count => 1; }
        static class X { public static int Count(this A a) { Thread.Sleep(1); return 1; } }
        class H { void M(A a) { _ = a.Count(); } }
        """)]
    public void WhatNobodyThereSees_IsNotMeant(string source) => VerifyThatItBlocks(source);

    [Theory]
    [InlineData("""
        class O { public class Box<T> { public static void Run() { } } public class Box { public static void Run() => Thread.Sleep(1); } }
        class H { void M() { O.Box.Run(); } }
        """)]
    [InlineData("""
        interface IA { class Worker { public static void Run() => Thread.Sleep(1); } }
        class Worker { public static void Run() { } }
        interface H : IA { void M() { Worker.Run(); } }
        """)]
    [InlineData("""
        namespace Outer { class Get { public static MemoryStream Stream = null!; } static class Helper { public static Slow Worker => new Slow(); } class Slow { public void Go() => Thread.Sleep(1); } class Worker { public static void Go() { } } }
        namespace Outer.Inner { using static Outer.Helper; class H { void M() { Worker.Go(); } } }
        """)]
    [InlineData("""
        namespace N { using static N.X; static class X { public static void Go() => Thread.Sleep(1); } class H { void M() { Go(); Action a = Go; } } }
        """)]
    [InlineData("class H { void M() { Alias.Run(); } class Alias { public static void Run() => Thread.Sleep(1); } }")]
    [InlineData("""
        class B<T> { public T Value = default!; } class D : B<FileStream> { }
        class H { void M(D d) { d.Value.ReadByte(); } }
        """)]
    [InlineData("""
        class B<T> where T : Slow { public T Value = default!; void N() { Value.Go(); } }
        class Slow { public void Go() => Thread.Sleep(1); }
        class H { void M(B<Slow> d) { d.Value.Go(); } }
        """)]
    [InlineData("""
        class Color { public static void Run() => Thread.Sleep(1); public void Stop() => Thread.Sleep(1); }
        class H { Color Color = null!; void M() { Color.Run(); } void N() { Color.Stop(); } }
        """)]
    [InlineData("""
        namespace A1 { using A2; static class X { public static void Go(this string s) => Thread.Sleep(1); } [Serializable] class H { void M(string s) { s.Go(); } } }
        namespace A2 { static class Y { public static void Go(this object s) { } } }
        """)]
    public void ATypeIsFoundWhereTheCompilerFindsIt(string source) => VerifyThatItBlocks(source);

    [Theory]
    [InlineData("""
        class Other { public StringReader CreateReader2() => new StringReader(""); }
        class H { void M() { (Thing a, int b) t = (new Thing(), 1); t.a.CreateReader2().Go(); } }
        class Thing { public Slow CreateReader2() => new Slow(); }
        class Slow { public void Go() => Thread.Sleep(1); }
        """)]
    [InlineData("""
        class Other { public void Each(Action<MemoryStream> a) { } }
        class H { void M() { (List<FileStream> a, int b) t = (null!, 1); t.a.ForEach(s => s.ReadByte()); } }
        class Other2 { public void ForEach(Action<MemoryStream> a) { } }
        """)]
    [InlineData("""
        class Other { public MemoryStream BaseStream => null!; }
        class H { void M() { (StreamReader a, int b) t = (null!, 1); t.a.BaseStream.ReadByte(); } }
        """)]
    [InlineData("""
        class Other { public bool TryTake2(out MemoryStream s) { s = null!; return true; } public bool TryDequeue(out MemoryStream s) { s = null!; return true; } }
        class H { void M() { (Queue<FileStream> a, int b) t = (null!, 1); t.a.TryDequeue(out var s); s!.ReadByte(); } }
        """)]
    [InlineData("""
        class Own { public Own2 GetAwaiter() => null!; } class Own2 : INotifyCompletion { public void OnCompleted(Action a) { } public void GetResult() { } public bool IsCompleted => true; }
        class H { ValueTask R(int a) => default; ValueTask<int> R(string a) => default; void M() { R(1).AsTask().GetAwaiter().GetResult(); } }
        """)]
    [InlineData("""
        record R([property: Blocking] int X);
        class H { void M() { (R r, int i) t = (null!, 1); _ = t.r.X; } }
        """)]
    [InlineData("""
        class A { public readonly Action Go = () => Thread.Sleep(1); }
        class H { void M() { (A a, int b) t = (new A(), 1); t.a.Go(); } }
        """)]
    [InlineData("""
        class A { public readonly Action Go = () => Thread.Sleep(1); }
        class H { void M() { (A a, int b) t = (new A(), 1); var f = t.a.Go; f(); } }
        """)]
    public void AMemberOfAnUnknownReceiver_TellsNoType(string source) => VerifyThatItBlocks(source);

    [Theory]
    [InlineData("""
        class H { static void Get(out MemoryStream a, out FileStream b) { a = null!; b = null!; } void M() { Get(b: out var b, a: out var a); b.ReadByte(); } }
        """)]
    [InlineData("class H { void Each(Action<int> a) { Thread.Sleep(1); } void M() { Each(delegate { }); } }")]
    [InlineData("""
        class A { public void Go(params ReadOnlySpan<Action> a) { Thread.Sleep(1); } }
        class H { void M(A a) { a.Go(() => { }, () => { }); } }
        """)]
    [InlineData("""
        class A { public void Go(MulticastDelegate a) { Thread.Sleep(1); } }
        class H { void M(A a) { a.Go(() => { }); } }
        """)]
    [InlineData("""
        class A { public void Go(int i) { } }
        static class X { public static void Go(this A a, string s) => Thread.Sleep(1); }
        class H { void M(A a) { a.Go(""); } }
        """)]
    [InlineData("""
        class A { public MemoryStream Go(int i) => null!; }
        static class X { extension(A a) { public FileStream Go(string s) => null!; } }
        class H { void M(A a) { a.Go("").ReadByte(); } }
        """)]
    [InlineData("""
        static class X { public static void Go(this IEnumerable<int> e) { } public static void Go(this ReadOnlySpan<int> e) => Thread.Sleep(1); }
        class H { void M(int[] a) { a.Go(); } }
        """)]
    [InlineData("class H { void M(List<int> l, Stream s) { l.Aggregate(s, (a, b) => new MemoryStream()).ReadByte(); } }")]
    [InlineData("class H { void M(List<MemoryStream> l, IEnumerable<Stream> r) { foreach (var s in l.Concat(r)) s.ReadByte(); } }")]
    [InlineData("class H { void M(List<MemoryStream> l, Stream r) { l.Append(r).ToList().ForEach(s => s.ReadByte()); } }")]
    [InlineData("""
        class F { public int Length { get { Thread.Sleep(1); return 1; } } }
        class X { public static F operator +(string a, X b) => new F(); public static X operator +(X a, X b) => a; }
        class H { void M(X x) { var s = "a" + x; _ = s.Length; } }
        """)]
    [InlineData("""
        static class X { public static void Save(this string s) => Thread.Sleep(1); }
        class P { public static P operator +(P a, P b) => a; public void Save() { } }
        class H { void M(P p) { ("a" + p).Save(); } }
        """)]
    public void AnOverloadIsChosenByMoreThanItsCount(string source) => VerifyThatItBlocks(source);

    [Theory]
    [InlineData("class H { readonly Action? _a = () => Thread.Sleep(1); void M() { _a!(); } }")]
    [InlineData("class H { readonly Action _a = () => Thread.Sleep(1); void M() { ((Action)_a)(); } }")]
    [InlineData("class H { readonly Action? _a = () => Thread.Sleep(1); void M() { _a?.Invoke(); } }")]
    [InlineData("class H { readonly Action? _a = () => Thread.Sleep(1); void M() { this._a?.Invoke(); } }")]
    [InlineData("class O { static readonly Action s_a = () => Thread.Sleep(1); class H { void M() { s_a.Invoke(); } } }")]
    [InlineData("class H { readonly Action _a = () => Thread.Sleep(1); void M() { var f = _a; f(); } }")]
    [InlineData("class H { readonly Action _a = () => Thread.Sleep(1); void M() { Action f = _a; f.Invoke(); } }")]
    [InlineData("class H { readonly Action _a = () => Thread.Sleep(1); void M() { Action f; f = _a; f(); } }")]
    public void ADelegateOfAField_IsWhatItWasDeclaredWith(string source) => VerifyThatItBlocks(source);

    [Theory]
    [InlineData("""
        struct Id { public Slow Value => new Slow(); }
        class Slow { public override string ToString() { Thread.Sleep(1); return ""; } public void Go() => Thread.Sleep(1); }
        class H { void M(Id? id) { id?.Value.Go(); } }
        """)]
    [InlineData("""
        struct Id { public int Value { get { Thread.Sleep(1); return 1; } } }
        class H { void M(Id? id) { _ = id?.Value; } }
        """)]
    [InlineData("""
        struct Id { public int Value { get { Thread.Sleep(1); return 1; } } }
        class H { void M(Id? id) { _ = id is { Value: 3 }; } }
        """)]
    [InlineData("""
        struct Id { public int Value { get { Thread.Sleep(1); return 1; } } }
        class H { void M(Id? id) { if (id is { } x) _ = x.Value; } }
        """)]
    [InlineData("""
        struct Id { public int Value { get { Thread.Sleep(1); return 1; } } }
        class H { void M(Id? id) { var x = id ?? throw new Exception(); _ = x.Value; } }
        """)]
    [InlineData("""
        struct Id { public Guid Value => default; public override string ToString() { Thread.Sleep(1); return ""; } }
        class U { public Id Id; }
        class H { void M(U? u) { var id = u?.Id; if (id.HasValue) _ = id.Value.ToString(); } }
        """)]
    [InlineData("""
        struct Id { public Guid Value => default; public override string ToString() { Thread.Sleep(1); return ""; } }
        class H { void M(bool b, Id id, Id? other) { var x = b ? id : other; _ = x!.Value.ToString(); } }
        """)]
    [InlineData("""
        struct Id { public int Value { get { Thread.Sleep(1); return 1; } } }
        class H { Id? _id; void M() { _ = (_id ??= new Id()).Value; } }
        """)]
    public void ANullableValue_HasTheMembersOfItsValueOnlyWhereItIsNotNull(string source) => VerifyThatItBlocks(source);

    [Theory]
    [InlineData("""
        [InterpolatedStringHandler] struct Handler { public Handler(int a, int b) { } public void AppendLiteral(string s) => Thread.Sleep(1); public void AppendFormatted<T>(T t) { } }
        class H { static void Log(Handler h) { } void M(int x) { Log($"a {x}"); } }
        """)]
    [InlineData("""
        [InterpolatedStringHandler] struct Handler { public Handler(int a, int b) { Thread.Sleep(1); } public void AppendLiteral(string s) { } public void AppendFormatted<T>(T t) { } }
        class H { static void Log(Handler h) { } void M(int x) { Log($"a {x}"); } }
        """)]
    [InlineData("""
        [InterpolatedStringHandler] struct Handler { public Handler(int a, int b) { } public void AppendLiteral(string s) => Thread.Sleep(1); }
        class H { static void Log(Handler h) { } void M(int x) { Log($"a"); } }
        """)]
    [InlineData("""
        class A { public void Deconstruct(out int a, out int b) { Thread.Sleep(1); a = b = 1; } }
        class H { void M(A a) { int x, y, z; ((x, y), z) = (a, 1); } }
        """)]
    [InlineData("""
        class A { public void Deconstruct(out int a, out int b) { Thread.Sleep(1); a = b = 1; } }
        class H { void M(A a) { (var (x, y), var z) = (a, 1); } }
        """)]
    [InlineData("""
        static class X { public static void Deconstruct(this string s, out int a, out int b) { Thread.Sleep(1); a = b = 1; } }
        class H { void M(string s) { var (a, b) = s; } }
        """)]
    [InlineData("""
        static class X { public static IEnumerator<int> GetEnumerator(this Range r) { Thread.Sleep(1); return null!; } }
        class H { void M() { foreach (var i in 1..3) { } } }
        """)]
    [InlineData("""
        static class X { public static IEnumerator<int> GetEnumerator(this IEnumerator<int> r) { Thread.Sleep(1); return r; } }
        class H { void M(IEnumerator<int> e) { foreach (var i in e) { } } }
        """)]
    [InlineData("""
        class A { public int Length { get { Thread.Sleep(1); return 1; } } public int this[int i] => i; }
        class H { void M(A a) { Index i = ^1; _ = a[i]; } }
        """)]
    [InlineData("""
        class A { public int Length => 1; public int Slice(int a, int b) { Thread.Sleep(1); return 1; } }
        class H { void M(A a) { Range i = ..; _ = a[i]; } }
        """)]
    [InlineData("""
        class A { public int Length { get { Thread.Sleep(1); return 1; } } public int this[int i] => i; }
        class H { void M(A a, bool b) { _ = a[b ? ^1 : 0]; } }
        """)]
    [InlineData("class H { void M(FileStream[] a, Range r) { foreach (var s in a[r]) s.ReadByte(); } }")]
    [InlineData("""
        class A { public static implicit operator int(A a) { Thread.Sleep(1); return 1; } }
        class H { static void T(int i) { } void M(A a) { T(a); } }
        """)]
    [InlineData("""
        class W { public A GetAwaiter() => new A(); } class A : INotifyCompletion { public bool IsCompleted { get { Thread.Sleep(1); return true; } } public void OnCompleted(Action a) { } public void GetResult() { } }
        class H { async Task M(W w) { await w; } }
        """)]
    [InlineData("""
        class A : System.Collections.IEnumerable { public System.Collections.IEnumerator GetEnumerator() => null!; }
        static class X { public static void Add(this A a, int i) => Thread.Sleep(1); }
        class H { void M() { _ = new A { 1 }; } }
        """)]
    [InlineData("""
        interface IFoo : IDisposable { void IDisposable.Dispose() => Thread.Sleep(1); } class A : IFoo { }
        class H { void M(A a) { using (a) { } } }
        """)]
    public void WhatIsCalledWithoutBeingWritten_IsCalled(string source) => VerifyThatItBlocks(source);

    [Theory]
    [InlineData("""
        class A { public int this[int i] { get => 1; set => Thread.Sleep(1); } }
        class H { void M(A? a) { a?[0] = 1; } }
        """)]
    [InlineData("""
        record R { public int P { get => 1; init => Thread.Sleep(1); } }
        class H { void M(R r) { _ = r with { P = 2 }; } }
        """)]
    [InlineData("""
        class A { public B B { get; } = new(); } class B { public int P { set => Thread.Sleep(1); } }
        class H { void M() { _ = new A { B = { P = 1 } }; } }
        """)]
    [InlineData("""
        class A { public int this[int i] { set => Thread.Sleep(1); } }
        class H { void M() { _ = new A { [1] = 2 }; } }
        """)]
    [InlineData("""
        class A { public void operator ++() => Thread.Sleep(1); }
        class H { void M(A a) { a++; } }
        """)]
    [InlineData("""
        class A { public void operator +=(int i) => Thread.Sleep(1); }
        class H { void M(A a) { a += 1; } }
        """)]
    [InlineData("""
        class A { public static A operator checked +(A a, A b) { Thread.Sleep(1); return a; } public static A operator +(A a, A b) => a; }
        class H { void M(A a) { _ = checked(a + a); } }
        """)]
    [InlineData("""
        class A { public static bool operator true(A a) { Thread.Sleep(1); return true; } public static bool operator false(A a) => false; }
        class H { void M(A a) { if (a) { } } }
        """)]
    [InlineData("""
        class A { }
        static class X { extension(A) { public static A operator +(A a, A b) { Thread.Sleep(1); return a; } } }
        class H { void M(A a) { _ = a + a; } }
        """)]
    [InlineData("""
        class A { }
        static class X { extension(A a) { public void operator +=(A b) { Thread.Sleep(1); } } }
        class H { void M(A a) { a += a; } }
        """)]
    [InlineData("""
        partial class A { public partial event Action E; public partial event Action E { add => Thread.Sleep(1); remove { } } }
        class H { void M(A a) { a.E += () => { }; } }
        """)]
    [InlineData("""
        class A { public event Action E { add => Thread.Sleep(1); remove { } } }
        class H { void M(A a) { a.E += () => { }; } }
        """)]
    public void AnAssignmentMayCallASetterOrAnOperator(string source) => VerifyThatItBlocks(source);

    [Theory]
    [InlineData("""
        class A { public A() => Thread.Sleep(1); }
        class B { }
        class H { B M() { Func<A> f = () => { return new(); }; f(); return new(); } }
        """)]
    [InlineData("""
        class A { public A() => Thread.Sleep(1); }
        class B { }
        class H { B M() { A f() { return new(); } f(); return new(); } }
        """)]
    public void ANewWithoutAType_IsOfWhatItIsReturnedFrom(string source) => VerifyThatItBlocks(source);

    [Theory]
    [InlineData("""
        static class X { static readonly int s_x = Slow(); static int Slow() { Thread.Sleep(1); return 1; } public static void Go(this string s) { } }
        class H { void M(string s) { s.Go(); } }
        """)]
    [InlineData("""
        static class X { static readonly int s_x = Slow(); static int Slow() { Thread.Sleep(1); return 1; } [NonBlocking("why")] public static void Go(string s) { } }
        class H { void M(string s) { X.Go(s); } }
        """)]
    [InlineData("""
        static class X { static readonly int s_x = Slow(); static int Slow() { Thread.Sleep(1); return 1; } [NonBlocking("why")] public static int Go => 1; }
        class H { void M(string s) { _ = X.Go; } }
        """)]
    [InlineData("""
        class A { static A() => Thread.Sleep(1); }
        class H { void M() { new A(); } }
        """)]
    [InlineData("""
        class B { public B(int i) => Thread.Sleep(1); } class D : B { public D() : base(1) { } }
        class H { void M() { new D(); } }
        """)]
    [InlineData("""
        class A { int x = S(); static int S() { Thread.Sleep(1); return 1; } }
        class H { void M() { new A(); } }
        """)]
    public void AFirstUseOfAType_RunsItsInitializers(string source) => VerifyThatItBlocks(source);

    [Theory]
    [InlineData("""
        class B { public virtual void Run() { } } class D : B { public override void Run() => Thread.Sleep(1); }
        class H { void M() { B b = new D(); b.Run(); } }
        """)]
    [InlineData("""
        class B { public virtual void Run() { } } class D : B { public override void Run() => Thread.Sleep(1); }
        class H { void M() { B b = (B)new D(); b.Run(); } }
        """)]
    [InlineData("""
        class B : IDisposable { public virtual void Dispose() { } } class D : B { public override void Dispose() => Thread.Sleep(1); }
        class H { void M() { using B b = new D(); } }
        """)]
    [InlineData("""
        class D { public override string ToString() { Thread.Sleep(1); return ""; } }
        class H { void M() { object o = new D(); _ = $"{o}"; } }
        """)]
    [InlineData("""
        interface IA { void Run() => Thread.Sleep(1); } interface IB : IA { }
        class H { void M(IB b) { b.Run(); } }
        """)]
    [InlineData("""
        interface IGo { void Go(); } class A : IGo { void IGo.Go() => Thread.Sleep(1); public void Go() { } }
        class H { void M() { IGo g = new A(); g.Go(); } void N() { ((IGo)new A()).Go(); } }
        """)]
    [InlineData("""
        class B { public virtual Stream Get() => null!; } class D : B { public override MemoryStream Get() => null!; }
        class H { void M(B b) { b.Get().ReadByte(); } }
        """)]
    public void AMadeObject_IsKnownBehindItsBase(string source) => VerifyThatItBlocks(source);

    [Theory]
    [InlineData("class H { bool _done; IEnumerable<int> M() { yield return 1; while (true) { if (Volatile.Read(ref _done)) yield break; } } }")]
    [InlineData("class H { bool _done; IEnumerable<int> M() { yield return 1; while (!Volatile.Read(ref _done)) { if (_done) yield break; } } }")]
    [InlineData("""
        class Foo { public bool stop; }
        class H { volatile bool _done; void M() { bool stop = false; while (!stop && !_done) { _ = new Foo { stop = true }; } } }
        """)]
    [InlineData("""
        class Foo { public int count; }
        class H { Foo _x = new(); void M() { int count = 0; while (_x is { count: 3 }) { count++; } } }
        """)]
    [InlineData("""
        class H { string _t = ""; void M() { Index last = ^1; while (_t[last] == 'x') { } } }
        """)]
    [InlineData("unsafe class H { int* _p; void M() { while (_p[0] == 1) { } } }")]
    [InlineData("class H { long Elapsed => 1; void M() { while (Elapsed < 3) { } } }")]
    public void ALoopThatOthersEnd_IsBound(string source) => VerifyThatItBlocks(source);

    [Theory]
    [InlineData("class H { dynamic _d = null!; void M() { while (_d.Foo()) { } } }")]
    [InlineData("""
        class A { public bool Alive; public Action Next = null!; }
        class H { void M(A a) { while (a.Alive) { a.Next(); } } }
        """)]
    public void ALoopThatCallsWhatItsConditionReads_IsNotEndless(string source) => Assert.Empty(Verify(source));

    [Fact]
    public void TheEqualityOfARecord_DoesNotMakeItsBase() => Assert.DoesNotContain("M", Verify("""
        record B(int X); record D(int Y) : B(Slow()) { static int Slow() { Thread.Sleep(1); return 1; } }
        class H { bool M(D a, D b) => a == b; }
        """));

    [Fact]
    public void ATypeOfAFile_IsNotThatOfAnotherFileWithTheSameUsings() => Assert.Contains("M", Verify(
        """
        class Z { void M() { Worker.Run(); } }
        class Worker { public static void Run() { } }
        """,
        """
        namespace N { }
        file class Worker { public static void Run() => Thread.Sleep(1); }
        class H { void M() { Worker.Run(); } }
        """));

    private static void VerifyThatItBlocks(string source) => Assert.NotEmpty(Verify(source));

    /// <summary>Compares the two ways to judge, of files that compile; the members that block.</summary>
    private static string[] Verify(string source, params string[] more)
    {
        Compilation compilation = TestCompilation.Create(Situation.Usings + source);
        foreach (var file in more)
        {
            compilation = compilation.AddSyntaxTrees(
                CSharpSyntaxTree.ParseText(Situation.Usings + file, TestCompilation.Options(), "/src/Other.cs"));
        }

        Assert.DoesNotContain(compilation.GetDiagnostics(), static found => found.Severity == DiagnosticSeverity.Error);
        var options = new AnalyzerOptions([]);
        OutlineComparison.Verify(compilation, options);
        var graph = new BlockingGraph(compilation, options, BlockingCatalogue.Create(options, CancellationToken.None), filter: null);
        return
        [
            .. OutlineComparison.MethodsOf(compilation)
                .Where(method => method.ContainingType.Name == "H" && graph.ChainOf(method, new ScanBudget(CancellationToken.None)) is not null)
                .Select(static method => method.Name),
        ];
    }
}
