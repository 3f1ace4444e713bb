using EchoServer.Load;

namespace IoPool.Samples.Tests;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void PercentilesAreExactToABucket()
    {
        var random = new Random(1);
        long[] values = [.. Enumerable.Range(0, 10_000).Select(_ => (long)Math.Pow(2, random.NextDouble() * 39))];
        var histogram = new LatencyHistogram();
        foreach (long value in values)
            histogram.RecordNanoseconds(value);

        Array.Sort(values);
        Assert.All(new[] { 0.001, 0.5, 0.9, 0.99, 1 }, share =>
        {
            long exact = values[(int)Math.Ceiling(share * values.Length) - 1];
            Assert.InRange(histogram.Percentile(share)!.Value, exact, exact + (exact / 16));
        });
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(15, 15)]
    [InlineData(16, 16)]
    [InlineData(31, 31)]
    [InlineData(32, 33)]
    [InlineData(long.MaxValue, (1L << 40) - 1)]
    public void EndsAreWhereTheyBelong(long value, long expected)
    {
        var histogram = new LatencyHistogram();
        histogram.RecordNanoseconds(value);
        Assert.Equal(expected, histogram.Percentile(1));
    }

    [Fact]
    public void AddingIsRecordingAll()
    {
        var (first, second) = (new LatencyHistogram(), new LatencyHistogram());
        Assert.Null(first.Percentile(0.5));
        first.RecordNanoseconds(10);
        second.RecordNanoseconds(1_000);
        first.Add(second);
        Assert.Equal((2, 10, 1_023), (first.Count, first.Percentile(0.5), first.Percentile(0.99)));
    }

    [Fact]
    public void RecordingAllocatesNothing()
    {
        var histogram = new LatencyHistogram();
        histogram.RecordNanoseconds(1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
            histogram.RecordNanoseconds(i * 1_000L);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
