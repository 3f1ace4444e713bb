using IoPool.Tests.Support;

namespace IoPool.Tests;

public sealed class RunTests
{
    [SkippableTheory, AllDrivers]
    public async Task Run_BlocksTheCallerUntilTheMethodEnds_AndReturnsItsResult(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        bool ended = false;
        await Task.Run(() => test.Group.Run(async () =>
        {
            await EventLoop.Yield();
            ended = true;
        })).WithCeiling();
        Assert.True(ended);
        Assert.Equal(5, await Task.Run(() => test.Group.Run(() => new ValueTask<int>(5))).WithCeiling());
    }

    [SkippableTheory, AllDrivers]
    public async Task Run_WhenTheMethodThrows_ThrowsTheSame(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await Assert.ThrowsAsync<FormatException>(() => Task.Run(() => test.Group.Run(() => throw new FormatException())).WithCeiling());
        await Assert.ThrowsAsync<FormatException>(() => Task.Run(() => test.Group.RunUntilIdle(() => throw new FormatException())).WithCeiling());
        Assert.Empty(test.Unhandled);
    }

    [SkippableTheory, AllDrivers]
    public async Task Run_OnALoop_Throws(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(() =>
        {
            Assert.Throws<InvalidOperationException>(() => test.Group.Run(() => default(ValueTask)));
            Assert.Throws<InvalidOperationException>(() => test.Group.RunUntilIdle(() => default));
            return default(ValueTask);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task Run_WhatTheMethodSpawnsOnTheGroupIsSpread_AndItsChildrenStayWithTheirParents(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        var parents = new EventLoop?[4];
        var children = new EventLoop?[4];
        await Task.Run(() => test.Group.RunUntilIdle(() =>
        {
            for (int i = 0; i < 4; i++)
            {
                int index = i;
                test.Group.Spawn(() =>
                {
                    parents[index] = EventLoop.Current;
                    EventLoop.Current!.Spawn(async () =>
                    {
                        await EventLoop.Yield();
                        children[index] = EventLoop.Current;
                    });
                    return default;
                });
            }

            return default;
        })).WithCeiling();
        Assert.Equal(2, parents.Count(loop => loop == test.Group[0]));
        Assert.Equal(2, parents.Count(loop => loop == test.Group[1]));
        Assert.Equal(parents, children);
    }

    [SkippableTheory, AllDrivers]
    public async Task Run_DoesNotWaitForWhatTheMethodSpawned_RunUntilIdleDoes(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        var gate = new TaskCompletionSource();
        bool ended = false;
        await Task.Run(() => test.Group.Run(() =>
        {
            test.Group.Spawn(async () =>
            {
                await gate.Task;
                ended = true;
            });
            return default(ValueTask);
        })).WithCeiling();
        Assert.False(ended);

        Task idle = Task.Run(() => test.Group.RunUntilIdle(() => default));
        await test.ParkedAsync();
        Assert.False(idle.IsCompleted);
        gate.SetResult();
        await idle.WithCeiling();
        Assert.True(ended);
    }

    [SkippableTheory, AllDrivers]
    public async Task SpawnAllAsync_RunsEveryCallAndCompletesWhenTheyHaveEnded(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        int started = 0, ended = 0;
        await test.Group.SpawnAllAsync(Calls()).WithCeiling();
        Assert.Equal(100, started);
        Assert.Equal(100, ended);

        async IAsyncEnumerable<Func<ValueTask>> Calls()
        {
            for (int i = 0; i < 100; i++)
            {
                await Task.Yield();
                yield return async () =>
                {
                    Interlocked.Increment(ref started);
                    await EventLoop.Yield();
                    Interlocked.Increment(ref ended);
                };
            }
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task SpawnAllAsync_AtItsLimit_AsksForNoMore(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        var gate = new TaskCompletionSource();
        int asked = 0;
        Task all = test.Group.SpawnAllAsync(Calls(), maxConcurrency: 3);
        await test.ParkedAsync();
        Assert.Equal(3, Volatile.Read(ref asked));
        gate.SetResult();
        await all.WithCeiling();
        Assert.Equal(10, asked);

        async IAsyncEnumerable<Func<ValueTask>> Calls()
        {
            for (int i = 0; i < 10; i++)
            {
                Interlocked.Increment(ref asked);
                yield return async () => await gate.Task;
            }

            await Task.CompletedTask;
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task SpawnAllAsync_Cancelled_StopsAskingAndLeavesTheRunningCallsAlone(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        using var cancellation = new CancellationTokenSource();
        var gate = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        Task all = test.Group.SpawnAllAsync(Calls(), maxConcurrency: 1, cancellation.Token);
        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => all.WithCeiling());
        gate.SetResult();
        await ended.Task.WithCeiling();

        async IAsyncEnumerable<Func<ValueTask>> Calls()
        {
            while (true)
            {
                yield return async () =>
                {
                    await gate.Task;
                    ended.TrySetResult();
                };
                await Task.CompletedTask;
            }
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task SpawnAllAsync_AFailingCall_IsReportedOnceAndTheOthersGoOn(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        int ran = 0;
        await test.Group.SpawnAllAsync(Calls()).WithCeiling();
        await test.ParkedAsync();
        Assert.Equal(4, ran);
        Assert.IsType<FormatException>(Assert.Single(test.Unhandled));

        async IAsyncEnumerable<Func<ValueTask>> Calls()
        {
            await Task.CompletedTask;
            for (int i = 0; i < 5; i++)
            {
                int index = i;
                yield return () => index == 2 ? throw new FormatException() : new ValueTask(Task.FromResult(Interlocked.Increment(ref ran)));
            }
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task SpawnAllAsync_WhenTheSequenceThrows_ThrowsTheSame(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await Assert.ThrowsAsync<FormatException>(() => test.Group.SpawnAllAsync(Calls()).WithCeiling());

        static async IAsyncEnumerable<Func<ValueTask>> Calls()
        {
            await Task.CompletedTask;
            yield return () => default;
            throw new FormatException();
        }
    }
}
