using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IoPool.Generators.Tests.Shared;

/// <summary>
/// A stand-in for IoPool.dll with what the generator names and no more, so that its tests neither wait for the runtime
/// nor break with it.
/// </summary>
internal static class RuntimeReference
{
    private const string Source = """
        using System;
        using System.Runtime.CompilerServices;
        using System.Threading.Tasks;

        [assembly: System.Reflection.AssemblyVersion("1.0.0.0")]

        namespace IoPool
        {
            [AttributeUsage(AttributeTargets.Method, Inherited = false)]
            public sealed class PinnedAttribute : Attribute;
        }

        namespace IoPool.CompilerServices
        {
            public struct PinnedValueTaskMethodBuilder
            {
                public static PinnedValueTaskMethodBuilder Create() => default;
                public ValueTask Task => default;
                public void SetResult() { }
                public void SetException(Exception exception) { }
                public void SetStateMachine(IAsyncStateMachine stateMachine) { }
                public void Start<TStateMachine>(ref TStateMachine stateMachine)
                    where TStateMachine : IAsyncStateMachine { }
                public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine machine)
                    where TAwaiter : INotifyCompletion where TStateMachine : IAsyncStateMachine { }
                public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(
                    ref TAwaiter awaiter, ref TStateMachine machine)
                    where TAwaiter : ICriticalNotifyCompletion where TStateMachine : IAsyncStateMachine { }
            }

            public struct PinnedValueTaskMethodBuilder<TResult>
            {
                public static PinnedValueTaskMethodBuilder<TResult> Create() => default;
                public ValueTask<TResult> Task => default;
                public void SetResult(TResult result) { }
                public void SetException(Exception exception) { }
                public void SetStateMachine(IAsyncStateMachine stateMachine) { }
                public void Start<TStateMachine>(ref TStateMachine stateMachine)
                    where TStateMachine : IAsyncStateMachine { }
                public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine machine)
                    where TAwaiter : INotifyCompletion where TStateMachine : IAsyncStateMachine { }
                public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(
                    ref TAwaiter awaiter, ref TStateMachine machine)
                    where TAwaiter : ICriticalNotifyCompletion where TStateMachine : IAsyncStateMachine { }
            }
        }
        """;

    private static readonly Lazy<PortableExecutableReference> s_instance = new(() => Build("IoPool", Source));

    public static PortableExecutableReference Instance => s_instance.Value;

    public static PortableExecutableReference Build(string assemblyName, string source, params MetadataReference[] more)
    {
        var compilation = CSharpCompilation.Create(
            assemblyName,
            [CSharpSyntaxTree.ParseText(source)],
            [.. Net100.References.All, .. more],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return MetadataReference.CreateFromImage(image.ToArray());
    }
}
