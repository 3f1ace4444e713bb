using System.Diagnostics;
using IoPool.Files;
using IoPool.Tests.Support;
using Microsoft.Win32.SafeHandles;

namespace IoPool.Tests.Files;

public sealed partial class LoopFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("iopool-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory, AllDrivers]
    public async Task WhatIsWritten_IsReadBack_OnTheOwnersLoop(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        byte[] data = Pattern.Bytes(100_000);
        await test.Group[1].RunAsync(async () =>
        {
            EventLoop loop = EventLoop.Current!;
            await using LoopFile file = await OpenAsync("a", FileMode.CreateNew, FileAccess.ReadWrite);
            Assert.Same(loop, file.Loop);
            await file.WriteAsync(data, 10);
            Assert.Same(loop, EventLoop.Current);
            await file.FlushAsync();
            Assert.Same(loop, EventLoop.Current);
            Assert.Equal(100_010, await file.GetLengthAsync());
            byte[] read = new byte[200_000];
            Assert.Equal(100_010, await ReadAllAsync(file, read));
            Assert.Same(loop, EventLoop.Current);
            Assert.Equal(new byte[10], read[..10]);
            Assert.Equal(data, read[10..100_010]);
        }).WithCeiling();
        Assert.Equal(100_010, new FileInfo(PathOf("a")).Length);
    }

    [SkippableTheory, AllDrivers]
    public async Task Read_AtTheEnd_GivesWhatIsLeft_ThenNothing(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        File.WriteAllBytes(PathOf("a"), Pattern.Bytes(100));
        await test.Group.RunAsync(async () =>
        {
            await using LoopFile file = await OpenAsync("a");
            byte[] buffer = new byte[60];
            Assert.Equal(40, await file.ReadAsync(buffer, 60));
            Assert.Equal(Pattern.Bytes(100)[60..], buffer[..40]);
            Assert.Equal(0, await file.ReadAsync(buffer, 100));
            Assert.Equal(0, await file.ReadAsync(buffer, 1_000_000));
            Assert.Equal(0, await file.ReadAsync(Memory<byte>.Empty, 0));
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task ManyCallsAtOnce_EachGetsItsOwn(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        byte[] data = Pattern.Bytes(256 * 1_000);
        await test.Group.RunAsync(async () =>
        {
            await using LoopFile file = await OpenAsync("a", FileMode.CreateNew, FileAccess.ReadWrite);
            await Task.WhenAll(Enumerable.Range(0, 256)
                .Select(i => file.WriteAsync(data.AsMemory(i * 1_000, 1_000), i * 1_000).AsTask()));
            byte[] read = new byte[data.Length];
            int[] counts = await Task.WhenAll(Enumerable.Range(0, 256).Reverse()
                .Select(i => file.ReadAsync(read.AsMemory(i * 1_000, 1_000), i * 1_000).AsTask()));
            Assert.All(counts, count => Assert.Equal(1_000, count));
            Assert.Equal(data, read);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Offsets_BeyondFourGigabytes_AreKept(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            await using LoopFile file = await OpenAsync("sparse", FileMode.CreateNew, FileAccess.ReadWrite);
            const long Offset = (5L << 30) + 123;
            await file.WriteAsync("far"u8.ToArray(), Offset);
            byte[] buffer = new byte[10];
            Assert.Equal(3, await file.ReadAsync(buffer, Offset));
            Assert.Equal("far"u8.ToArray(), buffer[..3]);
            Assert.Equal(10, await file.ReadAsync(buffer, 123));
            await file.SetLengthAsync(5);
            Assert.Equal(5, await file.GetLengthAsync());
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Failures_AreThoseOfTheBaseClassLibrary(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        File.WriteAllBytes(PathOf("a"), Pattern.Bytes(100));
        await test.Group.RunAsync(async () =>
        {
            await Assert.ThrowsAsync<FileNotFoundException>(async () => await OpenAsync("missing"));
            await Assert.ThrowsAsync<UnauthorizedAccessException>(async () => await LoopFile.OpenAsync(_folder));
            await Assert.ThrowsAsync<IOException>(async () => await OpenAsync("a", FileMode.CreateNew, FileAccess.Write));
            await using LoopFile readOnly = await OpenAsync("a");
            await Assert.ThrowsAsync<UnauthorizedAccessException>(async () => await readOnly.WriteAsync(new byte[1], 0));
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await readOnly.ReadAsync(new byte[1], -1));
            await using LoopFile writeOnly = await OpenAsync("a", access: FileAccess.Write, share: FileShare.ReadWrite);
            await Assert.ThrowsAsync<UnauthorizedAccessException>(async () => await writeOnly.ReadAsync(new byte[1], 0));
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task WhatHasNoPositions_IsRefused(DriverKind driver)
    {
        Skip.If(OperatingSystem.IsWindows(), "Makes a pipe with mkfifo.");
        await using TestGroup test = TestGroup.Create(driver);
        using (Process process = Process.Start("mkfifo", PathOf("pipe")))
            await process.WaitForExitAsync().WithCeiling();
        await test.Group.RunAsync(async () =>
        {
            await Assert.ThrowsAsync<NotSupportedException>(
                async () => await OpenAsync("pipe", FileMode.Open, FileAccess.ReadWrite));
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task OffItsLoop_TheFileThrows_AndNamesTheOwner(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        File.WriteAllBytes(PathOf("a"), Pattern.Bytes(100));
        LoopFile file = await test.Group[0].RunAsync(() => OpenAsync("a")).WithCeiling();
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => test.Group[1].RunAsync(() => file.ReadAsync(new byte[1], 0)).WithCeiling());
        Assert.Contains(test.Group[0].Name, exception.Message);
        Assert.Throws<InvalidOperationException>(() => { _ = OpenAsync("a"); });
        await file.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => test.Group[0].RunAsync(() => file.ReadAsync(new byte[1], 0)).WithCeiling());
        await file.DisposeAsync();
    }

    [SkippableTheory, AllDrivers]
    public async Task Dispose_WithCallsUnderWay_LetsThemEnd(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        byte[] data = Pattern.Bytes(2_000_000);
        File.WriteAllBytes(PathOf("a"), data);
        for (int round = 0; round < 20; round++)
        {
            byte[] read = new byte[data.Length];
            await test.Group.RunAsync(async () =>
            {
                LoopFile file = await OpenAsync("a");
                Task<int>[] reads = [.. Enumerable.Range(0, 20).Select(i => file.ReadAsync(read.AsMemory(i * 100_000, 100_000), i * 100_000).AsTask())];
                await file.DisposeAsync();
                Assert.All(await Task.WhenAll(reads), count => Assert.Equal(100_000, count));
                Assert.Equal(data, read);
            }).WithCeiling();
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task Cancelled_ACallEndsByItsTokenOrByItsResult(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        byte[] data = Pattern.Bytes(1_000_000);
        File.WriteAllBytes(PathOf("a"), data);
        await test.Group.RunAsync(async () =>
        {
            await using LoopFile file = await OpenAsync("a");
            byte[] read = new byte[data.Length];
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                async () => await file.ReadAsync(read, 0, new CancellationToken(canceled: true)));
            for (int round = 0; round < 100; round++)
            {
                using var source = new CancellationTokenSource();
                ValueTask<int> call = file.ReadAsync(read, 0, source.Token);
                source.Cancel();
                try
                {
                    Assert.Equal(data.Length, await call);
                    Assert.Equal(data, read);
                }
                catch (OperationCanceledException exception)
                {
                    Assert.Equal(source.Token, exception.CancellationToken);
                }
            }
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Stop_WithCallsUnderWay_LeavesNobodyWaiting(DriverKind driver)
    {
        File.WriteAllBytes(PathOf("a"), Pattern.Bytes(1_000_000));
        TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        byte[] read = new byte[1_000_000];
        LoopFile file = await test.Group[0].RunAsync(() => OpenAsync("a")).WithCeiling();
        Task<Task[]> begun = test.Group[0].RunAsync(
            () => ValueTask.FromResult<Task[]>([.. Enumerable.Range(0, 50).Select(_ => file.ReadAsync(read, 0).AsTask())])).AsTask();
        Task[] reads = await begun.WithCeiling();
        await test.DisposeAsync();
        // Each ends in its own way: read, or left behind by the loop that stopped first.
        await Task.WhenAll(reads.Select(task => task.ContinueWith(static _ => { }, TaskScheduler.Default))).WithCeiling();
        Assert.All(reads, task => Assert.True(
            task.IsCompletedSuccessfully || task.Exception?.InnerException is ObjectDisposedException, task.Exception?.ToString()));
        await file.DisposeAsync();
        Assert.False(IsOpen("a"));
    }

    [SkippableTheory, AllDrivers]
    public async Task Adopt_TakesAHandleOver_AndClosesIt(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        File.WriteAllBytes(PathOf("a"), Pattern.Bytes(100));
        SafeFileHandle handle = File.OpenHandle(PathOf("a"));
        await test.Group.RunAsync(async () =>
        {
            await using LoopFile file = LoopFile.Adopt(handle);
            Assert.Equal(100, await file.ReadAsync(new byte[200], 0));
        }).WithCeiling();
        Assert.True(handle.IsClosed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => test.Group.RunAsync(() => ValueTask.FromResult(LoopFile.Adopt(handle))).WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task Calls_InSteadyState_AllocateNothingOnTheLoop(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(MeasureAsync).WithCeiling();
    }

    [Pinned]
    private async partial ValueTask MeasureAsync()
    {
        await using LoopFile file = await OpenAsync("a", FileMode.CreateNew, FileAccess.ReadWrite);
        byte[] buffer = new byte[64];
        long before = 0;
        for (int i = 0; i < 2_000; i++)
        {
            if (i == 1_000)
                before = GC.GetAllocatedBytesForCurrentThread();
            await file.WriteAsync(buffer, i);
            await file.ReadAsync(buffer, i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static async Task<int> ReadAllAsync(LoopFile file, byte[] buffer)
    {
        int total = 0, count;
        while ((count = await file.ReadAsync(buffer.AsMemory(total), total)) != 0)
            total += count;
        return total;
    }

    private ValueTask<LoopFile> OpenAsync(
        string name, FileMode mode = FileMode.Open, FileAccess access = FileAccess.Read, FileShare share = FileShare.Read) =>
        LoopFile.OpenAsync(PathOf(name), mode, access, share);

    private bool IsOpen(string name)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Open files are looked up in /proc.");
        return Directory.GetFiles("/proc/self/fd").Any(link => new FileInfo(link).LinkTarget == PathOf(name));
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
