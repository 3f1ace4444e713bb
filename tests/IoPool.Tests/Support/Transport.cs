using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Xunit.Sdk;

namespace IoPool.Tests.Support;

/// <summary>The kinds of addresses that stream sockets have here.</summary>
public enum Transport
{
    IPv4,
    IPv6,
    UnixPath,
    UnixAbstract,
}

/// <summary>One row a driver and transport, for a <c>[SkippableTheory]</c> with parameters of these two types.</summary>
public sealed class AllTransportsAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        from row in new AllDriversAttribute().GetData(testMethod)
        from transport in Enum.GetValues<Transport>()
        select new object[] { row[0], transport };
}

/// <summary>A free address to listen on; removes what a path left behind.</summary>
public sealed class FreeAddress : IDisposable
{
    private readonly DirectoryInfo? _directory;

    public FreeAddress(Transport transport)
    {
        Skip.If(transport == Transport.IPv6 && !Socket.OSSupportsIPv6, "This machine has no IPv6.");
        Skip.If(transport == Transport.UnixAbstract && !OperatingSystem.IsLinux(), "Abstract Unix addresses exist on Linux only.");
        Skip.If(transport >= Transport.UnixPath && !Socket.OSSupportsUnixDomainSockets, "This machine has no Unix domain sockets.");
        if (transport == Transport.UnixPath)
            _directory = Directory.CreateTempSubdirectory("iopool");
        EndPoint = transport switch
        {
            Transport.IPv4 => new IPEndPoint(IPAddress.Loopback, 0),
            Transport.IPv6 => new IPEndPoint(IPAddress.IPv6Loopback, 0),
            Transport.UnixPath => new UnixDomainSocketEndPoint(Path.Combine(_directory!.FullName, "socket")),
            _ => new UnixDomainSocketEndPoint("\0iopool-" + Guid.NewGuid().ToString("N")),
        };
    }

    public EndPoint EndPoint { get; }

    public void Dispose() => _directory?.Delete(recursive: true);
}

/// <summary>Sockets of the base class library, the other side of what is tested.</summary>
public static class PlainSocket
{
    public static IPEndPoint Loopback => new(IPAddress.Loopback, 0);

    public static Socket Create(EndPoint endPoint) => new(
        endPoint.AddressFamily, SocketType.Stream,
        endPoint.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp);

    public static async Task<Socket> ConnectAsync(EndPoint? endPoint)
    {
        Socket socket = Create(endPoint!);
        try
        {
            await socket.ConnectAsync(endPoint!).WithCeiling();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static Socket Listen(EndPoint endPoint, int backlog = 128)
    {
        Socket socket = Create(endPoint);
        socket.Bind(endPoint);
        socket.Listen(backlog);
        return socket;
    }

    /// <summary>Receives exactly that many bytes.</summary>
    public static async Task<byte[]> ReceiveAllAsync(this Socket socket, int count)
    {
        byte[] bytes = new byte[count];
        int received = 0;
        while (received < count)
        {
            int step = await socket.ReceiveAsync(bytes.AsMemory(received)).AsTask().WithCeiling();
            Assert.True(step > 0, $"The stream ended after {received} bytes of {count}.");
            received += step;
        }

        return bytes;
    }

    /// <summary>Receives until the stream ends.</summary>
    public static async Task<byte[]> ReceiveToEndAsync(this Socket socket)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[65_536];
        int count;
        while ((count = await socket.ReceiveAsync(buffer).WithCeiling()) > 0)
            all.Write(buffer, 0, count);
        return all.ToArray();
    }

    public static async Task SendAllAsync(this Socket socket, ReadOnlyMemory<byte> data)
    {
        while (!data.IsEmpty)
            data = data[await socket.SendAsync(data).AsTask().WithCeiling()..];
    }

    /// <summary>Closes by a reset.</summary>
    public static void Reset(this Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }
}
