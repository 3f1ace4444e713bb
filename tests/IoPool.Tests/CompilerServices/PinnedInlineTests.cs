using System.Diagnostics;
using System.Runtime.CompilerServices;
using IoPool.Tests.Support;

namespace IoPool.Tests.CompilerServices;

/// <summary>"Inline resume" of what pinned means.</summary>
public sealed partial class PinnedInlineTests
{
    [SkippableTheory, AllDrivers]
    public async Task APinnedChildThatEnds_ResumesItsParentBeforeOtherQueuedWork(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        var steps = new List<string>();
        await test.Group.RunAsync(() => ParentAsync(steps)).WithCeiling();
        await test.ParkedAsync();
        Assert.Equal(["child", "parent", "queued"], steps);
    }

    [SkippableTheory, AllDrivers]
    public async Task ATimerThatFires_ResumesItsAwaiterBeforeOtherQueuedWork(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            var steps = new List<string>();
            // Both are due in the same round of timers; what the first queues comes after the second.
            ValueTask first = NoteDelayAsync("first", steps), second = NoteDelayAsync("second", steps);
            await first;
            await second;
            await EventLoop.Yield();
            Assert.Equal(["first", "second", "queued by first", "queued by second"], steps);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task DisposingATimer_OnTheLoop_DoesNotReenterWhoDisposes(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            var steps = new List<string>();
            LoopPeriodicTimer timer = EventLoop.Current!.CreatePeriodicTimer(TimeSpan.FromHours(1));
            ValueTask waiter = NoteTickAsync(timer, steps);
            timer.Dispose();
            steps.Add("after dispose");
            await waiter;
            Assert.Equal(["after dispose", "tick False"], steps);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task AnAwaiterOfTheUsersOwn_CompletedOnTheLoop_DoesNotReenterWhoCompletesIt(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            var steps = new List<string>();
            var signal = new Signal();
            ValueTask waiter = NoteSignalAsync(signal, steps);
            signal.Set();
            steps.Add("after set");
            await waiter;
            Assert.Equal(["after set", "resumed"], steps);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task AnAwaiterThatResumesInsideOnCompleted_IsQueued_AndTheMethodIsNotReentered(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            var steps = new List<string>();
            ValueTask waiter = NoteSignalAsync(new Signal { SetsItself = true }, steps);
            steps.Add("caller");
            await waiter;
            Assert.Equal(["caller", "resumed"], steps);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task InlineResumption_IsOfBoundedDepth(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        int deepest = await test.Group.RunAsync(async () =>
        {
            var frames = new List<int>();
            var first = new Signal();
            ValueTask chain = NoteSignalAsync(first, []);
            for (int i = 0; i < 2_000; i++)
                chain = MeasureAsync(chain, frames);
            first.Set();
            await chain;
            Assert.Equal(2_000, frames.Count);
            return frames.Max();
        }).WithCeiling();
        Assert.InRange(deepest, 0, 700);
    }

    [SkippableTheory, AllDrivers]
    public async Task ABoxThatServesTheNextCallWhileItsLastOneUnwinds_MixesUpNothing(DriverKind driver)
    {
        // The child's box is free as soon as the parent goes on, and the child's MoveNext has not returned then.
        await using TestGroup test = TestGroup.Create(driver);
        Assert.Equal(499_500, await test.Group.RunAsync(SumAsync, 1_000).WithCeiling());
    }

    [Pinned]
    private static async partial ValueTask ParentAsync(List<string> steps)
    {
        await ChildAsync(steps);
        steps.Add("parent");
    }

    [Pinned]
    private static async partial ValueTask ChildAsync(List<string> steps)
    {
        await EventLoop.Yield();
        EventLoop.Current!.Post(() => steps.Add("queued"));
        steps.Add("child");
    }

    [Pinned]
    private static async partial ValueTask NoteDelayAsync(string name, List<string> steps)
    {
        await EventLoop.Delay(TimeSpan.Zero);
        steps.Add(name);
        EventLoop.Current!.Post(() => steps.Add("queued by " + name));
    }

    [Pinned]
    private static async partial ValueTask NoteTickAsync(LoopPeriodicTimer timer, List<string> steps) =>
        steps.Add("tick " + await timer.WaitForNextTickAsync());

    [Pinned]
    private static async partial ValueTask NoteSignalAsync(Signal signal, List<string> steps)
    {
        await signal;
        steps.Add("resumed");
    }

    [Pinned]
    private static async partial ValueTask MeasureAsync(ValueTask previous, List<int> frames)
    {
        await previous;
        frames.Add(new StackTrace(fNeedFileInfo: false).FrameCount);
    }

    [Pinned]
    private static async partial ValueTask<int> SumAsync(int count)
    {
        int sum = 0;
        for (int i = 0; i < count; i++)
            sum += await EchoAsync(i, depth: 3);
        return sum;
    }

    [Pinned]
    private static async partial ValueTask<int> EchoAsync(int value, int depth)
    {
        if (depth == 0)
        {
            await EventLoop.Yield();
            return value;
        }

        int first = await EchoAsync(value, depth - 1);
        int second = await EchoAsync(value + 1, depth - 1);
        Assert.Equal(first + 1, second);
        return first;
    }

    private sealed class Signal : ICriticalNotifyCompletion
    {
        private Action? _continuation;

        internal bool SetsItself { get; init; }

        public bool IsCompleted => false;

        public Signal GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation)
        {
            _continuation = continuation;
            if (SetsItself)
                Set();
        }

        internal void Set() => _continuation!();
    }
}
