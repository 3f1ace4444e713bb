using System.Text;

namespace IoPool.Benchmarks.Analyzers;

/// <summary>
/// Writes an invented shop in as many files as are asked for: an eighth of them with two pinned methods each, a seventh
/// with plain data, the others classes in layers, whose methods call those of lower layers.
/// </summary>
/// <remarks>
/// The same files for the same numbers. Nearly nothing blocks. What does is a way of its own: every fortieth class has
/// a method that reads a file or sleeps, some of the classes above have one that calls it, and so have few of the
/// pinned methods.
/// </remarks>
internal sealed class SolutionWriter
{
    private const int Layers = 6;

    private static readonly string[] s_nouns =
    [
        "Order", "Invoice", "Customer", "Basket", "Payment", "Shipment", "Product", "Price", "Stock", "Return", "Voucher",
        "Account", "Address", "Ledger", "Supplier", "Contract", "Campaign", "Review", "Session", "Ticket",
    ];

    private static readonly string[] s_roles = ["Service", "Repository", "Parser", "Formatter", "Index", "Cache", "Rules", "Mapper"];
    private static readonly string[] s_numberNames = ["Count", "Value", "Read", "Find", "Score", "Add", "Measure", "First", "Sum", "Match"];
    private static readonly string[] s_textNames = ["Format", "Describe", "Normalize", "Write", "Render", "Join", "Clean", "Get", "Escape", "Last"];

    private readonly Random _random = new(4711);
    private readonly List<ClassPlan> _classes = [];
    private readonly MemberTexts _members;

    private SolutionWriter() => _members = new MemberTexts(_random);

    public static List<(string Path, string Text)> Write(int fileCount)
    {
        var writer = new SolutionWriter();
        var handlers = fileCount / 8;
        var records = fileCount / 7;
        for (var i = 0; i < fileCount - handlers - records; i++)
            writer.Plan(i);
        List<(string Path, string Text)> files =
        [
            .. writer._classes.Select(plan => ($"{plan.Area}/{plan.Name}.cs", writer.WriteClass(plan, records))),
            .. Enumerable.Range(0, records).Select(i => ($"Data/{RecordName(i)}.cs", writer.WriteRecord(i))),
            .. Enumerable.Range(0, handlers).Select(i => ($"Handlers/Handler{i}.cs", writer.WriteHandler(i))),
        ];
        // As a build finds them: handlers before some of what they call, and after the rest.
        return [.. files.OrderBy(static file => file.Path, StringComparer.Ordinal)];
    }

    private static string RecordName(int number) => $"{s_nouns[number % s_nouns.Length]}Data{number}";

    private void Plan(int number)
    {
        var layer = number % Layers;
        var noun = s_nouns[_random.Next(s_nouns.Length)];
        var plan = new ClassPlan($"{noun}{s_roles[_random.Next(s_roles.Length)]}{number}", noun + "s", layer);
        foreach (var index in Enumerable.Range(0, 6))
        {
            // Common names, which members of the base library have too; a few get a noun behind them.
            var names = index % 2 == 0 ? s_numberNames : s_textNames;
            var name = names[_random.Next(names.Length)];
            while (plan.Members.Any(member => member.Name == name))
                name += s_nouns[_random.Next(s_nouns.Length)];
            plan.Members.Add(new MemberPlan(name, index % 2 == 0 ? MemberKind.Number : MemberKind.Text));
        }

        plan.Members.Add(new MemberPlan($"Store{noun}Async", MemberKind.Async));
        if (layer > 0)
            plan.Dependencies.AddRange(Pick(below: layer, 3));
        var blocks = number % 40 == 0 || plan.Dependencies.Any(static dependency => dependency.BlockingMember is not null);
        if (blocks && (layer == 0 || _random.Next(3) == 0))
            plan.BlockingMember = $"Reload{noun}{number}";
        _classes.Add(plan);
    }

    // Of the next two layers below.
    private IEnumerable<ClassPlan> Pick(int below, int count) => _classes
        .Where(plan => plan.Layer < below && plan.Layer >= below - 2)
        .OrderBy(_ => _random.Next())
        .Take(count);

