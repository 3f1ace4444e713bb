using System.Runtime.CompilerServices;

namespace IoPool.Generators.Tests.Helpers;

/// <summary>
/// Compares text with a file beside the tests, by Verify's conventions: <c>Type.Method#Hint.verified.cs</c>, on
/// mismatch a <c>.received.cs</c> next to it, and <c>IOPOOL_ACCEPT_SNAPSHOTS=1</c> accepts what was received.
/// </summary>
internal static class Snapshot
{
    private static bool IsAccepting => Environment.GetEnvironmentVariable("IOPOOL_ACCEPT_SNAPSHOTS") == "1";

    public static void Verify(
        string type, string method, IEnumerable<(string Hint, string Text)> files, string? folder = null)
    {
        folder ??= Folder();
        Directory.CreateDirectory(folder);
        var failures = new List<string>();
        var expected = Directory.GetFiles(folder, $"{type}.{method}#*.verified.cs").ToHashSet(StringComparer.Ordinal);
        foreach (var (hint, text) in files)
        {
            var name = hint.EndsWith(".cs", StringComparison.Ordinal) ? hint[..^3] : hint;
            var stem = Path.Combine(folder, $"{type}.{method}#{name}");
            expected.Remove(stem + ".verified.cs");
            Compare(stem, text, failures);
        }

        foreach (var leftOver in expected)
            Drop(leftOver, failures);
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static void Compare(string stem, string text, List<string> failures)
    {
        var (verified, received) = (stem + ".verified.cs", stem + ".received.cs");
        var isSame = File.Exists(verified) && Normalize(File.ReadAllText(verified)) == Normalize(text);
        if (!isSame && !IsAccepting)
        {
            File.WriteAllText(received, text);
            failures.Add($"{Path.GetFileName(verified)} differs from what was received:\n{text}");
            return;
        }

        if (!isSame)
            File.WriteAllText(verified, text);
        File.Delete(received);
    }

    private static void Drop(string verified, List<string> failures)
    {
        if (IsAccepting)
            File.Delete(verified);
        else
            failures.Add($"{Path.GetFileName(verified)} was expected and not received");
    }

    private static string Normalize(string text) => text.ReplaceLineEndings("\n");

    private static string Folder([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(path)!)!, "Snapshots");
}
