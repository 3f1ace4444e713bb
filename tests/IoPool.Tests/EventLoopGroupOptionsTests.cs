using IoPool.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace IoPool.Tests;

public sealed class EventLoopGroupOptionsTests
{
    public static TheoryData<string, Action<EventLoopGroupOptions>> BadValues => new()
    {
        { nameof(EventLoopGroupOptions.LoopCount), options => options.LoopCount = 0 },
        { nameof(EventLoopGroupOptions.LoopCount), options => options.LoopCount = -1 },
        { nameof(EventLoopGroupOptions.LoopCount), options => options.LoopCount = 32_769 },
        { nameof(EventLoopGroupOptions.ThreadNamePrefix), options => options.ThreadNamePrefix = "" },
        { nameof(EventLoopGroupOptions.ThreadNamePrefix), options => options.ThreadNamePrefix = null! },
        { nameof(EventLoopGroupOptions.DrainTimeout), options => options.DrainTimeout = TimeSpan.FromMilliseconds(-2) },
        { nameof(EventLoopGroupOptions.DrainTimeout), options => options.DrainTimeout = TimeSpan.MaxValue },
        { nameof(EventLoopGroupOptions.Driver), options => options.Driver = (DriverKind)77 },
        { nameof(EventLoopGroupOptions.Placement), options => options.Placement = (Placement)77 },
        { nameof(EventLoopGroupOptions.Affinity), options => options.Affinity = (ProcessorAffinity)77 },
        { nameof(EventLoopGroupOptions.TimeProvider), options => options.TimeProvider = null! },
    };

    [Theory, MemberData(nameof(BadValues))]
    public void Construction_WithABadValue_ThrowsAndNamesTheOption(string option, Action<EventLoopGroupOptions> spoil)
    {
        var options = new EventLoopGroupOptions();
        spoil(options);
        ArgumentException exception = Assert.ThrowsAny<ArgumentException>(() => new EventLoopGroup(options));
        Assert.Equal(option, exception.ParamName);
        Assert.Contains(option, exception.Message);
    }

    [Fact]
    public void LoopCount_ByDefault_IsTheProcessorsOfTheProcess() =>
        Assert.Equal(Environment.ProcessorCount, new EventLoopGroupOptions().LoopCount);

    [Fact]
    public async Task Construction_CopiesTheOptions()
    {
        var options = new EventLoopGroupOptions { LoopCount = 1, ThreadNamePrefix = "before-" };
        await using var group = new EventLoopGroup(options);
        options.ThreadNamePrefix = "after-";
        Assert.Equal("before-1", group[0].Name);
    }

    [SkippableTheory, AllDrivers]
    public async Task Threads_AreNamedByPrefixAndPosition(DriverKind driver)
    {
        await using TestGroup test = TestGroup.Create(driver, 3, options => options.ThreadNamePrefix = "spec-");
        for (int i = 0; i < 3; i++)
        {
            string? name = await test.Group[i].RunAsync(() => new ValueTask<string?>(Thread.CurrentThread.Name)).WithCeiling();
            Assert.Equal($"spec-{i + 1}", name);
            Assert.Equal(name, test.Group[i].Name);
        }
    }

    [SkippableTheory, AllDrivers]
    public async Task Hooks_RunOnTheLoopsThread_BeforeItsFirstAndAfterItsLastWork(DriverKind driver)
    {
        var events = new List<string>();
        int startThread = 0, workThread = 0, stopThread = 0;
        await using (TestGroup test = TestGroup.Create(driver, 1, options =>
        {
            options.OnLoopStart = loop =>
            {
                startThread = Environment.CurrentManagedThreadId;
                events.Add("start " + (loop == EventLoop.Current));
                loop.Post(() => events.Add("posted by the hook"));
            };
            options.OnLoopStop = loop =>
            {
                stopThread = Environment.CurrentManagedThreadId;
                events.Add("stop " + (loop == EventLoop.Current));
            };
        }))
        {
            await test.Group.RunAsync(() =>
            {
                workThread = Environment.CurrentManagedThreadId;
                events.Add("work");
                return default;
            }).WithCeiling();
        }

        Assert.Equal(["start True", "posted by the hook", "work", "stop True"], events);
        Assert.Equal(startThread, workThread);
        Assert.Equal(startThread, stopThread);
    }

    [SkippableTheory, AllDrivers]
    public void Construction_WhenAStartHookThrows_ThrowsTheSameAndLeavesNoThreadBehind(DriverKind driver)
    {
        var threads = new List<Thread>();
        int stopped = 0;
        var exception = Assert.Throws<FormatException>(() => TestGroup.Create(driver, 3, options =>
        {
            options.OnLoopStart = loop =>
            {
                lock (threads)
                    threads.Add(Thread.CurrentThread);
                if (loop.Index == 1)
                    throw new FormatException("hook");
            };
            options.OnLoopStop = _ => Interlocked.Increment(ref stopped);
        }));
        Assert.Equal("hook", exception.Message);
        Assert.Equal(3, threads.Count);
        Assert.All(threads, thread => Assert.True(thread.Join(0), "A thread is left."));
        Assert.Equal(2, stopped);
    }

