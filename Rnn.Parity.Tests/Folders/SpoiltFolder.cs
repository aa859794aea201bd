using Rnn.Parity.Folders;

namespace Rnn.Parity.Tests.Folders;

/// <summary>A folder in the format of the fixtures that a test may spoil, with the example of fixtures/README.md.</summary>
internal sealed class SpoiltFolder
{
    public static string Fixtures => Path.Combine(AppContext.BaseDirectory, "fixtures");

    // A folder in which links and permissions may be changed, and in it the case.
    private readonly DirectoryInfo outside = Directory.CreateTempSubdirectory();

    public SpoiltFolder()
    {
        Directory.CreateDirectory(Case);
        var blocks = File.ReadAllText(Path.Combine(Fixtures, "README.md")).Split("```");
        var examples = blocks.Where(b => b.StartsWith("csv\n", StringComparison.Ordinal)).Select(b => b[4..]).ToList();
        File.WriteAllText(Keys, examples[0]);
        File.WriteAllText(Tensors, examples[1]);
    }

    public string Case => Path.Combine(outside.FullName, "case");

    public string Keys => Path.Combine(Case, "case.csv");

    public string Tensors => Path.Combine(Case, "tensors.csv");

    public CaseFolder Read() => CaseFolder.Read(Case);

    /// <summary>Replaces a text that stands in the file.</summary>
    public static void Edit(string path, string old, string changed)
    {
        var text = File.ReadAllText(path);
        if (!text.Contains(old, StringComparison.Ordinal))
            throw new ArgumentException($"{path} has no {old}");
        File.WriteAllText(path, text.Replace(old, changed, StringComparison.Ordinal));
    }

    public void Delete() => outside.Delete(recursive: true);
}
