using System.Runtime.CompilerServices;
using IoPool.Tests.Support;

namespace IoPool.Tests.CompilerServices;

/// <summary>"Consumption" and "Exceptions" of what pinned means.</summary>
public sealed partial class PinnedConsumptionTests
{
    [SkippableTheory, AllDrivers]
    public async Task ReadingTheResultOfAPendingCall_Throws(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            ValueTask<int> call = LaterAsync(1);
            Assert.Throws<InvalidOperationException>(() => call.GetAwaiter().GetResult());
            Assert.Equal(1, await call);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task ReadingTheResultTwice_Throws(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            ValueTask<int> call = LaterAsync(1);
            Assert.Equal(1, await call);
            Assert.Throws<InvalidOperationException>(() => call.IsCompleted);
            Assert.Throws<InvalidOperationException>(() => call.GetAwaiter().GetResult());
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await call);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task AConsumedCall_DoesNotReachTheCallThatReusesItsBox(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            ValueTask<int> old = LaterAsync(1);
            Assert.Equal(1, await old);
            // Very likely in the same box.
            ValueTask<int> next = LaterAsync(2);
            Assert.Throws<InvalidOperationException>(() => old.GetAwaiter().GetResult());
            Assert.Equal(2, await next);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task AwaitingACallThatIsBeingAwaited_Throws(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            ValueTask<int> call = LaterAsync(1);
            Task<int> first = AwaitAsync(call);
            await Assert.ThrowsAsync<InvalidOperationException>(() => AwaitAsync(call));
            Assert.Equal(1, await first);
        }).WithCeiling();

        static async Task<int> AwaitAsync(ValueTask<int> call) => await call;
    }

    [SkippableTheory, AllDrivers]
    public async Task AnEarlyReader_CannotMakeTheQueueLoseOrRepeatAnything(DriverKind driver)
    {
        // A misuse: somebody reads the result of a call whose awaiter is queued but has not run yet.
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            for (int i = 0; i < 200; i++)
            {
                using var timer = EventLoop.Current!.CreatePeriodicTimer(TimeSpan.FromHours(1));
                ValueTask<bool> wait = timer.WaitForNextTickAsync();
                Task<bool> waiter = WaitAsync(wait);
                timer.Dispose();
                Assert.False(wait.GetAwaiter().GetResult());
                await EventLoop.Yield();
                await Assert.ThrowsAsync<InvalidOperationException>(() => waiter);
            }
        }).WithCeiling();

        static async Task<bool> WaitAsync(ValueTask<bool> wait) => await wait;
    }

    [SkippableTheory, AllDrivers]
    public async Task ACallConsumedOutside_WorksAndItsBoxIsNotShared(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        for (int i = 0; i < 500; i++)
        {
            ValueTask<int> leaked = default;
            await test.Group.RunAsync(() =>
            {
                leaked = LaterAsync(i);
                return default(ValueTask);
            }).WithCeiling();
            Assert.Equal(i, await leaked.AsTask().WithCeiling());
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task AnExceptionAfterAnAwait_GoesToWhoeverAwaits_WithItsStackTrace(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            FormatException exception = await Assert.ThrowsAsync<FormatException>(async () => await FailsLaterAsync());
            Assert.Contains(nameof(FailsLaterAsync), exception.StackTrace);
        }).WithCeiling();
        Assert.Empty(test.Unhandled);
    }

    [SkippableTheory, AllDrivers]
    public async Task ACancelledPinnedCall_IsCanceled(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            ValueTask call = CancelsLaterAsync();
            while (!call.IsCompleted)
                await EventLoop.Yield();
            Assert.True(call.IsCanceled);
            Assert.False(call.IsFaulted);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await call);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task AFailedCallThatNobodyConsumed_IsReportedWhenItIsCollected(DriverKind driver)
    {
        var reported = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestGroup test = TestGroup.Create(
            driver, 1, options => options.UnhandledException = (_, exception) => reported.TrySetResult(exception));
        await test.Group.RunAsync(static async () =>
        {
            Forget();
            for (int i = 0; i < 10; i++)
                await EventLoop.Yield();
        }).WithCeiling();
        for (int i = 0; i < 20 && !reported.Task.IsCompleted; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.IsType<FormatException>(await reported.Task.WithCeiling());

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget() => _ = FailsLaterAsync();
    }

    [SkippableTheory, AllDrivers]
    public async Task AFailedCallThatWasConsumed_IsNotReportedWhenItIsCollected(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(static async () =>
        {
            for (int i = 0; i < 20; i++)
            {
                try
                {
                    await FailsLaterAsync();
                }
                catch (FormatException)
                {
                    // Observed.
                }
            }
        }).WithCeiling();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Empty(test.Unhandled);
    }

    [Pinned]
    private static async partial ValueTask<int> LaterAsync(int value)
    {
        await EventLoop.Yield();
        return value;
    }

    [Pinned]
    private static async partial ValueTask FailsLaterAsync()
    {
        await EventLoop.Yield();
        throw new FormatException();
    }

    [Pinned]
    private static async partial ValueTask CancelsLaterAsync()
    {
        await EventLoop.Yield();
        throw new OperationCanceledException();
    }
}
