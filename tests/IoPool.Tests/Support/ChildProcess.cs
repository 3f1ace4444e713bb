using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using IoPool.Net;
using IoPool.Tests.Net;
using Microsoft.Extensions.Time.Testing;

namespace IoPool.Tests.Support;

/// <summary>What would starve the test process runs in a process of its own: this assembly, started as a program.</summary>
public static class ChildProcess
{
    public const string Recovered = "recovered";

    /// <summary>Runs a scenario with few descriptors and returns what it wrote.</summary>
    public static async Task<string> RunAsync(string scenario, DriverKind driver, int descriptorLimit)
    {
        string assembly = typeof(ChildProcess).Assembly.Location;
        string host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        using Process process = Process.Start(new ProcessStartInfo("sh")
        {
            ArgumentList = { "-c", $"ulimit -n {descriptorLimit}; exec \"$0\" \"$@\"", host, "exec", assembly, scenario, driver.ToString() },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
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
        if (arguments is ["no-descriptors", var driver])
            await AcceptWithoutDescriptorsAsync(Enum.Parse<DriverKind>(driver));
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
