using IoPool.Generators.Tests.Helpers;

namespace IoPool.Generators.Tests;

public sealed class ContainingTypeTests : SnapshotTest
{
    [Fact]
    public Task GlobalNamespace() => VerifyAsync("""
        using System.Threading.Tasks;

        partial class Global
        {
            [IoPool.Pinned]
            public async partial ValueTask M() => await Task.Yield();
        }
        """);

    [Fact]
    public Task NestedBlockNamespaces() => VerifyAsync("""
        using System.Threading.Tasks;

        namespace One.Two
        {
            namespace Three
            {
                partial class Nested
                {
                    [IoPool.Pinned]
                    public async partial ValueTask M() => await Task.Yield();
                }
            }
        }
        """);

    [Fact]
    public Task NestedGenericTypes() => VerifyAsync("""
        using System;
        using System.Collections.Generic;
        using System.Threading.Tasks;

        namespace Demo;

        public partial class Outer<TKey> where TKey : notnull, IEquatable<TKey>
        {
            protected internal abstract partial class Middle
            {
                private sealed partial class Inner<TValue> where TValue : class, new()
                {
                    [IoPool.Pinned]
                    internal async partial ValueTask<Dictionary<TKey, TValue>> M<T>(Inner<T> other, TKey key)
                        where T : class, new()
                    {
                        await Task.Yield();
                        return new Dictionary<TKey, TValue> { [key] = new TValue() };
                    }
                }
            }
        }
        """);

    [Fact]
    public Task Struct() => VerifyAsync("""
        using System.Threading.Tasks;

        namespace Demo;

        public partial struct Plain(int value)
        {
            private readonly int _value = value;

            [IoPool.Pinned]
            public readonly async partial ValueTask<int> ReadAsync()
            {
                await Task.Yield();
                return _value;
            }
        }

        public readonly partial struct ReadOnly
        {
            [IoPool.Pinned]
            public async partial ValueTask M() => await Task.Yield();
        }

        public ref partial struct OnStack
        {
            [IoPool.Pinned]
            public static async partial ValueTask M() => await Task.Yield();
        }
        """);

    [Fact]
    public Task Records() => VerifyAsync("""
        using System.Threading.Tasks;

        namespace Demo;

        public partial record Plain(int Value)
        {
            [IoPool.Pinned]
            public async partial ValueTask<int> M()
            {
                await Task.Yield();
                return Value;
            }
        }

        public sealed partial record class WithKeyword<T>(T Value)
        {
            [IoPool.Pinned]
            public async partial ValueTask M() => await Task.Yield();
        }

        public readonly partial record struct Value(int X)
        {
            [IoPool.Pinned]
            public async partial ValueTask<Value> M()
            {
                await Task.Yield();
                return this;
            }
        }
        """);

    [Fact]
    public Task InterfaceWithDefaultImplementation() => VerifyAsync("""
        using System.Threading.Tasks;

        namespace Demo;

        public partial interface IPlain<in TIn, out TOut>
            where TOut : class
        {
            [IoPool.Pinned]
            ValueTask ContractAsync(TIn value);

            [IoPool.Pinned]
            public virtual async partial ValueTask VirtualAsync(TIn value) => await Task.Yield();

            [IoPool.Pinned]
            public async partial ValueTask ImplicitlyVirtualAsync(TIn value) => await Task.Yield();

            [IoPool.Pinned]
            private async partial ValueTask PrivateAsync() => await Task.Yield();

            [IoPool.Pinned]
            public static async partial ValueTask StaticAsync() => await Task.Yield();

            [IoPool.Pinned]
            static abstract ValueTask StaticContractAsync();
        }

        public partial class Implementation : IPlain<int, string>
        {
            [IoPool.Pinned]
            public async partial ValueTask ContractAsync(int value) => await Task.Yield();

            [IoPool.Pinned]
            public async partial ValueTask VirtualAsync(int value) => await Task.Yield();

            [IoPool.Pinned]
            public static async partial ValueTask StaticContractAsync() => await Task.Yield();
        }
        """);

    [Fact]
    public Task TypeInSeveralParts() => VerifyAsync("""
        using System.Threading.Tasks;

        namespace Demo;

        public abstract partial class Several<T>
        {
            [IoPool.Pinned]
            public async partial ValueTask FirstAsync() => await Task.Yield();
        }

        partial class Several<T> where T : struct
        {
            [IoPool.Pinned]
            public async partial ValueTask<T> SecondAsync()
            {
                await Task.Yield();
                return default;
            }
        }
        """);

    [Fact]
    public async Task ManyTypesOfTheSameName_GetFilesOfTheirOwn()
    {
        var run = await GeneratorRun.OfValidAsync("""
            using System.Threading.Tasks;
            partial class C { [IoPool.Pinned] public async partial ValueTask M() => await Task.Yield(); }
            partial class CC { [IoPool.Pinned] public async partial ValueTask M() => await Task.Yield(); }
            partial class Cc { [IoPool.Pinned] public async partial ValueTask M() => await Task.Yield(); }
            partial class C<T> { [IoPool.Pinned] public async partial ValueTask M() => await Task.Yield(); }
            partial class C<T, U>
            {
                partial class C_M { [IoPool.Pinned] public async partial ValueTask M() => await Task.Yield(); }
            }
            namespace C_M { partial class C { [IoPool.Pinned] public async partial ValueTask M() => await Task.Yield(); } }
            namespace N { partial class C { [IoPool.Pinned] public async partial ValueTask M() => await Task.Yield(); } }
            """);

        Assert.Equal(7, run.Sources.Select(static s => s.Hint).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public async Task LongName_GivesAFileNameOfBoundedLength()
    {
        var name = new string('X', 400);

        var run = await GeneratorRun.OfValidAsync($$"""
            using System.Threading.Tasks;
            partial class {{name}}
            {
                [IoPool.Pinned] public async partial ValueTask {{name}}A() => await Task.Yield();
                [IoPool.Pinned] public async partial ValueTask {{name}}B() => await Task.Yield();
            }
            """);

        Assert.Equal(2, run.Sources.Count);
        Assert.All(run.Sources, static s => Assert.InRange(s.Hint.Length, 1, 130));
    }
}
