using System.Globalization;

namespace IoPool.Generators.Tests.Shapes;

/// <summary>The shapes of the snapshot tests, compiled for real and run.</summary>
public sealed partial class MethodShapes
{
    [Fact]
    public Task StaticMethod_StaysOnItsLoop() => OnLoop.Run(static () => StaticAsync());

    [Fact]
    public async Task InstanceMethod_ReturnsItsResult() =>
        Assert.Equal(42, await OnLoop.Run(() => new Instance(40).AddAsync(2)));

    [Fact]
    public async Task GenericMethod_ReturnsItsResult() => Assert.Equal(
        new KeyValuePair<string, int?>("a", 1), await OnLoop.Run(static () => PairAsync<string, int>("a", 1)));

    [Fact]
    public async Task VirtualMethods_RunTheRightOverride()
    {
        Assert.Equal("base", await OnLoop.Run(static () => new Base().NameAsync("x")));
        Assert.Equal("derived of base", await OnLoop.Run(static () => ((Base)new Derived()).NameAsync("x")));
        Assert.Equal("hiding", await OnLoop.Run(static () => new Hiding().NameAsync("x")));
        Assert.Equal("derived of base", await OnLoop.Run(static () => ((Base)new Hiding()).NameAsync("x")));
    }

    [Fact]
    public async Task DefaultValues_AreThoseOfTheUsersPart() => Assert.Equal(
        "1.5 -0.1 text Friday null 0", await OnLoop.Run(static () => DefaultsAsync()));

    [Fact]
    public async Task Params_AreCollected() => Assert.Equal(6, await OnLoop.Run(static () => SumAsync(1, 2, 3)));

    [Fact]
    public async Task ExtensionMethod_IsOne() => Assert.Equal(3, await OnLoop.Run(static () => "abc".CountAsync()));

    [Fact]
    public async Task KeywordsAsNames_AreNames() =>
        Assert.Equal((7, 8), await OnLoop.Run(static () => new @class().@return(@int: 7, @ref: (@new: 8, @this: ""))));

    [Fact]
    public async Task Exception_ReachesTheCaller()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            static () => OnLoop.Run(static () => ThrowAsync("why")));

        Assert.Equal("why", exception.Message);
    }

    [Pinned]
    private static async partial ValueTask StaticAsync()
    {
        await Away.FromLoop;
        await Away.FromLoop;
    }

    [Pinned]
    private static async partial ValueTask<KeyValuePair<TKey, TValue?>> PairAsync<TKey, TValue>(TKey key, TValue value)
        where TKey : class, IComparable<TKey>
        where TValue : struct
    {
        await Away.FromLoop;
        return new(key, value);
    }

    [Pinned]
    private static async partial ValueTask<string> DefaultsAsync(
        decimal number = 1.5m, double small = -0.1, string text = "text", DayOfWeek day = DayOfWeek.Friday,
        string? nothing = null, TimeSpan span = default)
    {
        await Away.FromLoop;
        return string.Create(
            CultureInfo.InvariantCulture, $"{number} {small} {text} {day} {nothing ?? "null"} {span.Ticks}");
    }

    [Pinned]
    private static async partial ValueTask<int> SumAsync(params int[] values)
    {
        await Away.FromLoop;
        return values.Sum();
    }

    [Pinned]
    private static async partial ValueTask ThrowAsync(string message)
    {
        await Away.FromLoop;
        throw new InvalidOperationException(message);
    }

    private sealed partial class Instance(int value)
    {
        [Pinned]
        public async partial ValueTask<int> AddAsync(int other)
        {
            await Away.FromLoop;
            return value + other;
        }
    }

    private partial class Base
    {
        [Pinned]
        public virtual async partial ValueTask<string> NameAsync<T>(T? value)
            where T : class
        {
            await Away.FromLoop;
            return "base";
        }
    }

    private partial class Derived : Base
    {
        [Pinned]
        public sealed override async partial ValueTask<string> NameAsync<T>(T? value)
            where T : class
        {
            await Away.FromLoop;
            return "derived of " + await base.NameAsync(value);
        }
    }

    private sealed partial class Hiding : Derived
    {
        [Pinned]
        public new async partial ValueTask<string> NameAsync<T>(T? value)
            where T : class
        {
            await Away.FromLoop;
            return "hiding";
        }
    }

#pragma warning disable CS8981 // The name is what is tested.
    private sealed partial class @class
    {
        [Pinned]
        public async partial ValueTask<(int @out, int @in)> @return(int @int, (int @new, string @this) @ref)
        {
            await Away.FromLoop;
            return (@int, @ref.@new);
        }
    }
#pragma warning restore CS8981
}

internal static partial class ShapeExtensions
{
    [Pinned]
    public static async partial ValueTask<int> CountAsync(this string text)
    {
        await Away.FromLoop;
        return text.Length;
    }
}
