namespace IoPool.Benchmarks.Analyzers;

/// <summary>Bodies as an ordinary program has them: text, collections, LINQ, streams, async code.</summary>
internal sealed class MemberTexts(Random random)
{
    public const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.Globalization;
        using System.IO;
        using System.Linq;
        using System.Text;
        using System.Threading;
        using System.Threading.Tasks;
        using IoPool;
        using IoPool.Net;


        """;

    public const string HandlerHelpers = """
            private static int Parse(ReadOnlySpan<byte> bytes)
            {
                var number = 0;
                foreach (var current in bytes)
                {
                    if (current is < (byte)'0' or > (byte)'9')
                        return number;
                    number = unchecked((number * 10) + (current - '0'));
                }

                return number;
            }

            private string Describe(int number) => number switch
            {
                < 0 => "negative",
                0 => "none",
                _ => _part0.ToString() + number.ToString(CultureInfo.InvariantCulture),
            };
        """;

    private static readonly string[] s_numbers =
    [
        """
                var total = count;
                foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
                {
                    if (int.TryParse(part.AsSpan().Trim(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
                        total += NUMBER(number, part);
                }

                return total;
        """,
        """
                if (_known.TryGetValue(text, out var known))
                    return known + count;
                var value = NUMBER(count, TEXT(text));
                _known.Add(text, value);
                _names.Add(text);
                return value;
        """,
        """
                var longest = _names.Where(name => name.Length > count).OrderByDescending(name => name.Length).FirstOrDefault();
                if (longest is null)
                    return count;
                return Math.Max(NUMBER(longest.Length, longest), text.IndexOf(longest, StringComparison.Ordinal));
        """,
        """
                var record = RECORD.Parse(text);
                record.Add("seen");
                var hash = new HashCode();
                hash.Add(record.Title, StringComparer.OrdinalIgnoreCase);
                for (var i = 0; i < record.Tags.Count && i < count; i++)
                    hash.Add(NUMBER(i, record.Tags[i]));
                return hash.ToHashCode() & int.MaxValue;
        """,
        """
                var reader = new StringReader(text);
                var lines = 0;
                while (reader.ReadLine() is { } line)
                {
                    lines += string.IsNullOrWhiteSpace(line) ? 0 : 1;
                    if (lines > count)
                        break;
                }

                return lines + NUMBER(lines, text);
        """,
        """
                Span<char> buffer = stackalloc char[64];
                if (!count.TryFormat(buffer, out var written, "X8", CultureInfo.InvariantCulture))
                    return 0;
                var sum = 0;
                foreach (var digit in buffer[..written])
                    sum = unchecked((sum * 31) + digit);
                return sum + NUMBER(sum, text);
        """,
        """
                var groups = _names.GroupBy(name => name.Length).ToDictionary(group => group.Key, group => group.Count());
                try
                {
                    return checked(groups.Values.Sum() + NUMBER(count, text));
                }
                catch (OverflowException)
                {
                    return int.MaxValue;
                }
        """,
    ];

    private static readonly string[] s_texts =
    [
        """
                var builder = new StringBuilder(text.Length + 16);
                foreach (var letter in text)
                {
                    if (char.IsLetterOrDigit(letter))
                        builder.Append(char.ToLowerInvariant(letter));
                    else if (builder.Length > 0 && builder[^1] != '-')
                        builder.Append('-');
                }

                return TEXT(builder.ToString().Trim('-'));
        """,
        """
                var names = _names.Where(name => name.StartsWith(text, StringComparison.Ordinal)).Take(10).ToList();
                names.Add(text);
                names.Sort(StringComparer.Ordinal);
                return TEXT(string.Join(", ", names));
        """,
        """
                if (text.Length > 80)
                    text = text[..80];
                var count = NUMBER(text.Length, text);
                return $"{text.PadRight(20)}|{count,8}|{Length.ToString(CultureInfo.InvariantCulture)}";
        """,
        """
                var first = new RECORD(text.Length, text);
                var both = first + new RECORD(Length, TEXT(text));
                return both.Title.Replace("--", "-", StringComparison.Ordinal) + both.Value.ToString(CultureInfo.InvariantCulture);
        """,
        """
                var stream = new MemoryStream();
                var bytes = Encoding.UTF8.GetBytes(TEXT(text));
                stream.Write(bytes, 0, bytes.Length);
                stream.Position = 0;
                return Convert.ToHexString(stream.ToArray());
        """,
        """
                var queue = new Queue<string>(text.Split(' '));
                var result = new List<string>();
                while (queue.Count > 0)
                {
                    var word = queue.Dequeue();
                    if (word.Length > 1)
                        result.Add(char.ToUpperInvariant(word[0]) + word[1..]);
                }

                return result.Count == 0 ? "" : TEXT(result.First());
        """,
        """
                return text switch
                {
                    "" => "empty",
                    { Length: < 4 } => text.ToUpperInvariant(),
                    _ when _known.ContainsKey(text) => TEXT(text),
                    _ => text.Trim(),
                };
        """,
    ];

    private static readonly string[] s_asyncs =
    [
        """
                var bytes = Encoding.UTF8.GetBytes(TEXT(text));
                await stream.WriteAsync(bytes).ConfigureAwait(false);
                return bytes.Length + NUMBER(count, text);
        """,
        """
                var buffer = new byte[1024];
                var total = 0;
                int read;
                while ((read = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0)
                    total += read;
                return total + NUMBER(count, text);
        """,
    ];

    public string Write(MemberPlan member, ClassPlan plan, string record)
    {
        var (head, bodies) = member.Kind switch
        {
            MemberKind.Number => ($"public int {member.Name}(int count, string text)", s_numbers),
            MemberKind.Text => ($"public string {member.Name}(string text)", s_texts),
            _ => ($"public async Task<int> {member.Name}(Stream stream, int count, string text)", s_asyncs),
        };
        var body = bodies[random.Next(bodies.Length)].Replace("RECORD", "Shop.Data." + record, StringComparison.Ordinal);
        return $"    {head}\n    {{\n{FillIn(body, plan.Dependencies)}\n    }}";
    }

    public string WriteBlocking(ClassPlan plan)
    {
        var next = plan.Dependencies.FindIndex(static dependency => dependency.BlockingMember is not null);
        var call = next >= 0 ? $"_part{next}.{plan.Dependencies[next].BlockingMember}(path)"
            : random.Next(2) == 0 ? "File.ReadAllText(path)"
            : "Wait(path)";
        var helper = call.StartsWith("Wait", StringComparison.Ordinal)
            ? "\n\n    private static string Wait(string path)\n    {\n        Thread.Sleep(path.Length);\n        return path;\n    }"
            : "";
        return $$"""
                public string {{plan.BlockingMember}}(string path)
                {
                    _names.Clear();
                    var content = {{call}};
                    _names.AddRange(content.Split('\n'));
                    return content.Trim();
                }{{helper}}
            """;
    }

    public string WritePinned(string name, ClassPlan[] parts, bool withBlocking)
    {
        var blocking = Array.FindIndex(parts, static part => part.BlockingMember is not null);
        var reload = withBlocking && blocking >= 0 ? $"_part{blocking}.{parts[blocking].BlockingMember}(line)" : "line.Trim()";
        var body = FillIn($$"""
                    var buffer = new byte[1024];
                    int count;
                    while ((count = await connection.ReceiveAsync(buffer)) > 0)
                    {
                        var line = Encoding.UTF8.GetString(buffer, 0, count);
                        var number = Parse(buffer.AsSpan(0, count));
                        line = {{reload}};
                        if (line.Length > 10)
                            number += NUMBER(number, line);
                        else
                            number -= NUMBER(count, TEXT(line));
                        var answer = TEXT(line) + Describe(number) + TEXT(line);
                        var bytes = Encoding.UTF8.GetBytes(answer);
                        await connection.SendAsync(bytes);
                    }
            """, parts);
        return $"    [Pinned]\n    public async partial ValueTask {name}(SocketConnection connection)\n    {{\n{body}\n    }}";
    }

    // NUMBER(a, b) and TEXT(a) become calls of a part, or something simple where there is none.
    private string FillIn(string body, IReadOnlyList<ClassPlan> parts)
    {
        body = FillIn(body, "NUMBER(", parts, MemberKind.Number);
        return FillIn(body, "TEXT(", parts, MemberKind.Text);
    }

    private string FillIn(string body, string mark, IReadOnlyList<ClassPlan> parts, MemberKind kind)
    {
        for (var at = body.IndexOf(mark, StringComparison.Ordinal); at >= 0; at = body.IndexOf(mark, at, StringComparison.Ordinal))
        {
            if (parts.Count == 0)
            {
                body = kind == MemberKind.Number
                    ? body[..at] + "(Length + text.Length)" + body[(EndOfCall(body, at) + 1)..]
                    : body[..at] + "string.Concat(" + body[(at + mark.Length)..];
                continue;
            }

            var index = random.Next(parts.Count);
            var members = parts[index].Members.Where(member => member.Kind == kind).ToArray();
            body = body[..at] + $"_part{index}.{members[random.Next(members.Length)].Name}(" + body[(at + mark.Length)..];
        }

        return body;
    }

    private static int EndOfCall(string body, int at)
    {
        var depth = 0;
        for (; ; at++)
        {
            if (body[at] == '(')
                depth++;
            else if (body[at] == ')' && --depth == 0)
                return at;
        }
    }
}
