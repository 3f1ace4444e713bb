using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IoPool.Docs.Tests;

/// <summary>
/// A program of a page, in a process and a folder of its own. One that serves for ever (it awaits <c>server.Completion</c>)
/// gets a port that is free and says which; the test talks to it and then stops it.
/// </summary>
internal sealed partial class ExampleProgram(Example example) : IAsyncDisposable
{
    /// <summary>Before a block of text: what the program before it prints.</summary>
    internal const string OutputMarker = "output";

    private const string Serving = "await server.Completion;";
    private const string SaysWhere = "serving ";

    private readonly string _folder = Directory.CreateTempSubdirectory("iopool-docs-").FullName;
    private Process? _process;

    private bool Serves => example.Block.Code.Contains(Serving, StringComparison.Ordinal);

    private bool StopsInOrder => example.Block.Code.Contains(nameof(System.Runtime.InteropServices.PosixSignalRegistration), StringComparison.Ordinal);

    /// <summary>Runs it to its end and returns what it printed.</summary>
    internal async Task<string> RunAsync()
    {
        Build();
        _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["exec", Path.Combine(_folder, "Program.dll")])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = _process.StandardError.ReadToEndAsync();
        string before = Serves ? await UseAndStopAsync(_process) : "";
        string output = before + await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        if (!Serves || StopsInOrder)
            Assert.True(_process.ExitCode == 0, $"It ended with {_process.ExitCode}: {await errors}\n{example.Block}");
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<string> UseAndStopAsync(Process process)
    {
        string output = "";
        string? line;
        while ((line = await process.StandardOutput.ReadLineAsync()) is not null)
        {
            if (line.StartsWith(SaysWhere, StringComparison.Ordinal))
                break;
            output += line + "\n";
        }

        Assert.NotNull(line);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPEndPoint.Parse(line[SaysWhere.Length..]));
            byte[] sent = "hello\n"u8.ToArray();
            await client.GetStream().WriteAsync(sent);
            byte[] received = new byte[sent.Length];
            await client.GetStream().ReadExactlyAsync(received);
            Assert.Equal(sent, received);
        }

        using Process stop = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await stop.WaitForExitAsync();
        return output;
    }

    private void Build()
    {
        string code = example.Block.Code;
        if (Serves)
        {
            // Ports of an example may be taken.
            code = FixedPort().Replace(code, "${address}, 0)");
            code = code.Replace(Serving, $"Console.WriteLine(\"{SaysWhere}\" + server.LocalEndPoint);\n{Serving}", StringComparison.Ordinal);
        }

        SyntaxTree tree = CSharpSyntaxTree.ParseText(code, (CSharpParseOptions)example.Tree.Options);
        var emitted = example.Compile("Program", tree).Emit(Path.Combine(_folder, "Program.dll"));
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        string runtime = typeof(PinnedAttribute).Assembly.Location;
        File.Copy(runtime, Path.Combine(_folder, Path.GetFileName(runtime)));
        File.WriteAllText(
            Path.Combine(_folder, "Program.runtimeconfig.json"),
            $$"""
            { "runtimeOptions": { "tfm": "net10.0", "framework": { "name": "Microsoft.NETCore.App", "version": "10.0.0" } } }
            """);
    }

    [GeneratedRegex(@"(?<address>IPAddress\.\w+), \d+\)")]
    private static partial Regex FixedPort();
}