    [SkippableTheory, AllDrivers]
    public async Task Construction_WhenTheSystemRefusesAThread_ThrowsAndLeavesNoThreadBehind(DriverKind driver)
    {
        Skip.If(driver == DriverKind.Portable, "The portable driver keeps no descriptors, so that every thread finds some.");
        string output = await ChildProcess.RunAsync("no-thread", driver, descriptorLimit: 256);
        Assert.Matches(@"failure: \w+", output);
        Assert.Matches(@"threads started: \d, left: 0", output);
    }

    [SkippableTheory, AllDrivers]
    public async Task Driver_ThatCannotBeOpened_SaysWhy_AndLeavesNothingOpen(DriverKind driver)
    {
        Skip.If(driver == DriverKind.Portable, "The portable driver opens nothing before it is used.");
        string output = await ChildProcess.RunAsync("no-driver", driver, descriptorLimit: 256);
        Assert.Equal(3, System.Text.RegularExpressions.Regex.Count(output, "failure: .*Too many open files"));
        Assert.EndsWith("left open: 0", output.TrimEnd());
        Assert.Equal(2, System.Text.RegularExpressions.Regex.Count(output, "left open: 0"));
    }

    [SkippableTheory, AllDrivers]
    public async Task OnLoopStop_WhenItThrows_IsReportedAndTheShutdownGoesOn(DriverKind driver)
    {
        TestGroup test = TestGroup.Create(driver, 1, options => options.OnLoopStop = _ => throw new FormatException("stop"));
        await test.Group.ShutdownAsync().WithCeiling();
        Assert.Equal("stop", Assert.Single(test.Unhandled).Message);
    }

    [SkippableTheory, AllDrivers]
    public async Task ShutdownAsync_FromAStartHook_IsSafe(DriverKind driver)
    {
        Task<ShutdownReport>? shutdown = null;
        TestGroup test = TestGroup.Create(driver, 2, options => options.OnLoopStart = loop =>
        {
            if (loop.Index == 0)
                shutdown = loop.Group.ShutdownAsync();
        });
        await shutdown!.WithCeiling();
        await test.Group.ShutdownAsync().WithCeiling();
        Assert.Throws<ObjectDisposedException>(() => test.Group.Spawn(() => default));
    }

    [SkippableFact]
    public async Task Affinity_OneCorePerLoop_BindsEachLoopToAProcessorOfItsOwn()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Processor affinity is for Linux.");
        await using TestGroup test = TestGroup.Create(
            DriverKind.Auto, Environment.ProcessorCount, options => options.Affinity = ProcessorAffinity.OneCorePerLoop);
        var masks = new HashSet<string>();
        foreach (EventLoop loop in test.Group)
        {
            string list = await loop.RunAsync(() => new ValueTask<string>(
                File.ReadLines("/proc/thread-self/status").Single(line => line.StartsWith("Cpus_allowed_list", StringComparison.Ordinal)))).WithCeiling();
            Assert.Matches(@"^Cpus_allowed_list:\s+\d+$", list);
            masks.Add(list);
        }

        Assert.Equal(Environment.ProcessorCount, masks.Count);
    }

    [SkippableFact]
    public void Affinity_WithMoreLoopsThanProcessors_IsRefusedByName()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Processor affinity is for Linux.");
        var exception = Assert.Throws<ArgumentException>(() => new EventLoopGroup(new EventLoopGroupOptions
        {
            LoopCount = Environment.ProcessorCount + 1,
            Affinity = ProcessorAffinity.OneCorePerLoop,
        }));
        Assert.Equal(nameof(EventLoopGroupOptions.Affinity), exception.ParamName);
    }

    [SkippableTheory, AllDrivers]
    public async Task TimeProvider_MovedByHand_MovesTheLoopsTimers(DriverKind driver)
    {
        var time = new FakeTimeProvider();
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.TimeProvider = time);
        var armed = new TaskCompletionSource();
        Task delay = test.Group.RunAsync(async () =>
        {
            ValueTask wait = EventLoop.Delay(TimeSpan.FromHours(1));
            armed.SetResult();
            await wait;
        }).AsTask();
        await armed.Task.WithCeiling();
        await test.ParkedAsync();
        time.Advance(TimeSpan.FromMinutes(59));
        await test.ParkedAsync();
        Assert.False(delay.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(1));
        await delay.WithCeiling();
    }
}