    private string WriteClass(ClassPlan plan, int records)
    {
        var text = new StringBuilder(MemberTexts.Usings)
            .AppendLine($"namespace Shop.{plan.Area};").AppendLine()
            .AppendLine($"public sealed class {plan.Name} : IDisposable")
            .AppendLine("{")
            .AppendLine("    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);")
            .AppendLine("    private readonly List<string> _names = [];");
        foreach (var (dependency, index) in plan.Dependencies.Select(static (dependency, index) => (dependency, index)))
            text.AppendLine($"    private readonly Shop.{dependency.Area}.{dependency.Name} _part{index} = new();");
        text.AppendLine().AppendLine("    public int Length => _names.Count + _known.Count;").AppendLine();
        foreach (var member in plan.Members)
            text.AppendLine(_members.Write(member, plan, RecordName(_random.Next(records)))).AppendLine();
        if (plan.BlockingMember is not null)
            text.AppendLine(_members.WriteBlocking(plan)).AppendLine();
        text.AppendLine("    public void Dispose() => _names.Clear();").AppendLine("}");
        return text.ToString();
    }

    private string WriteRecord(int number)
    {
        var name = RecordName(number);
        return MemberTexts.Usings + $$"""
            namespace Shop.Data;

            public sealed class {{name}} : IEquatable<{{name}}>
            {
                private readonly List<string> _tags = [];

                public {{name}}(int id, string title)
                {
                    Id = id;
                    Title = title ?? throw new ArgumentNullException(nameof(title));
                }

                public int Id { get; }

                public string Title { get; }

                public decimal Value { get; set; } = {{_random.Next(1000)}}m;

                public DateTime Created { get; init; } = DateTime.UnixEpoch;

                public IReadOnlyList<string> Tags => _tags;

                public static {{name}} operator +({{name}} left, {{name}} right) =>
                    new(left.Id + right.Id, left.Title + right.Title) { Value = left.Value + right.Value };

                public static {{name}} Parse(string line)
                {
                    var cells = line.Split(';');
                    var parsed = new {{name}}(int.Parse(cells[0], CultureInfo.InvariantCulture), cells.Length > 1 ? cells[1].Trim() : "");
                    foreach (var tag in cells.Skip(2))
                        parsed.Add(tag);
                    return parsed;
                }

                public void Add(string tag)
                {
                    if (!string.IsNullOrWhiteSpace(tag) && !_tags.Contains(tag))
                        _tags.Add(tag.Trim().ToLowerInvariant());
                }

                public bool Equals({{name}}? other) =>
                    other is not null && Id == other.Id && Title == other.Title && _tags.SequenceEqual(other._tags);

                public override bool Equals(object? obj) => Equals(obj as {{name}});

                public override int GetHashCode() => HashCode.Combine(Id, Title, _tags.Count);

                public override string ToString() =>
                    string.Create(CultureInfo.InvariantCulture, $"{Id};{Title};{string.Join(';', _tags)}");
            }

            """;
    }

    private string WriteHandler(int number)
    {
        var parts = Pick(below: Layers, 6).ToArray();
        var text = new StringBuilder(MemberTexts.Usings)
            .AppendLine("namespace Shop.Handlers;").AppendLine()
            .AppendLine($"public sealed partial class Handler{number}")
            .AppendLine("{");
        foreach (var (part, index) in parts.Select(static (part, index) => (part, index)))
            text.AppendLine($"    private readonly Shop.{part.Area}.{part.Name} _part{index} = new();");
        text.AppendLine().AppendLine(_members.WritePinned("HandleAsync", parts, withBlocking: number % 10 == 0)).AppendLine()
            .AppendLine(_members.WritePinned("AnswerAsync", parts, withBlocking: false)).AppendLine()
            .AppendLine(MemberTexts.HandlerHelpers).AppendLine("}");
        return text.ToString();
    }
}

internal enum MemberKind
{
    Number,
    Text,
    Async,
}

internal sealed record MemberPlan(string Name, MemberKind Kind);

internal sealed record ClassPlan(string Name, string Area, int Layer)
{
    public List<MemberPlan> Members { get; } = [];

    public List<ClassPlan> Dependencies { get; } = [];

    public string? BlockingMember { get; set; }
}
