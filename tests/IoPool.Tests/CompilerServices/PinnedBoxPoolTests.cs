using System.Reflection;
using System.Runtime.CompilerServices;
using IoPool.Tests.Support;

namespace IoPool.Tests.CompilerServices;

/// <summary>Where the boxes of pinned calls go ("Consumption" of what pinned means).</summary>
public sealed partial class PinnedBoxPoolTests
{
    // What a loop keeps of one type; a box beyond it is the collector's.
    private const int PoolSize = 1_024;

    [SkippableTheory, AllDrivers]
    public async Task ABoxConsumedOnItsLoop_ServesTheNextCall(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            ValueTask<int> first = LaterAsync(1);
            object box = BoxOf(first);
            await first;
            ValueTask<int> second = LaterAsync(2);
            Assert.Same(box, BoxOf(second));
            Assert.Equal(2, await second);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task ABoxConsumedElsewhere_IsNotReused(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 2);
        ValueTask<int> leaked = default;
        await test.Group[0].RunAsync(() =>
        {
            leaked = LaterAsync(1);
            return default(ValueTask);
        }).WithCeiling();
        object box = BoxOf(leaked);
        Assert.Equal(1, await test.Group[1].RunAsync(async () => await leaked).WithCeiling());
        foreach (EventLoop loop in test.Group)
        {
            await loop.RunAsync(async () =>
            {
                ValueTask<int> next = LaterAsync(2);
                Assert.NotSame(box, BoxOf(next));
                await next;
            }).WithCeiling();
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task ABoxThatNobodyAwaits_FallsToTheCollector(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        WeakReference box = await test.Group.RunAsync(async () =>
        {
            WeakReference forgotten = Forget();
            await EventLoop.Yield();
            await EventLoop.Yield();
            ValueTask<int> next = LaterAsync(2);
            Assert.NotSame(forgotten.Target, BoxOf(next));
            await next;
            return forgotten;
        }).WithCeiling();
        for (int i = 0; i < 20 && box.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await test.ParkedAsync();
        }

        Assert.False(box.IsAlive, "Something keeps the box of a call that ended.");

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Forget() => new(BoxOf(LaterAsync(1)));
    }

    [SkippableTheory, AllDrivers]
    public async Task ThePoolOfABoxType_IsBounded(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        await test.Group.RunAsync(async () =>
        {
            HashSet<object> first = await RunManyAsync(PoolSize + 500);
            HashSet<object> second = await RunManyAsync(PoolSize + 500);
            second.IntersectWith(first);
            Assert.Equal(PoolSize, second.Count);
        }).WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task ABoxWhoseAwaiterThrewFromOnCompleted_IsNotReused(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 1, options => options.DrainTimeout = TimeSpan.Zero);
        await test.Group.RunAsync(() =>
        {
            object box = BoxOf(AwaitAsync(new Throwing()));
            for (int i = 0; i < 10; i++)
                Assert.NotSame(box, BoxOf(AwaitAsync(new Throwing())));
            return default(ValueTask);
        }).WithCeiling();
        Assert.Equal(11, test.Unhandled.Count);
        await test.Group.ShutdownAsync().WithCeiling();
    }

    [SkippableTheory, AllDrivers]
    public async Task ABoxInThePool_KeepsNothingOfItsLastCallAlive(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver);
        WeakReference argument = await test.Group.RunAsync(async () =>
        {
            WeakReference kept = await RunOneAsync();
            await EventLoop.Yield();
            return kept;
        }).WithCeiling();
        for (int i = 0; i < 20 && argument.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await test.ParkedAsync();
        }

        Assert.False(argument.IsAlive, "The pooled box keeps an argument of its last call.");

        [MethodImpl(MethodImplOptions.NoInlining)]
        static async ValueTask<WeakReference> RunOneAsync()
        {
            object[] argument = [new object()];
            var reference = new WeakReference(argument[0]);
            await HoldAsync(argument[0]);
            argument[0] = null!;
            return reference;
        }
    }

    private static async ValueTask<HashSet<object>> RunManyAsync(int count)
    {
        var calls = new ValueTask<int>[count];
        var boxes = new HashSet<object>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < count; i++)
        {
            calls[i] = LaterAsync(i);
            Assert.True(boxes.Add(BoxOf(calls[i])), "Two calls in one box.");
        }

        for (int i = 0; i < count; i++)
            Assert.Equal(i, await calls[i]);
        return boxes;
    }

    /// <summary>The object behind a value task, which has no other way to be seen.</summary>
    private static object BoxOf<T>(T call)
        where T : struct =>
        typeof(T).GetField("_obj", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(call)!;

    [Pinned]
    private static async partial ValueTask<int> LaterAsync(int value)
    {
        await EventLoop.Yield();
        return value;
    }

    [Pinned]
    private static async partial ValueTask HoldAsync(object argument)
    {
        await EventLoop.Yield();
        GC.KeepAlive(argument);
    }

    [Pinned]
    private static async partial ValueTask AwaitAsync(Throwing awaitable) => await awaitable;

    private readonly struct Throwing : ICriticalNotifyCompletion
    {
        public bool IsCompleted => false;

        public Throwing GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => throw new FormatException();

        public void UnsafeOnCompleted(Action continuation) => throw new FormatException();
    }
}
