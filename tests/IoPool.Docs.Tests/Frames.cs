namespace IoPool.Docs.Tests;

/// <summary>What stands around a block that is not a whole file. The set is closed: an unknown name is a failure.</summary>
internal static class Frames
{
    /// <summary>What <c>ImplicitUsings</c> brings, without which no file is compiled.</summary>
    internal const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    internal const string TestFile = "file of a test project";

    internal const string TestUsings = "global using Xunit;";

    private const string Usings = """
        using System.Buffers;
        using System.Net;
        using System.Net.Sockets;
        using System.Text;
        using IoPool;
        using IoPool.Files;
        using IoPool.Net;


        """;

    private static readonly Dictionary<string, (string Before, string After)> s_frames = new()
    {
        [TestFile] = ("", ""),
        ["declarations"] = (Usings, ""),
        ["members of a class"] = (Usings + "internal sealed partial class Example\n{\n", "}\n"),
        ["statements of a program"] = (Usings + "await using var group = new EventLoopGroup();\n", ""),
        ["statements of a pinned method"] = (
            Usings + """
            internal static partial class Example
            {
                [Pinned]
                internal static async partial ValueTask RunAsync(SocketConnection connection, CancellationToken cancellationToken)
                {

            """,
            "    }\n}\n"),
    };

    internal static string Wrap(string name, string code) => s_frames.TryGetValue(name, out var frame)
        ? frame.Before + code + frame.After
        : throw new ArgumentException($"No frame is called '{name}'. There are: {string.Join("; ", s_frames.Keys)}.", nameof(name));
}
