using System.Net.Sockets;

namespace EchoServer;

internal static class Program
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int Usage = 2;

    private static async Task<int> Main(string[] arguments)
    {
        try
        {
            SampleOptions options = SampleOptions.Parse(arguments);
            if (options.ShowHelp)
                Console.Out.WriteLine(SampleOptions.Help);
            else if (options.Serves)
                await Server.RunAsync(options);
            else
                await SelfDrive.RunAsync(options);
            return Success;
        }
        catch (UsageException exception)
        {
            return Fail($"{exception.Message} (--help lists the options)", Usage);
        }
        catch (SocketException exception)
        {
            return Fail($"{exception.Message} ({exception.SocketErrorCode})", Failure);
        }
        catch (Exception exception) when (IsForTheUser(exception))
        {
            return Fail(exception.Message, Failure);
        }
    }

    /// <summary>What the machine refuses: a driver, an affinity, a path. Anything else is a bug and keeps its stack.</summary>
    private static bool IsForTheUser(Exception exception) =>
        exception is SampleException or PlatformNotSupportedException or ArgumentException or IOException
            or UnauthorizedAccessException;

    private static int Fail(string message, int exitCode)
    {
        Console.Error.WriteLine("EchoServer: " + message.ReplaceLineEndings(" "));
        return exitCode;
    }
}

/// <summary>The run failed; the message is for the user.</summary>
internal sealed class SampleException(string message, Exception? cause = null) : Exception(message, cause);
