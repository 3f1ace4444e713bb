using IoPool.Tests.Support;

namespace IoPool.Tests.CompilerServices;

/// <summary>"Start" of what pinned means.</summary>
[Collection(nameof(DefaultGroupCollection))]
public sealed partial class PinnedStartTests
{
    private static readonly AsyncLocal<int> s_local = new();

    [SkippableTheory, AllDrivers]
    public async Task OnALoop_StartsInlineAtOnceOnThatLoop(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        await test.Group[1].RunAsync(() =>
        {
            var steps = new List<string>();
            ValueTask call = StepAsync(steps);
            steps.Add("caller");
            Assert.False(call.IsCompleted);
            Assert.Equal(["body on 1", "caller"], steps);
            return call;
        }).WithCeiling();
    }

    [Fact]
    public void OffTheLoop_WithoutADefaultGroup_ThrowsAndNamesRunAsync()
    {
        Assert.Null(EventLoopGroup.Default);
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => { _ = WhereAsync(); });
        Assert.Contains("EventLoopGroup.RunAsync", exception.Message);
        Assert.Throws<InvalidOperationException>(() => { _ = StepAsync([]); });
    }

    [SkippableTheory, AllDrivers]
    public async Task OffTheLoop_WithADefaultGroup_IsQueuedToItsNextLoop(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        EventLoopGroup.Default = test.Group;
        try
        {
            EventLoop? first = await WhereAsync().WithCeiling(), second = await WhereAsync().WithCeiling();
            Assert.NotNull(first);
            Assert.NotNull(second);
            Assert.NotSame(first, second);
            Assert.Null(EventLoop.Current);
            await Assert.ThrowsAsync<FormatException>(() => ThrowAtOnceAsync().WithCeiling());
            await test.ParkedAsync();
            Assert.All(test.Group, loop => Assert.Equal(0, loop.ActiveCount));
            await test.Group.ShutdownAsync().WithCeiling();
            Assert.Throws<ObjectDisposedException>(() => { _ = WhereAsync(); });
        }
        finally
        {
            EventLoopGroup.Default = null;
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task OffTheLoop_StressedByManySynchronousEndings_LosesNoResult(DriverKind driver)
    {
        // Set the box, copy, then post: any other order lets the loop run a half-made call.
        await using TestGroup test = TestGroup.Create(driver, 2);
        EventLoopGroup.Default = test.Group;
        try
        {
            for (int i = 0; i < 5_000; i++)
                Assert.Equal(i, await EchoAsync(i).WithCeiling());
        }
        finally
        {
            EventLoopGroup.Default = null;
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task Start_RestoresTheCallersExecutionAndSynchronizationContext(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            s_local.Value = 1;
            SynchronizationContext? before = SynchronizationContext.Current;
            ValueTask call = ChangeContextsAsync();
            Assert.Equal(1, s_local.Value);
            Assert.Same(before, SynchronizationContext.Current);
            await call;
            Assert.Equal(1, s_local.Value);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Dispatch_RestoresTheLoopsDefault_SoThatNothingLeaksToTheNextItem(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        EventLoop loop = test.Group[0];
        var seen = new TaskCompletionSource<(int, SynchronizationContext?)>(TaskCreationOptions.RunContinuationsAsynchronously);
        using (ExecutionContext.SuppressFlow())
        {
            loop.Post(() =>
            {
                s_local.Value = 9;
                SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
            });
            loop.Post(() => seen.SetResult((s_local.Value, SynchronizationContext.Current)));
        }

        (int local, SynchronizationContext? context) = await seen.Task.WithCeiling();
        Assert.Equal(0, local);
        Assert.Same(loop.SynchronizationContext, context);
    }

    [SkippableTheory, AllDrivers]
    public async Task ExecutionContext_FlowsFromTheSpawnerAndThroughEveryAwait(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        s_local.Value = 5;
        Assert.Equal((5, 5, 6, 6), await test.Group.RunAsync(ReadLocalAsync).WithCeiling());
        Assert.Equal(5, s_local.Value);
        s_local.Value = 0;
    }

    [SkippableTheory, AllDrivers]
    public async Task ChangeOfAnAsyncLocalInAChild_IsInvisibleToItsParent(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        Assert.Equal(3, await test.Group.RunAsync(ParentAsync).WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task AThrowBeforeTheFirstAwait_IsAFaultedValueTask(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            ValueTask call = ThrowAtOnceAsync();
            Assert.True(call.IsFaulted);
            await Assert.ThrowsAsync<FormatException>(async () => await call);
            ValueTask cancelled = CancelAtOnceAsync();
            Assert.True(cancelled.IsCanceled);
            await Assert.ThrowsAsync<OperationCanceledException>(async () => await cancelled);
        }).WithCeiling();
        Assert.Empty(test.Unhandled);
    }

    [SkippableTheory, AllDrivers]
    public async Task Lambda_WithTheBuilder_IsPinned(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        Func<ValueTask<bool>> lambda =
            [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(IoPool.CompilerServices.PinnedValueTaskMethodBuilder<>))]
        async ValueTask<bool> () =>
            {
                EventLoop loop = EventLoop.Current!;
                await Task.Run(() => { }).ConfigureAwait(false);
                return loop == EventLoop.Current;
            };
        Assert.True(await test.Group.RunAsync(lambda).WithCeiling());
    }

    [Pinned]
    private static async partial ValueTask StepAsync(List<string> steps)
    {
        steps.Add($"body on {EventLoop.Current!.Index}");
        await EventLoop.Yield();
    }

    [Pinned]
    private static async partial ValueTask<EventLoop?> WhereAsync()
    {
        await EventLoop.Yield();
        return EventLoop.Current;
    }

    [Pinned]
    private static async partial ValueTask<int> EchoAsync(int value)
    {
        if (value % 2 == 0)
            await EventLoop.Yield();
        return value;
    }

    [Pinned]
    private static async partial ValueTask ChangeContextsAsync()
    {
        s_local.Value = 2;
        SynchronizationContext.SetSynchronizationContext(null);
        await EventLoop.Yield();
    }

    [Pinned]
    private static async partial ValueTask<(int AtStart, int AfterForeign, int Changed, int AfterYield)> ReadLocalAsync()
    {
        int atStart = s_local.Value;
        await Task.Run(() => { });
        int afterForeign = s_local.Value;
        s_local.Value = 6;
        int changed = s_local.Value;
        await EventLoop.Yield();
        return (atStart, afterForeign, changed, s_local.Value);
    }

    [Pinned]
    private static async partial ValueTask<int> ParentAsync()
    {
        s_local.Value = 3;
        await ChildAsync();
        return s_local.Value;
    }

    [Pinned]
    private static async partial ValueTask ChildAsync()
    {
        await EventLoop.Yield();
        s_local.Value = 4;
        await EventLoop.Yield();
    }

    [Pinned]
    private static async partial ValueTask ThrowAtOnceAsync()
    {
        if (EventLoop.Current is not null)
            throw new FormatException();
        await EventLoop.Yield();
    }

    [Pinned]
    private static async partial ValueTask CancelAtOnceAsync()
    {
        new CancellationToken(true).ThrowIfCancellationRequested();
        await EventLoop.Yield();
    }
}

/// <summary>Tests that set <see cref="EventLoopGroup.Default"/> or rely on its being unset.</summary>
[CollectionDefinition(nameof(DefaultGroupCollection), DisableParallelization = true)]
public sealed class DefaultGroupCollection;
