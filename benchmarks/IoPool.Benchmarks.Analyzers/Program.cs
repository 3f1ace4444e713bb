using System.Globalization;
using IoPool.Benchmarks.Analyzers;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var isQuick = args.Contains("--quick");
var solution = new Solution(Number("--files", isQuick ? 200 : 2_000), args.Contains("--parallel"));
if (Text("--write") is { } folder)
{
    foreach (var tree in solution.Parse().SyntaxTrees)
    {
        var path = Path.Combine(folder, tree.FilePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, tree.ToString());
    }

    return 0;
}

AnalyzerSet[] sets = [AnalyzerSet.Ours(), AnalyzerSet.Nothing(), .. args.Contains("--ours") ? [] : AnalyzerSet.Others()];
var report = new Report(Console.Out, solution, sets);
await report.RunAsync(Number("--rounds", isQuick ? 1 : 5), Number("--keystrokes", isQuick ? 3 : 21));
return 0;

int Number(string name, int otherwise) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

string? Text(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
