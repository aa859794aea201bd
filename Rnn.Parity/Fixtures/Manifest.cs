using System.Globalization;
using System.Security.Cryptography;
using CsvHelper;

namespace Rnn.Parity.Fixtures;

/// <summary>fixtures/manifest.csv: every fixture file with its SHA-256 and where it comes from.</summary>
public static class Manifest
{
    private const string FileName = "manifest.csv";

    /// <summary>Compares a folder of fixtures with its manifest.</summary>
    /// <param name="folder">The folder with manifest.csv.</param>
    /// <returns>One sentence for each file that is missing, changed or not listed; none if all is well.</returns>
    /// <exception cref="FileNotFoundException">There is no manifest.</exception>
    public static IReadOnlyList<string> Check(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new FileNotFoundException($"fixtures/{FileName} is missing: restore it from the repository");
        using var reader = new StreamReader(path);
        using var csv = new CsvReader(reader, CultureInfo.InvariantCulture);
        var rows = csv.GetRecords<Row>().ToList();
        var listed = rows.Select(r => r.file).Append(FileName).ToHashSet();
        var unlisted = Directory
            .EnumerateFiles(folder, "*.csv", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/'))
            .Where(f => !listed.Contains(f))
            .Order(StringComparer.Ordinal)
            .Select(f => $"fixtures/{f} is not listed in fixtures/{FileName}");
        return [.. rows.Select(r => Check(folder, r)).OfType<string>(), .. unlisted];
    }

    private static string? Check(string folder, Row row)
    {
        var path = Path.Combine(folder, row.file);
        if (!File.Exists(path))
            return $"fixtures/{row.file} is missing: {row.origin}";
        var found = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
        return found == row.sha256
            ? null
            : $"fixtures/{row.file} has changed, its SHA-256 is {found} and {row.sha256} is expected: {row.origin}";
    }

    private sealed record Row(string file, string sha256, string origin);
}
