using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using IoPool.Drivers;
using IoPool.Drivers.Linux;
using IoPool.Net;
using IoPool.Tests.Net;
using Microsoft.Extensions.Time.Testing;

namespace IoPool.Tests.Support;

/// <summary>What would starve the test process runs in a process of its own: this assembly, started as a program.</summary>
public static class ChildProcess
{
    public const string Recovered = "recovered";
    public const string Survived = "survived";

    /// <summary>Runs a scenario, with few descriptors if told to, and returns what it wrote.</summary>
    public static async Task<string> RunAsync(
        string scenario, DriverKind driver, int? descriptorLimit = null, params string[] extra)
    {
        string? reason = driver == DriverKind.Auto ? null : DriverChoice.WhyNot(driver);
        Skip.If(reason is not null, $"{driver}: {reason}");
        Skip.If(OperatingSystem.IsWindows(), "Needs a POSIX shell.");
        string assembly = typeof(ChildProcess).Assembly.Location;
        string host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo("sh")
        {
            ArgumentList = { "-c", $"ulimit -c 0; {(descriptorLimit is { } limit ? $"ulimit -n {limit};" : "")} exec \"$0\" \"$@\"", host, "exec", assembly, scenario, driver.ToString() },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in extra)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WithCeiling();
            return await output + await errors;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    public static async Task Main(string[] arguments)
    {
        // The test runner loads the assembly and never comes here.
        if (arguments is not [var scenario, var name, .. var extra])
            return;

        DriverKind driver = Enum.Parse<DriverKind>(name);
        switch (scenario)
        {
            case "no-descriptors":
                await AcceptWithoutDescriptorsAsync(driver);
                break;
            case "no-thread":
                FailToStart(driver);
                break;
            case "no-driver":
                FailToOpen(driver);
                break;
            case "denied-call":
                SystemLimits.Deny(ToInt(extra[0]), extra[1].Length == 0 ? null : ToInt(extra[1]), ToInt(extra[2]));
                await UseADriverAsync(driver, loopCount: 2);
                break;
            case "locked-memory":
                SystemLimits.LimitLockedMemory(ToInt(extra[0]));
                await UseADriverAsync(driver, loopCount: 64);
                break;
            case "broken-loop":
                await BreakTheLoopAsync(driver);
                break;
        }
    }

    private static int ToInt(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Writes what the group says about its driver, and whether a server on it works.</summary>
    private static async Task UseADriverAsync(DriverKind driver, int loopCount)
    {
        try
        {
            var log = new List<string>();
            await using var group = new EventLoopGroup(
                new EventLoopGroupOptions { LoopCount = loopCount, Driver = driver, Log = log.Add });
            Console.WriteLine($"driver: {group.DriverDescription}");
            log.ForEach(line => Console.WriteLine($"log: {line}"));
            await using SocketServer server = group.Listen(PlainSocket.Loopback, SocketServerTests.EchoAsync);
            await SocketServerTests.EchoOnceAsync(server.LocalEndPoint, 10);
            Console.WriteLine(Survived);
        }
        catch (PlatformNotSupportedException exception)
        {
            Console.WriteLine($"failure: {exception.Message}");
        }
    }

    /// <summary>
    /// Starts a group when the system refuses threads, for want of descriptors, after the first. Writes the exception and
    /// how many threads remain.
    /// </summary>
    private static void FailToStart(DriverKind driver)
    {
        var options = new EventLoopGroupOptions { LoopCount = 3, Driver = driver };
        LoadEverything(options);
        var threads = new List<Thread>();
        options.OnLoopStart = _ =>
        {
            lock (threads)
                threads.Add(Thread.CurrentThread);
        };
        var held = new List<SafeHandle>();
        Fill(held);
        // Starting a thread needs two, and the drivers then keep them.
        held[..2].ForEach(handle => handle.Dispose());
        Exception? failure = Record.Exception(() => new EventLoopGroup(options));
        held.ForEach(handle => handle.Dispose());
        Console.WriteLine($"failure: {failure?.GetType().Name} {failure?.Message}");
        Console.WriteLine($"threads started: {threads.Count}, left: {threads.Count(thread => thread.IsAlive)}");
    }

    /// <summary>Opens a driver without the descriptors that it needs. Writes the exceptions, and what is open afterwards.</summary>
    private static void FailToOpen(DriverKind driver)
    {
        var options = new EventLoopGroupOptions { LoopCount = 1, Driver = driver };
        LoadEverything(options);
        var group = new EventLoopGroup(options);
        // The first round loads what a failure needs, which stays open.
        foreach (int spare in (int[])[0, 0, 1])
        {
            IoDriver? opened = null;
            var held = new List<SafeHandle>();
            int before = Descriptors.Open().Count;
            Fill(held);
            held[..spare].ForEach(handle => handle.Dispose());
            Exception? failure = Record.Exception(() =>
            {
                opened = DriverChoice.CreateDrivers(options).Drivers[0];
                opened.Open(group[0]);
            });
            Exception? second = Record.Exception(() => opened?.Dispose());
            held.ForEach(handle => handle.Dispose());
            Console.WriteLine($"failure: {failure?.GetType().Name} {failure?.Message}; {second}");
            Console.WriteLine($"left open: {Descriptors.Open().Count - before}");
        }

        group.ShutdownAsync().Wait();
    }

    /// <summary>Without descriptors nothing can be loaded any more.</summary>
    private static void LoadEverything(EventLoopGroupOptions options)
    {
        new EventLoopGroup(options).ShutdownAsync().Wait();
        _ = Descriptors.Open();
        _ = new SocketException((int)SocketError.TooManyOpenSockets) + Marshal.GetPInvokeErrorMessage(24);
        _ = Record.Exception(() => LinuxErrors.CreateException(24, "anything"));
    }

    /// <summary>Breaks a loop from the inside, with a clock that throws.</summary>
    private static async Task BreakTheLoopAsync(DriverKind driver)
    {
        var clock = new BreakableClock();
        var group = new EventLoopGroup(new EventLoopGroupOptions
        {
            LoopCount = 1,
            Driver = driver,
            ThreadNamePrefix = "broken-",
            TimeProvider = clock,
        });
        await group.RunAsync(async () =>
        {
            ValueTask delay = EventLoop.Delay(TimeSpan.FromMilliseconds(1));
            clock.IsBroken = true;
            await delay;
        }).WithCeiling();
        Console.WriteLine(Survived);
    }

    private sealed class BreakableClock : TimeProvider
    {
        internal bool IsBroken { get; set; }

        public override long GetTimestamp() =>
            IsBroken ? throw new InvalidOperationException("The clock is broken.") : base.GetTimestamp();
    }

    private static async Task AcceptWithoutDescriptorsAsync(DriverKind driver)
    {
        var time = new FakeTimeProvider();
        var observed = new ObservedTime(time);
        await using TestGroup test = TestGroup.Create(driver, 1, options => options.TimeProvider = observed);
        await using SocketServer server = test.Group.Listen(PlainSocket.Loopback, SocketServerTests.EchoAsync);

        // Loads what is needed later: without descriptors nothing can be loaded.
        await SocketServerTests.EchoOnceAsync(server.LocalEndPoint, 10);
        _ = new SocketException((int)SocketError.TooManyOpenSockets).ToString() + Marshal.GetPInvokeErrorMessage(1);
        await StartAllPoolThreadsAsync(8);
        using Socket client = PlainSocket.Create(PlainSocket.Loopback);
        var held = new List<SafeHandle>();
        Fill(held);
        client.Connect(server.LocalEndPoint!);

        // The accept fails, and the listener waits before it tries again; so it does when time has passed in vain.
        await observed.AnyTimerSetAsync().WithCeiling();
        time.Advance(TimeSpan.FromSeconds(5));
        await test.ParkedAsync();
        if (server.AcceptedCount != 1)
            throw new InvalidOperationException("A connection was accepted without a descriptor.");

        held.ForEach(handle => handle.Dispose());
        byte[] data = Pattern.Bytes(100);
        Task echo = Task.Run(async () =>
        {
            await client.SendAllAsync(data);
            Assert.Equal(data, await client.ReceiveAllAsync(100));
        });
        while (!echo.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await test.ParkedAsync();
        }

        await echo;
        Console.WriteLine(Recovered);
    }

    /// <summary>A thread that cannot be started ends the process: the pool has all that it may have from here on.</summary>
    private static async Task StartAllPoolThreadsAsync(int count)
    {
        ThreadPool.SetMinThreads(count, count);
        ThreadPool.SetMaxThreads(count, count);
        using var all = new Barrier(count);
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(all.SignalAndWait)));
    }

    private static void Fill(List<SafeHandle> held)
    {
        try
        {
            while (true)
                held.Add(File.OpenHandle("/dev/null"));
        }
        catch (IOException)
        {
            // No descriptor is left.
        }
    }
}
