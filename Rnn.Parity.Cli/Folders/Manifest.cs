using System.Security.Cryptography;

namespace Rnn.Parity.Folders;

/// <summary>fixtures/manifest.csv: every fixture file with its SHA-256, what made it, on what, and when.</summary>
internal static class Manifest
{
    public const string FileName = "manifest.csv";

    /// <summary>What one folder testifies to its own making: the keys engine, engine_version, device, blas and script.</summary>
    public const string Environment = "environment.csv";

    internal static readonly string[] Columns = "file,sha256,script,engine,engine_version,device,blas,date".Split(',');

    /// <summary>Compares a folder of fixtures with its manifest.</summary>
    public static IReadOnlyList<string> Check(string folder)
    {
        var rows = Read(folder);
        var unlisted = FilesOf(folder)
            .Except(rows.Select(r => r[0]))
            .Select(f => $"fixtures/{f} is not listed in fixtures/{FileName}");
        return [.. rows.Select(r => Check(folder, r[0], r[1], script: r[2])).OfType<string>(), .. unlisted];
    }

    /// <summary>The rows of a folder's manifest, each with the fields of its columns.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Read(string folder)
    {
        var file = new FixtureFile(Path.Combine(folder, FileName), Columns);
        var (rows, listed) = (new List<string[]>(), new HashSet<string>());
        foreach (var (row, fields) in file.Read())
        {
            if (!Inside.Of(folder, Path.Combine(folder, fields[0])))
                throw file.Refuse(row, $"{fields[0]} lies outside the folder of the fixtures");
            if (!listed.Add(fields[0]))
                throw file.Refuse(row, $"{fields[0]} is there twice");
            rows.Add(fields);
        }
        return rows;
    }

    public static Dictionary<string, string> Keys(string path) =>
        new FixtureFile(path, "key", "value").Read().ToDictionary(r => r.fields[0], r => r.fields[1]);

    /// <summary>The CSV files of a folder but for the manifest, sorted, with slashes.</summary>
    public static IReadOnlyList<string> FilesOf(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*.csv", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/'))
                .Where(f => f != FileName)
                .Order(StringComparer.Ordinal),
        ];

    public static string Sha256(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    private static string? Check(string folder, string file, string sha256, string script)
    {
        var path = Path.Combine(folder, file);
        var found = File.Exists(path) ? Sha256(path) : null;
        var origin =
            script.Length == 0
                ? "it was transcribed by hand; restore it from the repository"
                : $"{script} makes it; restore it from the repository, or see scripts/regenerate-fixtures.sh";
        return found == sha256 ? null
            : found is null ? $"fixtures/{file} is missing: {origin}"
            : $"fixtures/{file} has changed, its SHA-256 is {found} and {sha256} is expected: {origin}";
    }
}
