using System.Globalization;
using IoPool.Generators.Tests.Helpers;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;

namespace IoPool.Generators.Tests;

public sealed class ParameterTests : SnapshotTest
{
    [Fact]
    public Task TypesOfEveryKind() => VerifyAsync("""
        using System;
        using System.Collections.Generic;
        using System.Threading.Tasks;
        using Text = System.String;

        namespace Demo;

        public partial class Parameters
        {
            public enum Kind { One, Two }

            public sealed class Nested<T> { public struct Deep<U>; }

            [IoPool.Pinned]
            public async partial ValueTask<(int Count, string? Name)> M(
                Text alias,
                dynamic anything,
                nint native,
                int? number,
                string?[]? texts,
                int[,][] matrix,
                (int First, (string? Text, Kind) Second) pair,
                Nested<string?>.Deep<Kind?> deep,
                Dictionary<string, List<object?>> map,
                Func<int, Task<string?>>? callback,
                ReadOnlyMemory<byte> memory)
            {
                await Task.Yield();
                return default;
            }
        }
        """);

    [Fact]
    public Task Params() => VerifyAsync("""
        using System.Collections.Generic;
        using System.Threading.Tasks;

        namespace Demo;

        public partial class Variadic
        {
            [IoPool.Pinned]
            public async partial ValueTask ArrayAsync(params string?[] items) => await Task.Yield();

            [IoPool.Pinned]
            public async partial ValueTask CollectionAsync(int first, params List<int> items) => await Task.Yield();

            public ValueTask Call() => ArrayAsync("a", null);

            public ValueTask CallCollection() => CollectionAsync(1, 2, 3);
        }
        """);

    [Fact]
    public Task DefaultValues() => VerifyAsync(DefaultValuesSource);

