using IoPool.Scheduling;

namespace IoPool.Tests.Scheduling;

public sealed class TimerWheelTests
{
    [Fact]
    public void Schedule_DueInThePast_ExpiresAtTheNextAdvance()
    {
        var wheel = new TimerWheel(1_000);
        TimerNode node = Node();
        wheel.Schedule(node, 10);
        Assert.Equal(1_000, wheel.NextDueMs);
        wheel.Advance(1_000);
        Assert.Same(node, wheel.TakeExpired());
        Assert.False(node.IsScheduled);
        Assert.Equal(0, wheel.Count);
        Assert.Equal(long.MaxValue, wheel.NextDueMs);
    }

    [Theory]
    [InlineData(1), InlineData(63), InlineData(64), InlineData(65), InlineData(4_095), InlineData(4_096), InlineData(4_097)]
    [InlineData(262_143), InlineData(262_144), InlineData(1L << 30), InlineData((1L << 36) - 1), InlineData(1L << 36), InlineData(1L << 40)]
    public void Advance_ToTheDueTime_ExpiresThen_AndNotAMillisecondBefore(long dueMs)
    {
        foreach (long start in (long[])[0, 1, 63, 64, 100_000, (1L << 36) - 5])
        {
            var wheel = new TimerWheel(start);
            TimerNode node = Node();
            wheel.Schedule(node, start + dueMs);
            Assert.True(wheel.NextDueMs <= start + dueMs);
            wheel.Advance(start + dueMs - 1);
            Assert.Null(wheel.TakeExpired());
            wheel.Advance(start + dueMs);
            Assert.Same(node, wheel.TakeExpired());
        }
    }

    [Fact]
    public void Schedule_AtTheEndOfTime_NeverExpires()
    {
        var wheel = new TimerWheel(0);
        TimerNode node = Node();
        wheel.Schedule(node, long.MaxValue);
        wheel.Advance(1L << 38);
        Assert.Null(wheel.TakeExpired());
        Assert.True(wheel.Cancel(node));
        Assert.False(wheel.Cancel(node));
    }

    [Fact]
    public void Cancel_OfAnExpiredNodeThatWasNotTaken_RemovesIt()
    {
        var wheel = new TimerWheel(0);
        TimerNode first = Node(), second = Node();
        wheel.Schedule(first, 5);
        wheel.Schedule(second, 6);
        wheel.Advance(10);
        Assert.Same(first, wheel.TakeExpired());
        Assert.True(wheel.Cancel(second));
        Assert.Null(wheel.TakeExpired());
        Assert.Equal(0, wheel.Count);
    }

    [Fact]
    public void ExpireAll_CollectsEveryTimer()
    {
        var wheel = new TimerWheel(0);
        foreach (long due in (long[])[1, 100, 10_000, 1L << 35, long.MaxValue])
            wheel.Schedule(Node(), due);
        wheel.ExpireAll();
        int count = 0;
        while (wheel.TakeExpired() is not null)
            count++;
        Assert.Equal(5, count);
        Assert.Equal(long.MaxValue, wheel.NextDueMs);
    }

    [Fact]
    public void AgainstAModel_AnyMixOfScheduleCancelAndAdvance_ExpiresTheSameInTheSameOrder()
    {
        for (int seed = 0; seed < 400; seed++)
            CompareWithModel(seed);
    }

    private static void CompareWithModel(int seed)
    {
        var random = new Random(seed);
        long now = random.NextInt64(0, 1L << random.Next(1, 38));
        var wheel = new TimerWheel(now);
        TimerNode[] nodes = [.. Enumerable.Range(0, 40).Select(_ => Node())];
        var model = new Dictionary<TimerNode, long>();
        for (int step = 0; step < 300; step++)
        {
            TimerNode node = nodes[random.Next(nodes.Length)];
            switch (random.Next(5))
            {
                case 0 or 1:
                    long due = now + random.NextInt64(-10, 1L << random.Next(1, 38));
                    wheel.Schedule(node, due);
                    model[node] = due;
                    break;
                case 2:
                    Assert.True(model.Remove(node) == wheel.Cancel(node), $"Cancel differs, seed {seed}, step {step}.");
                    break;
                default:
                    now += random.NextInt64(0, 1L << random.Next(1, 37));
                    wheel.Advance(now);
                    TakeExpired(wheel, model, nodes, now, random, $"seed {seed}, step {step}");
                    break;
            }

            Assert.True(model.Count == wheel.Count, $"Count differs, seed {seed}, step {step}.");
            long earliest = model.Count == 0 ? long.MaxValue : model.Values.Min();
            Assert.True(wheel.NextDueMs <= Math.Max(earliest, now), $"NextDueMs is late, seed {seed}, step {step}: now {now:x}, next {wheel.NextDueMs:x}, earliest {earliest:x}.");
        }
    }

    private static void TakeExpired(
        TimerWheel wheel, Dictionary<TimerNode, long> model, TimerNode[] nodes, long now, Random random, string where)
    {
        long last = long.MinValue;
        while (wheel.TakeExpired() is { } node)
        {
            Assert.True(model.Remove(node, out long due), $"A node that is not set expired, {where}.");
            Assert.True(due <= now, $"A node expired early, {where}.");
            // What was due before it was set comes first come, first served.
            Assert.True(due >= last || last <= now, $"Out of order, {where}.");
            last = due;
            // What runs may cancel another, an expired one included.
            TimerNode other = nodes[random.Next(nodes.Length)];
            if (random.Next(4) == 0)
                Assert.True(model.Remove(other) == wheel.Cancel(other), $"Cancel while taking differs, {where}.");
        }

        Assert.DoesNotContain(model.Values, due => due <= now);
    }

    private static TimerNode Node() => new(new Target());

    private sealed class Target : ITimerTarget
    {
        public void OnTimer(TimerNode node)
        {
        }
    }
}
