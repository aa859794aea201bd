using System.Security.Cryptography;

namespace Rnn.Parity.Folders;

/// <summary>fixtures/manifest.csv: every fixture file with its SHA-256, what made it, on what, and when.</summary>
public static class Manifest
{
    /// <summary>Its name in the folder of the fixtures.</summary>
    public const string FileName = "manifest.csv";

    /// <summary>What one folder testifies to its own making: the keys engine, engine_version, device, blas and script.</summary>
    public const string Environment = "environment.csv";

    private static readonly string[] columns =
    [
        "file",
        "sha256",
        "script",
        "engine",
        "engine_version",
        "device",
        "blas",
        "date",
    ];

    /// <summary>Compares a folder of fixtures with its manifest.</summary>
    /// <param name="folder">The folder with manifest.csv.</param>
    /// <returns>One sentence for each file that is missing, changed or not listed; none if all is well.</returns>
    /// <exception cref="FileNotFoundException">There is no manifest.</exception>
    /// <exception cref="FixtureException">The manifest is no manifest, or lists a file outside the folder.</exception>
    public static IReadOnlyList<string> Check(string folder)
    {
        if (!File.Exists(Path.Combine(folder, FileName)))
            throw new FileNotFoundException($"fixtures/{FileName} is missing: restore it from the repository");
        var rows = Read(folder);
        var listed = rows.Select(r => r.File).ToHashSet();
        var unlisted = FilesOf(folder)
            .Where(f => !listed.Contains(f))
            .Select(f => $"fixtures/{f} is not listed in fixtures/{FileName}");
        return [.. rows.Select(r => Check(folder, r)).OfType<string>(), .. unlisted];
    }

    /// <summary>The rows of a folder's manifest.</summary>
    /// <exception cref="FixtureException">The manifest is no manifest, or lists a file outside the folder.</exception>
    public static IReadOnlyList<ManifestRow> Read(string folder)
    {
        var file = new FixtureFile(Path.Combine(folder, FileName), columns);
        var inside = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        var rows = new List<ManifestRow>();
        foreach (var (row, f) in file.Read())
        {
            if (!Path.GetFullPath(Path.Combine(folder, f[0])).StartsWith(inside, StringComparison.Ordinal))
                throw file.Refuse(row, $"{f[0]} lies outside the folder of the fixtures");
            if (rows.Exists(r => r.File == f[0]))
                throw file.Refuse(row, $"{f[0]} is there twice");
            rows.Add(new ManifestRow(f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7]));
        }
        return rows;
    }

    /// <summary>Reads a file of keys and values.</summary>
    public static Dictionary<string, string> Keys(string path) =>
        new FixtureFile(path, "key", "value").Read().ToDictionary(r => r.fields[0], r => r.fields[1]);

    /// <summary>Writes a folder's manifest.</summary>
    public static void Write(string folder, IEnumerable<ManifestRow> rows) =>
        new FixtureFile(Path.Combine(folder, FileName), columns).Write(
            rows.Select(r => new[] { r.File, r.Sha256, r.Script, r.Engine, r.EngineVersion, r.Device, r.Blas, r.Date })
        );

    /// <summary>The CSV files of a folder but for the manifest, sorted, with slashes.</summary>
    public static IReadOnlyList<string> FilesOf(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*.csv", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/'))
                .Where(f => f != FileName)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The SHA-256 of a file, in hexadecimal.</summary>
    public static string Sha256(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    private static string? Check(string folder, ManifestRow row)
    {
        var path = Path.Combine(folder, row.File);
        if (!File.Exists(path))
            return $"fixtures/{row.File} is missing: {row.Origin}";
        var found = Sha256(path);
        return found == row.Sha256
            ? null
            : $"fixtures/{row.File} has changed, its SHA-256 is {found} and {row.Sha256} is expected: {row.Origin}";
    }
}

/// <summary>A file of the fixtures.</summary>
/// <param name="File">Its path in the folder of the fixtures, with slashes.</param>
/// <param name="Sha256">In hexadecimal.</param>
/// <param name="Script">What makes it; empty for what was transcribed by hand.</param>
/// <param name="Engine">The engine that computed it.</param>
/// <param name="EngineVersion">Its version.</param>
/// <param name="Device">Where it ran.</param>
/// <param name="Blas">Its BLAS, where known.</param>
/// <param name="Date">The day of the run that gave these bytes.</param>
public sealed record ManifestRow(
    string File,
    string Sha256,
    string Script,
    string Engine,
    string EngineVersion,
    string Device,
    string Blas,
    string Date
)
{
    /// <summary>Where the file comes from, for messages.</summary>
    public string Origin =>
        Script.Length == 0
            ? "it was transcribed by hand; restore it from the repository"
            : $"{Script} makes it; restore it from the repository, or see scripts/regenerate-fixtures.sh";
}
