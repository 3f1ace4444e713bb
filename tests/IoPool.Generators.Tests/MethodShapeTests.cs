using IoPool.Generators.Tests.Helpers;

namespace IoPool.Generators.Tests;

public sealed class MethodShapeTests : SnapshotTest
{
    [Fact]
    public Task StaticMethod() => VerifyAsync("""
        using System.Threading.Tasks;
        using IoPool;

        namespace Demo;

        static partial class Echo
        {
            [Pinned]
            public static async partial ValueTask HandleAsync(string host, int port) => await Task.Yield();
        }
        """);

    [Fact]
    public Task InstanceMethodWithResult() => VerifyAsync("""
        using System.Threading.Tasks;
        using IoPool;

        namespace Demo;

        partial class Reader
        {
            [Pinned]
            internal async partial ValueTask<int> ReadAsync()
            {
                await Task.Yield();
                return 1;
            }
        }
        """);

    [Theory]
    [InlineData("public")]
    [InlineData("internal")]
    [InlineData("protected")]
    [InlineData("private")]
    [InlineData("protected internal")]
    [InlineData("private protected")]
    public async Task EveryAccessibility_IsRepeated(string accessibility)
    {
        var run = await GeneratorRun.OfValidAsync($$"""
            using System.Threading.Tasks;
            partial class C
            {
                [IoPool.Pinned]
                {{accessibility}} async partial ValueTask M() => await Task.Yield();
            }
            """);

        Assert.Contains($"{accessibility} partial global::System.Threading.Tasks.ValueTask M();", run.Source);
    }

    [Fact]
    public Task VirtualOverrideSealedAndNew() => VerifyAsync("""
        using System.Threading.Tasks;
        using IoPool;

        namespace Demo;

        public abstract partial class Shape
        {
            [Pinned]
            public abstract ValueTask AbstractAsync();

            [Pinned]
            public virtual async partial ValueTask VirtualAsync() => await Task.Yield();

            [Pinned]
            protected internal virtual async partial ValueTask<T?> ConstrainedAsync<T>(T? value) where T : class
            {
                await Task.Yield();
                return value;
            }

            [Pinned]
            public virtual async partial ValueTask<T?> OpenAsync<T>(T? value)
            {
                await Task.Yield();
                return value;
            }
        }

        public partial class Circle : Shape
        {
            [Pinned]
            public override async partial ValueTask AbstractAsync() => await Task.Yield();

            [Pinned]
            public sealed override async partial ValueTask VirtualAsync() => await base.VirtualAsync();

            [Pinned]
            protected internal override async partial ValueTask<T?> ConstrainedAsync<T>(T? value) where T : class
            {
                await Task.Yield();
                return value;
            }

            [Pinned]
            public override async partial ValueTask<T?> OpenAsync<T>(T? value) where T : default
            {
                await Task.Yield();
                return value;
            }
        }

        public partial class Disc : Circle
        {
            [Pinned]
            public new async partial ValueTask VirtualAsync() => await Task.Yield();

            [Pinned]
            public new static async partial ValueTask AbstractAsync() => await Task.Yield();
        }
        """);

    [Fact]
    public Task GenericMethodWithEveryConstraint() => VerifyAsync("""
        using System;
        using System.Collections.Generic;
        using System.Threading.Tasks;
        using IoPool;

        namespace Demo;

        public partial class Constraints<TOuter>
        {
            [Pinned]
            public async partial ValueTask<T1> M<T1, T2, T3, T4, T5, T6, T7, @event>(
                T2 second, T3? third, T4 fourth, T5 fifth, T6 sixth, T7? seventh, @event eighth)
                where T1 : new()
                where T2 : struct, Enum
                where T3 : class, IComparable<T3?>, new()
                where T4 : unmanaged
                where T5 : notnull
                where T6 : List<TOuter>, IDisposable?
                where T7 : class?, T1
                where @event : TOuter
            {
                await Task.Yield();
                return new T1();
            }

            [Pinned]
            public static async partial ValueTask OnlyTypeMayBeRefAsync<T>() where T : IDisposable, allows ref struct =>
                await Task.Yield();
        }
        """);

    [Fact]
    public Task Overloads() => VerifyAsync("""
        using System.Threading.Tasks;
        using IoPool;

        namespace Demo;

        partial class Overloaded
        {
            [Pinned]
            public async partial ValueTask M() => await Task.Yield();

            [Pinned]
            public async partial ValueTask M(int value) => await Task.Yield();

            [Pinned]
            public async partial ValueTask M<T>() => await Task.Yield();

            [Pinned]
            public async partial ValueTask M<T>(T value) => await Task.Yield();

            [Pinned]
            public async partial ValueTask m() => await Task.Yield();
        }
        """);

    [Fact]
    public Task ExtensionMethod() => VerifyAsync("""
        using System.Threading.Tasks;
        using IoPool;

        namespace Demo;

        public static partial class Extensions
        {
            [Pinned]
            public static async partial ValueTask<int> CountAsync(this string text)
            {
                await Task.Yield();
                return text.Length;
            }
        }

        public static class Caller
        {
            public static ValueTask<int> Call() => "abc".CountAsync();
        }
        """);

    [Fact]
    public Task UnsafeMethodAndUnsafeType() => VerifyAsync("""
        using System.Threading.Tasks;
        using IoPool;

        namespace Demo;

        partial class UnsafeMethod
        {
            [Pinned]
            public unsafe async partial ValueTask M(int*[] pointers) => System.Console.WriteLine(pointers.Length);
        }

        unsafe partial class UnsafeType
        {
            [Pinned]
            public async partial ValueTask M(delegate*<int, void>[] functions) =>
                System.Console.WriteLine(functions.Length);
        }
        """.Replace("public unsafe async", "#pragma warning disable CS1998\n    public unsafe async"));

    [Fact]
    public Task KeywordsAsIdentifiers() => VerifyAsync("""
        using System.Threading.Tasks;
        using IoPool;

        namespace @namespace.@event
        {
            public struct @struct;

            partial class @class<@in>
            {
                [Pinned]
                public async partial ValueTask<(int @int, @struct @new)> @return<@out>(
                    @in @params, @out @ref, (string @string, @struct @this) @default, int @async, int @partial)
                {
                    await Task.Yield();
                    return default;
                }
            }
        }
        """);

    [Fact]
    public async Task EscapedAndNonAsciiNames_AreWrittenOut()
    {
        var run = await GeneratorRun.OfValidAsync("""
            using System.Threading.Tasks;
            using IoPool;

            namespace Größe;

            partial class Straße
            {
                [Pinned]
                public async partial ValueTask \u0041bc\u00e9(int número) => await Task.Yield();
            }
            """);

        Assert.Contains("ValueTask Abcé(int número);", run.Source, StringComparison.Ordinal);
    }

    [Fact]
    public Task AttributeByAliasAndFullName() => VerifyAsync("""
        using System.Threading.Tasks;
        using OnLoop = IoPool.PinnedAttribute;

        partial class Aliased
        {
            [OnLoop]
            public async partial ValueTask ByAliasAsync() => await Task.Yield();

            [global::IoPool.PinnedAttribute()]
            public async partial ValueTask ByFullNameAsync() => await Task.Yield();
        }
        """);
}
