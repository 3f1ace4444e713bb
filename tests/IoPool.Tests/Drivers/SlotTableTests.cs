using IoPool.Drivers;

namespace IoPool.Tests.Drivers;

public sealed class SlotTableTests
{
    [Fact]
    public void Reserve_NeverGivesSlot0Away()
    {
        var table = new SlotTable<string>();
        for (int i = 0; i < 1_000; i++)
            Assert.NotEqual(0, table.Reserve().Slot);
        Assert.Equal(1_000, table.Count);
    }

    [Fact]
    public void Reserve_BeyondTheFirstSize_KeepsWhatIsThere()
    {
        var table = new SlotTable<string>();
        var keys = new List<ulong>();
        for (int i = 0; i < 1_000; i++)
        {
            (int slot, uint generation) = table.Reserve();
            table.Set(slot, $"{i}");
            keys.Add(SlotTable<string>.KeyOf(slot, generation));
        }

        Assert.Equal(1_000, keys.Distinct().Count());
        for (int i = 0; i < 1_000; i++)
            Assert.Equal($"{i}", table.Find(keys[i]));
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"{i}").Order(), table.Snapshot().Order());
    }

    [Fact]
    public void Find_WithTheKeyOfAFormerOwner_FindsNobody()
    {
        var table = new SlotTable<string>();
        (int slot, uint generation) = table.Reserve();
        table.Set(slot, "former");
        ulong former = SlotTable<string>.KeyOf(slot, generation);
        table.Remove(slot);
        Assert.Null(table.Find(former));
        Assert.Equal(0, table.Count);

        (int again, uint next) = table.Reserve();
        Assert.Equal(slot, again);
        Assert.Null(table.Find(SlotTable<string>.KeyOf(again, next)));
        table.Set(again, "present");
        Assert.Null(table.Find(former));
        Assert.Equal("present", table.Find(SlotTable<string>.KeyOf(again, next)));
    }

    [Fact]
    public void Snapshot_IsNotDisturbedByChanges()
    {
        var table = new SlotTable<string>();
        int a = table.Reserve().Slot, b = table.Reserve().Slot;
        table.Set(a, "a");
        table.Set(b, "b");
        foreach (string _ in table.Snapshot())
        {
            table.Remove(a == 0 ? b : a);
            a = 0;
        }

        Assert.Empty(table.Snapshot());
    }
}