    [Theory]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    [InlineData("sv-SE")]
    public async Task DefaultValues_AreTheSameInEveryCulture(string name)
    {
        var expected = (await GeneratorRun.OfValidAsync(DefaultValuesSource)).Sources;
        var culture = (CultureInfo)CultureInfo.GetCultureInfo(name).Clone();
        culture.NumberFormat.NegativeSign = "\u2212";
        culture.NumberFormat.NumberDecimalSeparator = ",";

        var previous = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(expected, (await GeneratorRun.OfValidAsync(DefaultValuesSource)).Sources);
        }
        finally
        {
            CultureInfo.CurrentCulture = previous;
        }
    }

    [Fact]
    public async Task DefaultValues_OfBothParts_AreEqual()
    {
        var run = await GeneratorRun.OfValidAsync(DefaultValuesSource);
        var type = run.Output.GetTypesByMetadataName("Demo.Defaults").Single();

        var pinned = type.GetMembers().OfType<IMethodSymbol>()
            .Where(static m => m.PartialImplementationPart is not null);
        Assert.All(pinned, m =>
            Assert.Equal(
                m.PartialImplementationPart!.Parameters.Select(static p => Exact(p.ExplicitDefaultValue)),
                m.Parameters.Select(static p => Exact(p.ExplicitDefaultValue))));
    }

    // Equality takes -0.0 for 0.0, and 1.50m for 1.5m.
    private static object? Exact(object? value) => value switch
    {
        double number => BitConverter.DoubleToInt64Bits(number),
        decimal number => string.Join(' ', decimal.GetBits(number)),
        _ => value,
    };

    [Fact]
    public async Task ObsoleteType_DoesNotWarnInTheGeneratedFile() => await GeneratorRun.OfValidAsync("""
        using System;
        using System.Threading.Tasks;

        [Obsolete("old")] public class Old;

        partial class C
        {
        #pragma warning disable CS0618
            [IoPool.Pinned]
            internal async partial ValueTask M(Old old) => await Task.Yield();
        #pragma warning restore CS0618
        }
        """);

    [Fact]
    public Task NullableDisabled() => VerifyAsync("""
        #nullable disable
        using System.Collections.Generic;
        using System.Threading.Tasks;

        namespace Demo;

        public partial class Oblivious
        {
            [IoPool.Pinned]
            public async partial ValueTask<string> M<T>(string text, List<string> list) where T : class
            {
                await Task.Yield();
                return text;
            }

        #nullable enable
            [IoPool.Pinned]
            public async partial ValueTask<string> AnnotatedAsync(string? text)
            {
                await Task.Yield();
                return text ?? "";
            }
        }
        """);

    [Fact]
    public async Task NullableOblivious_StaysObliviousForCallers()
    {
        var run = await GeneratorRun.OfValidAsync("""
            #nullable disable
            using System.Threading.Tasks;
            public partial class C
            {
                [IoPool.Pinned] public async partial ValueTask M(string text) => await Task.Yield();
            }
            """);

        var method = (IMethodSymbol)run.Output.GetTypesByMetadataName("C").Single().GetMembers("M").Single();
        Assert.Equal(NullableAnnotation.None, method.Parameters[0].Type.NullableAnnotation);
    }

    [Fact]
    public Task ExternAlias() => VerifyAsync(
        """
        extern alias First;
        extern alias @event;
        using System.Collections.Generic;
        using System.Threading.Tasks;

        namespace Demo;

        public partial class Aliased
        {
            [IoPool.Pinned]
            public async partial ValueTask<First::Lib.Thing> M(List<First::Lib.Thing.Part> parts, @event::Lib.Thing other)
            {
                await Task.Yield();
                return new();
            }

            [IoPool.Pinned]
            public async partial ValueTask Overloaded(First::Lib.Thing thing) => await Task.Yield();

            [IoPool.Pinned]
            public async partial ValueTask Overloaded(@event::Lib.Thing thing) => await Task.Yield();
        }
        """,
        references: [Library("LibraryOne", "First"), Library("LibraryTwo", "event")]);

    [Fact]
    public async Task ExternAlias_OfIoPoolItself()
    {
        var compilation = TestCompilation.Create("""
            extern alias Runtime;
            using System.Threading.Tasks;
            partial class C
            {
                [Runtime::IoPool.Pinned] public async partial ValueTask M() => await Task.Yield();
            }
            """);
        var aliased = compilation.ReplaceReference(
            RuntimeReference.Instance, RuntimeReference.Instance.WithAliases(["Runtime"]));

        var run = await GeneratorRun.OfAsync(aliased);

        Assert.Empty(run.Diagnostics);
        Assert.Contains("typeof(Runtime::IoPool.CompilerServices.PinnedValueTaskMethodBuilder)", run.Source);
    }

    private static MetadataReference Library(string name, string alias) =>
        RuntimeReference.Build(name, "namespace Lib { public class Thing { public class Part { } } }")
            .WithAliases([alias]);

    private const string DefaultValuesSource = """
        using System;
        using System.Threading;
        using System.Threading.Tasks;

        namespace Demo;

        public enum Flag : sbyte { None, Some = -1 }

        public partial class Defaults
        {
            [IoPool.Pinned]
            public async partial ValueTask NumbersAsync(
                int a = int.MinValue, uint b = uint.MaxValue, long c = long.MinValue, ulong d = ulong.MaxValue,
                byte e = 1, sbyte f = -1, short g = -2, ushort h = 3, nint i = -4, nuint j = 5,
                float k = 0.1f, double l = 0.1, decimal m = 1.50m, double n = double.NaN,
                double o = double.NegativeInfinity, float p = float.PositiveInfinity, double q = -0.0,
                decimal r = -79228162514264337593543950335m, double s = 1e300, float t = -1.17549435E-38f,
                float u = float.NaN, double v = 5e-324, int w = 1_000) => await Task.Yield();

            [IoPool.Pinned]
            public async partial ValueTask TextAsync(
                string a = "quote \" slash \\ line \n nul \0 smile \U0001F600 alone \uD800",
                string b = @"C:\new", string? c = null, char d = '\'', char e = '\u2028', string f = "",
                string g = $"{nameof(Defaults)}", bool h = true) => await Task.Yield();

            [IoPool.Pinned]
            public async partial ValueTask EnumsAsync(
                Flag a = Flag.Some, Flag? b = Flag.None, Flag? c = null, Flag d = default,
                DayOfWeek e = DayOfWeek.Friday, AttributeTargets f = AttributeTargets.All) => await Task.Yield();

            [IoPool.Pinned]
            public async partial ValueTask NullsAsync<T>(
                int? a = null, int? b = 7, double? c = -1.5, DateTime d = default, T? e = default, object? f = null,
                CancellationToken cancellation = default, Guid g = new()) => await Task.Yield();

            public async ValueTask CallAsync()
            {
                await NumbersAsync();
                await TextAsync();
                await EnumsAsync();
                await NullsAsync<int>();
            }
        }
        """;
}
