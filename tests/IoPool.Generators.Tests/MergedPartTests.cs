using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using IoPool.Generators.Tests.Helpers;
using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;

namespace IoPool.Generators.Tests;

/// <summary>What becomes of the user's own part when the compiler has put both together.</summary>
public sealed class MergedPartTests
{
    private const string Source = """
        using System;
        using System.Diagnostics.CodeAnalysis;
        using System.Threading.Tasks;

        namespace Demo;

        /// <summary>Type.</summary>
        public partial class C
        {
            /// <summary>Says hello to <paramref name="name"/>.</summary>
            /// <param name="name">Who.</param>
            /// <returns>What was said.</returns>
            [IoPool.Pinned]
            [Obsolete("use another")]
            [return: NotNullIfNotNull(nameof(name))]
            public async partial ValueTask<string?> GreetAsync<[Marker] T>([Marker] string? name)
            {
                await Task.Yield();
                return name;
            }
        }

        [AttributeUsage(AttributeTargets.All)]
        internal sealed class MarkerAttribute : Attribute;
        """;

    [Fact]
    public async Task AttributesOfTheUsersPart_AreOnTheMethodOnce()
    {
        var method = await GreetAsync();

        Assert.Equal(
            ["AsyncMethodBuilderAttribute", "ObsoleteAttribute", "PinnedAttribute"],
            Names(method.GetAttributes()).Order());
        Assert.Equal(["NotNullIfNotNullAttribute"], Names(method.GetReturnTypeAttributes()));
        Assert.Equal(["MarkerAttribute"], Names(method.Parameters[0].GetAttributes()));
        Assert.Equal(["MarkerAttribute"], Names(method.TypeParameters[0].GetAttributes()));
    }

    [Fact]
    public async Task AttributesThatTheCompilerActsOn_ActOnCallers()
    {
        var run = await GeneratorRun.OfAsync("""
            using System.Diagnostics.CodeAnalysis;
            using System.Runtime.CompilerServices;
            using System.Runtime.InteropServices;
            using System.Threading.Tasks;

            partial class C
            {
                [IoPool.Pinned]
                public async partial ValueTask M([Optional, DefaultParameterValue(7)] int number, [AllowNull] string text) =>
                    await Task.Yield();

                [IoPool.Pinned, OverloadResolutionPriority(1)]
                public async partial ValueTask<int> ChosenAsync(object value) { await Task.Yield(); return 1; }

                public ValueTask ChosenAsync(string value) => default;

                [IoPool.Pinned, Experimental("X1")]
                public async partial ValueTask ExperimentalAsync() => await Task.Yield();

                public ValueTask Call() => M(text: null);

                public ValueTask<int> CallChosen() => ChosenAsync("");

                public ValueTask CallExperimental() => ExperimentalAsync();
            }
            """);

        Assert.Equal("X1", Assert.Single(run.Diagnostics).Id);
    }

    [Fact]
    public async Task Documentation_IsTheUsers()
    {
        var run = await GeneratorRun.OfValidAsync(
            Source, TestCompilation.Options().WithDocumentationMode(DocumentationMode.Diagnose));
        using var documentation = new MemoryStream();

        run.Output.Emit(Stream.Null, xmlDocumentationStream: documentation);

        Assert.Contains(
            "Says hello to <paramref name=\"name\"/>.",
            System.Text.Encoding.UTF8.GetString(documentation.ToArray()),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task StateMachine_IsBuiltOnThePinnedBuilder()
    {
        var run = await GeneratorRun.OfValidAsync(Source);
        using var image = new MemoryStream();
        Assert.True(run.Output.Emit(image).Success);

        using var reader = new PEReader(new MemoryStream(image.ToArray()));
        var metadata = reader.GetMetadataReader();
        var referenced = metadata.TypeReferences.Select(h => metadata.GetString(metadata.GetTypeReference(h).Name));

        Assert.Contains("PinnedValueTaskMethodBuilder`1", referenced);
        Assert.DoesNotContain(referenced, static name => name.StartsWith("AsyncValueTaskMethodBuilder"));
    }

    [Fact]
    public async Task Analyzers_StillLookIntoTheBody()
    {
        var run = await GeneratorRun.OfValidAsync(Source);

        foreach (var forbidden in new[] { "GeneratedCode", "DebuggerNonUserCode", "ExcludeFromCodeCoverage" })
            Assert.DoesNotContain(forbidden, run.Source, StringComparison.Ordinal);
    }

    private static async Task<IMethodSymbol> GreetAsync()
    {
        var run = await GeneratorRun.OfValidAsync(Source);
        return (IMethodSymbol)run.Output.GetTypesByMetadataName("Demo.C").Single().GetMembers("GreetAsync").Single();
    }

    private static IEnumerable<string> Names(IEnumerable<AttributeData> attributes) =>
        attributes.Select(static a => a.AttributeClass!.Name);
}
