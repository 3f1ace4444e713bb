using System;
using System.IO;
using IoPool.Catalogue;

var facts = FactFiles.Read(Path.Combine(FactFiles.Folder, "catalogue", "facts"));
try
{
    var target = Path.Combine(FactFiles.Folder, "IoPool.Analyzers", "Catalogue", "blocking.tsv");
    var text = ShippedFile.Write(facts);
    File.WriteAllText(target, text);
    Console.WriteLine($"{facts.Blocking.Count} facts, {facts.Exemptions.Count} exemptions: {text.Length} characters.");
    return 0;
}
catch (FactException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
