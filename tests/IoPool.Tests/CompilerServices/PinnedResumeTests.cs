using System.Runtime.CompilerServices;
using System.Threading.Channels;
using IoPool.Tests.Support;

namespace IoPool.Tests.CompilerServices;

/// <summary>"Resume", "Inline resume" and "Foreign awaitables" of what pinned means.</summary>
public sealed partial class PinnedResumeTests
{
    public static TheoryData<DriverKind, string> ForeignAwaitables()
    {
        var data = new TheoryData<DriverKind, string>();
        foreach (DriverKind driver in (DriverKind[])[DriverKind.IoUring, DriverKind.Epoll, DriverKind.Portable])
        {
            foreach (string name in (string[])["Task", "ConfigureAwait", "ValueTask", "Channel", "TaskYield", "AsynchronousSource", "OrdinaryMethod"])
                data.Add(driver, name);
        }

        return data;
    }

    [SkippableTheory, MemberData(nameof(ForeignAwaitables))]
    public async Task WhateverIsAwaited_ThePinnedMethodResumesOnItsLoop(DriverKind driver, string awaitable)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        for (int i = 0; i < 50; i++)
            Assert.True(await test.Group.RunAsync(StaysAsync, awaitable).WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task AnOperationOfTheLoop_AwaitedThereByOrdinaryCode_ResumesThereDespiteConfigureAwait(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        Assert.True(await test.Group.RunAsync(async () =>
        {
            EventLoop loop = EventLoop.Current!;
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1)).ConfigureAwait(false);
            bool afterDelay = EventLoop.Current == loop;
            await YieldTwiceAsync().ConfigureAwait(false);
            return afterDelay && EventLoop.Current == loop;
        }).WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task AnOperationAwaitedOutside_ResumesOnThePoolNeverOnTheLoop(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        (EventLoop? loop, bool onPool) = await ResumeOutsideAsync(test.Group, context: null).WithCeiling();
        Assert.Null(loop);
        Assert.True(onPool);
    }

    [SkippableTheory, AllDrivers]
    public async Task AnOperationAwaitedOutside_ResumesOnTheCapturedContext(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        var context = new RecordingContext();
        await ResumeOutsideAsync(test.Group, context).WithCeiling();
        Assert.Equal(1, context.Posts);
    }

    /// <summary>Awaits a call from a thread of the pool; the call ends only after the registration.</summary>
    private static Task<(EventLoop? Loop, bool OnPool)> ResumeOutsideAsync(EventLoopGroup group, SynchronizationContext? context) =>
        Task.Run(() =>
        {
            var gate = new TaskCompletionSource();
            var resumed = new TaskCompletionSource<(EventLoop?, bool)>(TaskCreationOptions.RunContinuationsAsynchronously);
            ValueTaskAwaiter awaiter = group.RunAsync(async () => await gate.Task).GetAwaiter();
            SynchronizationContext.SetSynchronizationContext(context);
            awaiter.OnCompleted(() => resumed.SetResult((EventLoop.Current, Thread.CurrentThread.IsThreadPoolThread)));
            SynchronizationContext.SetSynchronizationContext(null);
            gate.SetResult();
            return resumed.Task;
        });

    [SkippableTheory, AllDrivers]
    public async Task APinnedCallerOnAnotherLoop_IsPostedToItsOwn(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        Assert.True(await test.Group[0].RunAsync(CallsOtherLoopAsync, test.Group[1]).WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task OrdinaryCodeOnAnotherLoop_ComesBackToItsOwn(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        Assert.True(await test.Group[0].RunAsync(async () =>
        {
            await test.Group[1].RunAsync(YieldTwiceAsync);
            return EventLoop.Current == test.Group[0];
        }).WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task WhatUserCodeCompletes_IsQueued_NobodyIsReenteredInTheMiddleOfAStatement(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        Assert.Equal(["before set", "after set", "waiter"], await test.Group.RunAsync(async () =>
        {
            var steps = new List<string>();
            var source = new TaskCompletionSource();
            ValueTask waiter = NoteAsync(source.Task, steps);
            steps.Add("before set");
            source.SetResult();
            steps.Add("after set");
            await waiter;
            return steps;
        }).WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task Cancelling_OnTheLoop_DoesNotReenterTheCanceller(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        Assert.Equal(["before cancel", "after cancel", "cancelled"], await test.Group.RunAsync(async () =>
        {
            var steps = new List<string>();
            using var cancellation = new CancellationTokenSource();
            ValueTask waiter = NoteCancellationAsync(steps, cancellation.Token);
            steps.Add("before cancel");
            cancellation.Cancel();
            steps.Add("after cancel");
            await waiter;
            return steps;
        }).WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task AMillionChainedCompletions_NeitherOverflowTheStackNorStarveAnother(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        (int ended, bool otherRan) = await test.Group.RunAsync(async () =>
        {
            const int Length = 1_000_000;
            var first = new TaskCompletionSource();
            var counter = new int[1];
            ValueTask chain = LinkAsync(new ValueTask(first.Task), counter);
            for (int i = 1; i < Length; i++)
                chain = LinkAsync(chain, counter);

            bool otherRan = false;
            EventLoop.Current!.Post(() => otherRan = counter[0] < Length);
            first.SetResult();
            await chain;
            return (counter[0], otherRan);
        }).WithCeiling();
        Assert.Equal(1_000_000, ended);
        Assert.True(otherRan, "The other item had to wait for the whole chain.");
    }

    [SkippableTheory, AllDrivers]
    public async Task AnAwaiterThatResumesTwice_RunsTheContinuationOnce(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        int runs = await test.Group.RunAsync(async () =>
        {
            var counter = new int[1];
            await AwaitsTwiceAsync(counter);
            await YieldTwiceAsync();
            return counter[0];
        }).WithCeiling();
        Assert.Equal(1, runs);
    }

    [SkippableTheory, AllDrivers]
    public async Task AnAwaiterThatThrowsFromOnCompleted_IsReported_AndUserCodeDoesNotRunTwice(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        var awaitable = new ThrowingAwaitable();
        var steps = new List<string>();
        test.Group.Spawn(() => AwaitsThrowingAsync(awaitable, steps));
        await test.ParkedAsync();
        Assert.IsType<FormatException>(Assert.Single(test.Unhandled));
        // The awaiter kept the delegate all the same: the method must not go on.
        awaitable.Continuation!();
        await test.ParkedAsync();
        Assert.Equal(["before"], steps);
        await test.Group.ShutdownAsync().WithCeiling();
        Assert.Equal(["before"], steps);
    }

    [Pinned]
    private static async partial ValueTask<bool> StaysAsync(string awaitable)
    {
        EventLoop loop = EventLoop.Current!;
        switch (awaitable)
        {
            case "Task":
                await Task.Run(() => { });
                break;
            case "ConfigureAwait":
                await Task.Run(() => { }).ConfigureAwait(false);
                break;
            case "ValueTask":
                await new ValueTask<int>(Task.Run(() => 1)).ConfigureAwait(false);
                break;
            case "Channel":
                var channel = Channel.CreateUnbounded<int>();
                _ = Task.Run(() => channel.Writer.TryWrite(1));
                await channel.Reader.ReadAsync();
                break;
            case "TaskYield":
                await Task.Yield();
                break;
            case "AsynchronousSource":
                var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _ = Task.Run(source.SetResult);
                await source.Task;
                break;
            case "OrdinaryMethod":
                await OrdinaryAsync();
                break;
        }

        return EventLoop.Current == loop;

        static async Task OrdinaryAsync()
        {
            await EventLoop.Yield();
            await Task.Run(() => { }).ConfigureAwait(false);
        }
    }

    [Pinned]
    private static async partial ValueTask YieldTwiceAsync()
    {
        await EventLoop.Yield();
        await EventLoop.Yield();
    }

    [Pinned]
    private static async partial ValueTask<bool> CallsOtherLoopAsync(EventLoop other)
    {
        EventLoop own = EventLoop.Current!;
        bool there = await other.RunAsync(() => new ValueTask<bool>(EventLoop.Current == other)).ConfigureAwait(false);
        return there && EventLoop.Current == own;
    }

    [Pinned]
    private static async partial ValueTask NoteAsync(Task task, List<string> steps)
    {
        await task;
        steps.Add("waiter");
    }

    [Pinned]
    private static async partial ValueTask NoteCancellationAsync(List<string> steps, CancellationToken cancellationToken)
    {
        try
        {
            await EventLoop.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        catch (OperationCanceledException exception) when (exception.CancellationToken == cancellationToken)
        {
            steps.Add("cancelled");
        }
    }

    [Pinned]
    private static async partial ValueTask LinkAsync(ValueTask previous, int[] counter)
    {
        await previous;
        counter[0]++;
    }

    [Pinned]
    private static async partial ValueTask AwaitsTwiceAsync(int[] counter)
    {
        await new TwiceAwaitable();
        counter[0]++;
        await EventLoop.Yield();
        await EventLoop.Yield();
    }

    [Pinned]
    private static async partial ValueTask AwaitsThrowingAsync(ThrowingAwaitable awaitable, List<string> steps)
    {
        steps.Add("before");
        try
        {
            await awaitable;
            steps.Add("after");
        }
        catch (FormatException)
        {
            steps.Add("caught");
        }
        finally
        {
            steps.Add("finally");
        }
    }

    private sealed class RecordingContext : SynchronizationContext
    {
        internal int Posts;

        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref Posts);
            ThreadPool.QueueUserWorkItem(_ => d(state));
        }
    }

    private readonly struct TwiceAwaitable : ICriticalNotifyCompletion
    {
        public bool IsCompleted => false;

        public TwiceAwaitable GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation)
        {
            continuation();
            continuation();
        }
    }

    private sealed class ThrowingAwaitable : INotifyCompletion
    {
        internal Action? Continuation { get; private set; }

        public bool IsCompleted => false;

        public ThrowingAwaitable GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation)
        {
            Continuation = continuation;
            throw new FormatException("OnCompleted");
        }
    }
}
