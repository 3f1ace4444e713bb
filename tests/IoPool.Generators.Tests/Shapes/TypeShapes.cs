using System.Runtime.CompilerServices;
using IoPool.CompilerServices;

namespace IoPool.Generators.Tests.Shapes;

public sealed partial class TypeShapes
{
    [Fact]
    public async Task Structs_KeepTheirCopy()
    {
        Assert.Equal(1, await OnLoop.Run(static () => new Struct(1).ReadAsync()));
        Assert.Equal(2, await OnLoop.Run(static () => new RecordStruct(2).ReadAsync()));
    }

    [Fact]
    public async Task Record_IsACopyOfItself()
    {
        var record = new Record("a");

        Assert.Equal(record, await OnLoop.Run(() => record.CopyAsync()));
    }

    [Fact]
    public async Task NestedGenericType_KnowsEveryArgument() => Assert.Equal(
        [typeof(int), typeof(string), typeof(bool)],
        await OnLoop.Run(static () => new Outer<int>.Middle.Inner<string>().ArgumentsAsync<bool>()));

    [Fact]
    public async Task Interface_RunsItsDefaultImplementation()
    {
        Assert.Equal("default", await OnLoop.Run(static () => ((IShape)new Plain()).DescribeAsync()));
        Assert.Equal("its own", await OnLoop.Run(static () => ((IShape)new Special()).DescribeAsync()));
        Assert.Equal("contract", await OnLoop.Run(static () => ((IShape)new Plain()).ContractAsync()));
        Assert.Equal("explicit", await OnLoop.Run(static () => ((IShape)new Special()).ContractAsync()));
    }

    [Fact]
    public async Task StaticAbstractMember_RunsItsImplementation() =>
        Assert.Equal("static", await OnLoop.Run(static () => CallStaticAsync<Plain>()));

    [Fact]
    public Task LambdaAndLocalFunction_WithTheBuilderByHand_StayOnTheirLoop() => OnLoop.Run(
        [Pinned, AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]
    static async ValueTask () =>
        {
            await Away.FromLoop;
            await LocalAsync();

            [Pinned, AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]
            static async ValueTask LocalAsync() => await Away.FromLoop;
        });

    [Fact]
    public Task GlobalNamespace_IsANamespace() => OnLoop.Run(static () => GlobalShape.RunAsync());

    private static ValueTask<string> CallStaticAsync<T>()
        where T : IShape => T.StaticAsync();

    internal partial interface IShape
    {
        [Pinned]
        static abstract ValueTask<string> StaticAsync();

        [Pinned]
        ValueTask<string> ContractAsync();

        [Pinned]
        public virtual async partial ValueTask<string> DescribeAsync()
        {
            await Away.FromLoop;
            return "default";
        }
    }

    internal readonly partial struct Struct(int value)
    {
        private readonly int _value = value;

        [Pinned]
        public readonly async partial ValueTask<int> ReadAsync()
        {
            await Away.FromLoop;
            return _value;
        }
    }

    internal readonly partial record struct RecordStruct(int Value)
    {
        [Pinned]
        public async partial ValueTask<int> ReadAsync()
        {
            await Away.FromLoop;
            return Value;
        }
    }

    internal sealed partial record Record(string Name)
    {
        [Pinned]
        public async partial ValueTask<Record> CopyAsync()
        {
            await Away.FromLoop;
            return this with { };
        }
    }

    internal static partial class Outer<T1>
    {
        internal abstract partial class Middle
        {
            internal sealed partial class Inner<T2>
                where T2 : class
            {
                [Pinned]
                public async partial ValueTask<Type[]> ArgumentsAsync<T3>()
                {
                    await Away.FromLoop;
                    return [typeof(T1), typeof(T2), typeof(T3)];
                }
            }
        }
    }

    private sealed partial class Plain : IShape
    {
        [Pinned]
        public static async partial ValueTask<string> StaticAsync()
        {
            await Away.FromLoop;
            return "static";
        }

        [Pinned]
        public async partial ValueTask<string> ContractAsync()
        {
            await Away.FromLoop;
            return "contract";
        }
    }

    private sealed partial class Special : IShape
    {
        [Pinned]
        public static async partial ValueTask<string> StaticAsync()
        {
            await Away.FromLoop;
            return "static";
        }

        [Pinned, AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder<>))]
        async ValueTask<string> IShape.ContractAsync()
        {
            await Away.FromLoop;
            return "explicit";
        }

        [Pinned]
        public async partial ValueTask<string> DescribeAsync()
        {
            await Away.FromLoop;
            return "its own";
        }
    }
}
