using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using IoPool.Generators.Tests.Helpers;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis.CSharp;

namespace IoPool.Generators.Tests;

/// <summary>
/// Runtime-async ignores builders without a word, so that pinning would be lost in a program that builds.
/// </summary>
public sealed class RuntimeAsyncTests : SnapshotTest
{
    // MethodImplOptions.Async, which the reference assemblies in use do not name yet.
    private const MethodImplAttributes RuntimeAsync = (MethodImplAttributes)0x2000;

    private const string Switch = """
        namespace System.Runtime.CompilerServices
        {
            [System.AttributeUsage(System.AttributeTargets.Method)]
            public sealed class RuntimeAsyncMethodGenerationAttribute(bool runtimeAsync) : System.Attribute
            {
                public bool RuntimeAsync { get; } = runtimeAsync;
            }
        }
        """;

    private const string Pinned = """
        using System.Threading.Tasks;

        public partial class C
        {
            [IoPool.Pinned]
            public async partial ValueTask PinnedAsync() => await Task.CompletedTask;
        }

        """;

    [Fact]
    public Task SwitchExists_IsGeneratedToo() => VerifyAsync(Pinned + Switch);

    [Fact]
    public async Task FeatureOn_WithoutSwitch_IsAnError()
    {
        var run = await GeneratorRun.OfAsync(Pinned, WithFeature("on"));

        Assert.Empty(run.Sources);
        Assert.Equal(["IOP4008"], run.RuleIds);
    }

    [Fact]
    public async Task FeatureOff_WithoutSwitch_IsFine() =>
        Assert.Single((await GeneratorRun.OfValidAsync(Pinned, WithFeature("off"))).Sources);

    [Fact]
    public async Task FeatureOn_WithSwitch_KeepsTheBuilder()
    {
        var methods = await EmitAsync(Pinned + Switch + """

            #pragma warning disable SYSLIB5007
            public class Plain
            {
                public async System.Threading.Tasks.ValueTask PlainAsync() =>
                    await System.Threading.Tasks.Task.CompletedTask;
            }
            """);

        // The plain method is the control: it shows that the feature was really on.
        Assert.Equal(RuntimeAsync, methods["PlainAsync"] & RuntimeAsync);
        Assert.Equal(default, methods["PinnedAsync"] & RuntimeAsync);
    }

    [Fact]
    public async Task SwitchedOffByTheUser_IsNotRepeated()
    {
        var run = await GeneratorRun.OfValidAsync(
            Pinned.Replace("[IoPool.Pinned]", "[IoPool.Pinned, " + Attribute + "(false)]") + Switch, WithFeature("on"));

        Assert.DoesNotContain("RuntimeAsyncMethodGeneration", run.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    public async Task SwitchedOnByTheUser_IsAnError(string feature)
    {
        var run = await GeneratorRun.OfAsync(
            Pinned.Replace("[IoPool.Pinned]", "[IoPool.Pinned, " + Attribute + "(true)]") + Switch,
            WithFeature(feature));

        Assert.Empty(run.Sources);
        Assert.Equal(["IOP4008"], run.RuleIds);
    }

    [Fact]
    public async Task FeatureOn_BuilderByHand_NeedsTheSwitchByHand()
    {
        const string Source = """
            using System.Runtime.CompilerServices;
            using System.Threading.Tasks;

            public class C
            {
                [IoPool.Pinned, AsyncMethodBuilder(typeof(IoPool.CompilerServices.PinnedValueTaskMethodBuilder))]
                public async ValueTask M() => await Task.CompletedTask;
            }

            """;

        Assert.Equal(["IOP4008"], (await GeneratorRun.OfAsync(Source + Switch, WithFeature("on"))).RuleIds);
        await GeneratorRun.OfValidAsync(
            Source.Replace("[IoPool.Pinned, ", "[IoPool.Pinned, RuntimeAsyncMethodGeneration(false), ") + Switch,
            WithFeature("on"));
    }

    [Fact]
    public async Task FeatureOn_LocalFunctionAndLambdaWithBuilderByHand_NeedTheSwitchByHand()
    {
        const string Source = """
            using System;
            using System.Runtime.CompilerServices;
            using System.Threading.Tasks;
            using IoPool;
            using IoPool.CompilerServices;

            public class C
            {
                private readonly Func<ValueTask> _lambda =
                    [Pinned, AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]
                    async ValueTask () => await Task.CompletedTask;

                public ValueTask M()
                {
                    return _lambda is null ? default : F();
                    [Pinned, AsyncMethodBuilder(typeof(PinnedValueTaskMethodBuilder))]
                    async ValueTask F() => await Task.CompletedTask;
                }
            }

            """;

        // What would become of them shows that the feature was really on.
        const string Control = "#pragma warning disable SYSLIB5007\n";

        Assert.Equal(["IOP4008", "IOP4008"], (await GeneratorRun.OfAsync(Source + Switch, WithFeature("on"))).RuleIds);
        Assert.Equal(2, (await EmitAsync(Control + Source + Switch)).Values
            .Count(static flags => (flags & RuntimeAsync) != 0));
        var valid = Source.Replace("[Pinned, ", "[Pinned, RuntimeAsyncMethodGeneration(false), ") + Switch;
        await GeneratorRun.OfValidAsync(valid, WithFeature("on"));
        Assert.All((await EmitAsync(valid)).Values, static flags => Assert.Equal(default, flags & RuntimeAsync));
    }

    private const string Attribute = "System.Runtime.CompilerServices.RuntimeAsyncMethodGeneration";

    private static CSharpParseOptions WithFeature(string value) =>
        TestCompilation.Options(LanguageVersion.Preview, ("runtime-async", value));

    private static async Task<Dictionary<string, MethodImplAttributes>> EmitAsync(string source)
    {
        var run = await GeneratorRun.OfAsync(source, WithFeature("on"));
        using var image = new MemoryStream();
        var emitted = run.Output.Emit(image);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        using var reader = new PEReader(new MemoryStream(image.ToArray()));
        var metadata = reader.GetMetadataReader();
        return metadata.MethodDefinitions
            .Select(metadata.GetMethodDefinition)
            .DistinctBy(m => metadata.GetString(m.Name))
            .ToDictionary(m => metadata.GetString(m.Name), static m => m.ImplAttributes);
    }
}
