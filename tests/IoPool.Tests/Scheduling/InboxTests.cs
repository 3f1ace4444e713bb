using IoPool.Scheduling;

namespace IoPool.Tests.Scheduling;

public sealed class InboxTests
{
    [Fact]
    public void DrainTo_GivesTheItemsInTheOrderInWhichTheyWerePushed()
    {
        var inbox = new Inbox();
        var queue = new RunQueue();
        Item[] items = [.. Enumerable.Range(0, 10).Select(i => new Item(0, i))];
        foreach (Item item in items)
            Assert.True(inbox.TryPush(item));
        Assert.Equal(10, inbox.Depth);
        inbox.DrainTo(ref queue);
        Assert.True(inbox.IsEmpty);
        Assert.Equal(10, queue.Count);
        foreach (Item item in items)
            Assert.Same(item, queue.Dequeue());
        Assert.Null(queue.Dequeue());
        Assert.True(queue.IsEmpty);
    }

    [Fact]
    public void Close_KeepsWhatCameBeforeAndRefusesWhatComesAfter()
    {
        var inbox = new Inbox();
        var queue = new RunQueue();
        Assert.True(inbox.TryPush(new Item(0, 1)));
        inbox.Close(ref queue);
        Assert.False(inbox.TryPush(new Item(0, 2)));
        Assert.Equal(1, ((Item)queue.Dequeue()!).Number);
        Assert.Null(queue.Dequeue());
    }

    [Fact]
    public void ManyProducersAgainstAClosingConsumer_EveryAcceptedItemArrivesOnce_AndInOrderOfItsProducer()
    {
        for (int seed = 0; seed < 60; seed++)
            Race(seed);
    }

    private static void Race(int seed)
    {
        const int Producers = 3, Items = 2_000;
        var box = new Box();
        var accepted = new int[Producers];
        var random = new Random(seed);
        int drains = random.Next(1, 200);
        Thread[] threads = [.. Enumerable.Range(0, Producers).Select(producer => new Thread(() =>
        {
            for (int i = 0; i < Items && box.Inbox.TryPush(new Item(producer, i)); i++)
                accepted[producer]++;
        }))];
        foreach (Thread thread in threads)
            thread.Start();

        var queue = new RunQueue();
        var next = new int[Producers];
        for (int i = 0; i < drains; i++)
        {
            box.Inbox.DrainTo(ref queue);
            Check(ref queue, next, seed);
        }

        box.Inbox.Close(ref queue);
        foreach (Thread thread in threads)
            thread.Join();
        Check(ref queue, next, seed);
        Assert.True(accepted.SequenceEqual(next), $"Accepted and arrived differ, seed {seed}.");
    }

    private static void Check(ref RunQueue queue, int[] next, int seed)
    {
        while (queue.Dequeue() is Item item)
            Assert.True(item.Number == next[item.Producer]++, $"Out of order, seed {seed}.");
    }

    private sealed class Box
    {
        internal Inbox Inbox;
    }

    private sealed class Item(int producer, int number) : WorkItem
    {
        internal int Producer { get; } = producer;

        internal int Number { get; } = number;

        internal override void Execute(EventLoop loop)
        {
        }
    }
}
