using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IoPool.Generators.Tests.Helpers;

/// <summary>Base of the tests that show the generated text of one shape each.</summary>
public abstract class SnapshotTest
{
    private protected async Task<GeneratorRun> VerifyAsync(
        string source,
        CSharpParseOptions? options = null,
        MetadataReference[]? references = null,
        [CallerMemberName] string method = "")
    {
        var run = await GeneratorRun.OfValidAsync(source, options, references ?? []);
        Assert.NotEmpty(run.Sources);
        Snapshot.Verify(GetType().Name, method, run.Sources);
        return run;
    }
}
