using IoPool.Generators.Tests.Helpers;
using Xunit.Sdk;

namespace IoPool.Generators.Tests;

/// <summary>A snapshot that cannot fail checks nothing.</summary>
public sealed class SnapshotHelperTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("snapshots").FullName;

    private static bool IsAccepting => Environment.GetEnvironmentVariable("IOPOOL_ACCEPT_SNAPSHOTS") == "1";

    [Fact]
    public void Mismatch_FailsAndLeavesWhatWasReceived()
    {
        File.WriteAllText(Path.Combine(_folder, "T.M#Hint.g.verified.cs"), "old");
        if (IsAccepting)
            return;

        Assert.ThrowsAny<XunitException>(() => Snapshot.Verify("T", "M", [("Hint.g.cs", "new")], _folder));

        Assert.Equal("new", File.ReadAllText(Path.Combine(_folder, "T.M#Hint.g.received.cs")));
    }

    [Fact]
    public void UnknownFile_Fails()
    {
        if (!IsAccepting)
            Assert.ThrowsAny<XunitException>(() => Snapshot.Verify("T", "M", [("Hint.g.cs", "new")], _folder));
    }

    [Fact]
    public void FileThatIsNoLongerGenerated_Fails()
    {
        File.WriteAllText(Path.Combine(_folder, "T.M#Hint.g.verified.cs"), "old");
        if (!IsAccepting)
            Assert.ThrowsAny<XunitException>(() => Snapshot.Verify("T", "M", [], _folder));
    }

    [Fact]
    public void SameText_PassesWhateverTheLineEndings()
    {
        File.WriteAllText(Path.Combine(_folder, "T.M#Hint.g.verified.cs"), "one\r\ntwo");

        Snapshot.Verify("T", "M", [("Hint.g.cs", "one\ntwo")], _folder);

        Assert.Single(Directory.GetFiles(_folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
